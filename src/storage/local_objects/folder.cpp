#include "storage/local_objects/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/id.h"

namespace orakgarak::storage {
namespace {

namespace fs = std::filesystem;
using uploads::ObjectFacts;
using uploads::OpenFile;

constexpr auto half_written_for = std::chrono::hours(24);
constexpr std::size_t compared_at_once = std::size_t{64} << 10;

void remove_old(const fs::path& incoming) {
  std::error_code fault;
  for (const auto& file : fs::directory_iterator(incoming, fault)) {
    const auto changed = fs::last_write_time(file, fault);
    if (!fault && changed < fs::file_time_type::clock::now() - half_written_for) fs::remove_all(file, fault);
  }
}

/// As many as there are, up to the size of `into`.
ssize_t read_at(int fd, std::span<std::byte> into, std::uint64_t at) {
  std::size_t got = 0;
  while (got < into.size()) {
    const ssize_t n = ::pread(fd, into.data() + got, into.size() - got, static_cast<off_t>(at + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return n;
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  return static_cast<ssize_t>(got);
}

bool same_bytes(int a, int b, std::uint64_t size) {
  const auto buffers = std::make_unique<std::array<std::array<std::byte, compared_at_once>, 2>>();
  for (std::uint64_t at = 0; at < size; at += compared_at_once) {
    const ssize_t one = read_at(a, (*buffers)[0], at), two = read_at(b, (*buffers)[1], at);
    if (one <= 0 || one != two ||
        std::memcmp((*buffers)[0].data(), (*buffers)[1].data(), static_cast<std::size_t>(one)) != 0)
      return false;
  }
  return true;
}

/// The facts of the file at `path` where it holds what `fd` holds.
std::optional<ObjectFacts> same_file(const fs::path& path, int fd, std::uint64_t size) {
  const OpenFile there(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat file{};
  if (there.fd() < 0 || ::fstat(there.fd(), &file) != 0 || !S_ISREG(file.st_mode) ||
      static_cast<std::uint64_t>(file.st_size) != size || !same_bytes(there.fd(), fd, size))
    return std::nullopt;
  return ObjectFacts{size, version_of(file)};
}

}  // namespace

Result<Folder> open_folder(const fs::path& folder) {
  Folder made{folder / "objects", folder / "incoming", folder / "parts", folder / "signing-key"};
  for (const fs::path& part : {made.objects, made.incoming, made.parts}) {
    std::error_code fault;
    fs::create_directories(part, fault);
    if (fault || ::access(part.c_str(), W_OK) != 0)
      return rejected("not_writable",
                      fmt::format("{} cannot be written; name another folder with --data", folder.string()));
  }
  remove_old(made.incoming);
  return made;
}

std::unexpected<Error> of_errno(int fault, std::string_view doing) {
  if (fault == ENOENT || fault == ENOTDIR)
    return fail(ErrorKind::not_found, "no_such_object", "there is no such object");
  if (fault == ENOSPC || fault == EDQUOT)
    return fail(ErrorKind::retry, "disk_full", "the disk for objects is full; make room");
  return fail(ErrorKind::retry, "objects_unavailable", fmt::format("{}: {}", doing, std::strerror(fault)));
}

std::string version_of(const struct stat& file) {
  return fmt::format("{:x}-{:x}-{:x}.{:x}", file.st_ino, file.st_size, file.st_mtim.tv_sec,
                     file.st_mtim.tv_nsec);
}

Result<ObjectFacts> facts_of(const fs::path& path) {
  struct stat file{};
  if (::stat(path.c_str(), &file) != 0) return of_errno(errno, "looking at an object");
  if (!S_ISREG(file.st_mode)) return of_errno(ENOENT, {});
  return ObjectFacts{static_cast<std::uint64_t>(file.st_size), version_of(file)};
}

Result<void> flush_folder(const fs::path& folder) {
  const OpenFile handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.fd() < 0 || ::fsync(handle.fd()) != 0) return of_errno(errno, "flushing a folder of objects");
  return {};
}

Result<HalfFile> HalfFile::make(const Folder& folder) {
  fs::path path = folder.incoming / new_uuid7(system_now());
  OpenFile file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.fd() < 0) return of_errno(errno, "making an object");
  return HalfFile(std::move(file), std::move(path));
}

HalfFile::~HalfFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Result<void> HalfFile::reserve(std::uint64_t bytes) {
  if (bytes > 0 && ::fallocate(fd(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) != 0 &&
      (errno == ENOSPC || errno == EDQUOT))
    return of_errno(errno, "making room for an object");
  return {};
}

Result<void> HalfFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return of_errno(errno, "writing an object");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<ObjectFacts> HalfFile::flush() {
  struct stat file{};
  if (::fsync(fd()) != 0 || ::fstat(fd(), &file) != 0) return of_errno(errno, "flushing an object");
  return ObjectFacts{static_cast<std::uint64_t>(file.st_size), version_of(file)};
}

Result<void> HalfFile::place(const fs::path& target) {
  if (::rename(path_.c_str(), target.c_str()) != 0) return of_errno(errno, "placing an object");
  path_.clear();
  return flush_folder(target.parent_path());
}

Result<void> HalfFile::place_first(const fs::path& target) {
  if (::link(path_.c_str(), target.c_str()) != 0 && errno != EEXIST)
    return of_errno(errno, "placing a file of the objects");
  return flush_folder(target.parent_path());
}

Result<void> place_at_key(const Folder& folder, const std::string& key, HalfFile& half) {
  const fs::path target = folder.objects / key;
  std::error_code fault;
  fs::create_directories(target.parent_path(), fault);
  if (fault) return of_errno(fault.value(), "making a folder of objects");
  return half.place(target);
}

Result<ObjectFacts> place_object(const Folder& folder, const std::string& key, HalfFile half,
                                 const std::function<Result<void>(const ObjectFacts&)>& before_it_shows) {
  auto facts = half.flush();
  if (!facts) return facts;
  const auto there = same_file(folder.objects / key, half.fd(), facts->size);
  if (there) facts = *there;
  if (before_it_shows)
    if (auto told = before_it_shows(*facts); !told) return std::unexpected(std::move(told.error()));
  if (!there)
    if (auto placed = place_at_key(folder, key, half); !placed)
      return std::unexpected(std::move(placed.error()));
  return facts;
}

}  // namespace orakgarak::storage
