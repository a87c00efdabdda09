#include "storage/local_objects/objects.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/id.h"

namespace orakgarak::storage {
namespace {

namespace fs = std::filesystem;
using uploads::ByteSink;
using uploads::ListedObject;
using uploads::ObjectFacts;
using uploads::OpenFile;

constexpr auto half_written_for = std::chrono::hours(24);

/// Letters, digits, '-', '_' and '.' in parts joined by '/'; no part begins with '.'. Anything else could
/// climb out.
bool is_key(std::string_view key) {
  if (key.empty() || key.size() > 255 || key.front() == '/' || key.back() == '/') return false;
  char before = '/';
  for (const char c : key) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!plain && c != '.' && c != '/') return false;
    if (before == '/' && (c == '/' || c == '.')) return false;
    before = c;
  }
  return true;
}

std::unexpected<Error> bad_key() { return rejected("bad_key", "this is no key of an object"); }

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

Result<void> write_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return of_errno(errno, "writing an object");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

/// So that a renamed file is found under its name after a loss of power.
Result<void> flush_folder(const fs::path& folder) {
  const OpenFile handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.fd() < 0 || ::fsync(handle.fd()) != 0) return of_errno(errno, "flushing a folder of objects");
  return {};
}

class LocalObjects final : public uploads::ObjectStore {
 public:
  explicit LocalObjects(const fs::path& folder)
      : objects_(folder / "objects"), incoming_(folder / "incoming") {}

  Result<void> prepare() {
    std::error_code fault;
    fs::create_directories(objects_, fault);
    if (!fault) fs::create_directories(incoming_, fault);
    if (fault || ::access(objects_.c_str(), W_OK) != 0 || ::access(incoming_.c_str(), W_OK) != 0)
      return rejected("not_writable", fmt::format("{} cannot be written; name another folder with --data",
                                                  objects_.parent_path().string()));
    for (const auto& file : fs::directory_iterator(incoming_, fault)) {
      const auto changed = fs::last_write_time(file, fault);
      if (!fault && changed < fs::file_time_type::clock::now() - half_written_for) fs::remove(file, fault);
    }
    return {};
  }

  Result<ObjectFacts> head(const std::string& key) override {
    if (!is_key(key)) return bad_key();
    struct stat file{};
    if (::stat(path_of(key).c_str(), &file) != 0) return of_errno(errno, "looking at an object");
    if (!S_ISREG(file.st_mode)) return of_errno(ENOENT, {});
    return ObjectFacts{static_cast<std::uint64_t>(file.st_size), version_of(file)};
  }

  Result<OpenFile> open(const std::string& key, const std::string& version) override {
    if (!is_key(key)) return bad_key();
    OpenFile handle(::open(path_of(key).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat file{};
    if (handle.fd() < 0 || ::fstat(handle.fd(), &file) != 0) return of_errno(errno, "opening an object");
    if (!S_ISREG(file.st_mode)) return of_errno(ENOENT, {});
    if (version_of(file) != version)
      return fail(ErrorKind::conflict, "object_changed", "other bytes have been put under this key");
    return handle;
  }

  Result<ObjectFacts> put(const std::string& key,
                          const std::function<Result<void>(const ByteSink&)>& write) override {
    if (!is_key(key)) return bad_key();
    const fs::path half = incoming_ / new_uuid7(system_now());
    auto facts = write_half(half, write);
    if (facts)
      if (auto placed = place(half, path_of(key)); !placed)
        facts = std::unexpected(std::move(placed.error()));
    if (!facts) ::unlink(half.c_str());
    return facts;
  }

  Result<void> remove(const std::string& key) override {
    if (!is_key(key)) return bad_key();
    if (::unlink(path_of(key).c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
      return of_errno(errno, "removing an object");
    return {};
  }

  Result<std::vector<ListedObject>> list(const std::string& prefix, const std::string& after,
                                         std::size_t limit) override {
    std::vector<ListedObject> found;
    std::error_code fault;
    for (fs::recursive_directory_iterator at(objects_, fault), end; !fault && at != end;
         at.increment(fault)) {
      std::string key = at->path().lexically_relative(objects_).string();
      struct stat file{};
      if (::lstat(at->path().c_str(), &file) != 0) continue;  // removed this moment
      if (S_ISDIR(file.st_mode)) {
        key += '/';
        if (!key.starts_with(prefix) && !prefix.starts_with(key)) at.disable_recursion_pending();
      } else if (key.starts_with(prefix) && key > after) {
        found.push_back({std::move(key), Time(std::chrono::seconds(file.st_mtim.tv_sec))});
      }
    }
    if (fault) return of_errno(fault.value(), "listing objects");
    std::ranges::sort(found, {}, &ListedObject::key);
    if (found.size() > limit) found.resize(limit);
    return found;
  }

 private:
  fs::path path_of(const std::string& key) const { return objects_ / key; }

  Result<ObjectFacts> write_half(const fs::path& half,
                                 const std::function<Result<void>(const ByteSink&)>& write) {
    const OpenFile handle(::open(half.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (handle.fd() < 0) return of_errno(errno, "making an object");
    if (auto written = write([&](std::span<const std::byte> bytes) { return write_all(handle.fd(), bytes); });
        !written)
      return std::unexpected(std::move(written.error()));
    struct stat file{};
    if (::fsync(handle.fd()) != 0 || ::fstat(handle.fd(), &file) != 0)
      return of_errno(errno, "flushing an object");
    return ObjectFacts{static_cast<std::uint64_t>(file.st_size), version_of(file)};
  }

  static Result<void> place(const fs::path& half, const fs::path& target) {
    std::error_code fault;
    fs::create_directories(target.parent_path(), fault);
    if (fault) return of_errno(fault.value(), "making a folder of objects");
    if (::rename(half.c_str(), target.c_str()) != 0) return of_errno(errno, "placing an object");
    return flush_folder(target.parent_path());
  }

  fs::path objects_, incoming_;
};

}  // namespace

Result<std::unique_ptr<uploads::ObjectStore>> open_local_objects(const fs::path& folder) {
  auto objects = std::make_unique<LocalObjects>(folder);
  if (auto prepared = objects->prepare(); !prepared) return std::unexpected(std::move(prepared.error()));
  return objects;
}

}  // namespace orakgarak::storage
