#include "storage/local_objects/parts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>

#include "base/id.h"
#include "storage/object_key.h"

namespace orakgarak::storage {
namespace {

namespace fs = std::filesystem;
using uploads::Digest;
using uploads::ObjectFacts;
using uploads::OpenFile;
using uploads::OpenMultipart;
using uploads::StoredPart;

constexpr std::size_t digest_bytes = std::tuple_size_v<Digest>;

std::unexpected<Error> no_such_multipart() {
  return fail(ErrorKind::not_found, "no_such_multipart", "there is no such multipart upload");
}

/// The small file at `path`; nothing where there is none.
Result<std::optional<std::string>> read_small(const fs::path& path) {
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd() < 0 && errno == ENOENT) return std::nullopt;
  std::string text(256, '\0');
  const ssize_t got = file.fd() < 0 ? -1 : ::read(file.fd(), text.data(), text.size());
  if (got < 0) return of_errno(errno, "reading of a multipart upload");
  text.resize(static_cast<std::size_t>(got));
  return text;
}

/// A multipart upload that nobody else changes while this lives.
struct Held {
  fs::path folder;
  OpenFile lock;
  std::optional<std::string> done;  ///< version of the object that was made of it
};

Result<Held> hold(const Folder& folder, const std::string& key, const std::string& id) {
  if (!is_key(key)) return bad_key();
  if (!is_uuid(id)) return no_such_multipart();
  const fs::path here = folder.parts / id;
  OpenFile lock(::open((here / "upload").c_str(), O_RDONLY | O_CLOEXEC));
  while (lock.fd() >= 0 && ::flock(lock.fd(), LOCK_EX) != 0)
    if (errno != EINTR) return of_errno(errno, "locking a multipart upload");
  const auto of = read_small(here / "upload");  // thrown away while we waited: not there any more
  if (!of) return std::unexpected(of.error());
  if (lock.fd() < 0 || *of != key) return no_such_multipart();
  auto done = read_small(here / "done");
  if (!done) return std::unexpected(std::move(done.error()));
  return Held{here, std::move(lock), *std::move(done)};
}

fs::path part_file(const fs::path& folder, int number) { return folder / fmt::format("{:05}", number); }

/// 1 to most_parts; 0 for a file that is no part.
int part_number(const std::string& name) {
  int number = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), number);
  return name.size() == 5 && fault == std::errc{} && end == name.data() + name.size() ? number : 0;
}

struct OpenPart {
  OpenFile file;
  StoredPart facts;
};

Result<OpenPart> open_part(const fs::path& folder, int number) {
  OpenFile file(::open(part_file(folder, number).c_str(), O_RDONLY | O_CLOEXEC));
  struct stat seen{};
  Digest digest{};
  if (file.fd() < 0 || ::fstat(file.fd(), &seen) != 0) return of_errno(errno, "opening a part");
  const auto size = seen.st_size - static_cast<off_t>(digest_bytes);
  if (size < 0 || ::pread(file.fd(), digest.data(), digest_bytes, size) != static_cast<ssize_t>(digest_bytes))
    return fail(ErrorKind::retry, "objects_unavailable", "a part could not be read");
  const std::string hex = uploads::to_hex(digest);
  return OpenPart{std::move(file), {number, static_cast<std::uint64_t>(size), hex, hex}};
}

Result<std::vector<StoredPart>> parts_in(const fs::path& folder) {
  std::vector<StoredPart> found;
  std::error_code fault;
  for (const auto& file : fs::directory_iterator(folder, fault))
    if (const int number = part_number(file.path().filename().string()); number > 0) {
      auto part = open_part(folder, number);
      if (!part) return std::unexpected(std::move(part.error()));
      found.push_back(std::move(part->facts));
    }
  if (fault) return of_errno(fault.value(), "listing parts");
  std::ranges::sort(found, {}, &StoredPart::number);
  return found;
}

/// copy_file_range shares blocks where the file system can; sendfile copies where it cannot at all.
ssize_t copy_some(int from, off_t& at, int to, std::size_t bytes) {
  const ssize_t copied = ::copy_file_range(from, &at, to, nullptr, bytes, 0);
  if (copied >= 0 || (errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP && errno != ENOSYS))
    return copied;
  return ::sendfile(to, from, &at, bytes);
}

Result<void> append(const OpenPart& part, int to) {
  const auto size = static_cast<off_t>(part.facts.size);
  for (off_t at = 0; at < size;) {
    const ssize_t copied = copy_some(part.file.fd(), at, to, static_cast<std::size_t>(size - at));
    if (copied < 0 && errno == EINTR) continue;
    if (copied < 0) return of_errno(errno, "putting parts together");
    if (copied == 0) return fail(ErrorKind::retry, "objects_unavailable", "a part could not be read");
  }
  return {};
}

Result<void> append_wanted(const fs::path& folder, const StoredPart& wanted, int to) {
  const auto part = open_part(folder, wanted.number);
  if (!part && part.error().kind == ErrorKind::not_found)
    return rejected("part_missing", fmt::format("part {} has not arrived; send it", wanted.number));
  if (!part) return std::unexpected(part.error());
  if (part->facts.size != wanted.size || part->facts.etag != wanted.etag)
    return rejected("part_changed",
                    fmt::format("part {} was sent again meanwhile; look again", wanted.number));
  return append(*part, to);
}

Result<void> write_small(const Folder& folder, const fs::path& path, const std::string& text) {
  auto half = HalfFile::make(folder);
  if (!half) return std::unexpected(std::move(half.error()));
  if (auto written = half->write(std::as_bytes(std::span(text))); !written) return written;
  if (auto flushed = half->flush(); !flushed) return std::unexpected(std::move(flushed.error()));
  return half->place(path);
}

/// What is left of a completed upload is `done`, so that completing it again finds what it was made into.
void remove_parts(const fs::path& folder) {
  const auto parts = parts_in(folder);
  if (!parts) return;
  for (const StoredPart& part : *parts) ::unlink(part_file(folder, part.number).c_str());
}

}  // namespace

Result<std::string> open_multipart(const Folder& folder, const std::string& key) {
  if (!is_key(key)) return bad_key();
  std::string id = new_uuid7(system_now());
  const fs::path half = folder.incoming / id;
  if (::mkdir(half.c_str(), 0700) != 0) return of_errno(errno, "opening a multipart upload");
  if (auto written = write_small(folder, half / "upload", key); !written)
    return std::unexpected(std::move(written.error()));
  if (::rename(half.c_str(), (folder.parts / id).c_str()) != 0)
    return of_errno(errno, "opening a multipart upload");
  if (auto flushed = flush_folder(folder.parts); !flushed) return std::unexpected(std::move(flushed.error()));
  return id;
}

Result<void> multipart_is_open(const Folder& folder, const std::string& key, const std::string& id) {
  const auto held = hold(folder, key, id);
  if (!held) return std::unexpected(held.error());
  if (held->done) return no_such_multipart();
  return {};
}

Result<void> put_part(const Folder& folder, const std::string& key, const std::string& id, int number,
                      HalfFile half, const Digest& digest) {
  if (auto written = half.write(digest); !written) return written;
  if (auto flushed = half.flush(); !flushed) return std::unexpected(std::move(flushed.error()));
  const auto held = hold(folder, key, id);
  if (!held) return std::unexpected(held.error());
  if (held->done) return no_such_multipart();
  return half.place(part_file(held->folder, number));
}

Result<std::vector<StoredPart>> stored_parts(const Folder& folder, const std::string& key,
                                             const std::string& id) {
  const auto held = hold(folder, key, id);
  if (!held) return std::unexpected(held.error());
  if (held->done) return no_such_multipart();
  return parts_in(held->folder);
}

Result<ObjectFacts> complete_multipart(const Folder& folder, const std::string& key, const std::string& id,
                                       std::span<const StoredPart> parts) {
  const auto held = hold(folder, key, id);
  if (!held) return std::unexpected(held.error());
  if (held->done) {  // whole, or killed just before the object showed: then the parts are still there
    auto facts = facts_of(folder.objects / key);
    if (facts && facts->version == *held->done) return facts;
    const auto left = parts_in(held->folder);
    if (!left) return std::unexpected(left.error());
    if (left->empty()) return no_such_multipart();
  }
  if (parts.empty()) return rejected("part_missing", "no part has arrived; send them");
  auto half = HalfFile::make(folder);
  if (!half) return std::unexpected(std::move(half.error()));
  for (const StoredPart& part : parts)
    if (auto joined = append_wanted(held->folder, part, half->fd()); !joined)
      return std::unexpected(std::move(joined.error()));
  auto facts = place_object(folder, key, *std::move(half), [&](const ObjectFacts& will_be) {
    return write_small(folder, held->folder / "done", will_be.version);
  });
  if (facts) remove_parts(held->folder);
  return facts;
}

Result<void> abort_multipart(const Folder& folder, const std::string& key, const std::string& id) {
  const auto held = hold(folder, key, id);
  if (!held && held.error().code == "no_such_multipart") return {};
  if (!held) return std::unexpected(held.error());
  const fs::path away =
      folder.incoming / new_uuid7(system_now());  // at once; removed there, or as half-written
  if (::rename(held->folder.c_str(), away.c_str()) != 0) return of_errno(errno, "ending a multipart upload");
  std::error_code fault;
  fs::remove_all(away, fault);
  if (fault) return of_errno(fault.value(), "ending a multipart upload");
  return {};
}

Result<std::vector<OpenMultipart>> list_multiparts(const Folder& folder,
                                                   const std::optional<OpenMultipart>& after,
                                                   std::size_t limit) {
  std::vector<OpenMultipart> found;
  std::error_code fault;
  for (const auto& entry : fs::directory_iterator(folder.parts, fault)) {
    const std::string id = entry.path().filename().string();
    struct stat file{};
    if ((after && id <= after->id) || ::stat((entry.path() / "upload").c_str(), &file) != 0) continue;
    found.push_back({{}, id, Time(std::chrono::seconds(file.st_mtim.tv_sec))});
  }
  if (fault) return of_errno(fault.value(), "listing multipart uploads");
  std::ranges::sort(found, {}, &OpenMultipart::id);
  if (found.size() > limit) found.resize(limit);
  for (OpenMultipart& multipart : found)
    if (auto key = read_small(folder.parts / multipart.id / "upload"); key && *key)
      multipart.key = **std::move(key);
  std::erase_if(found,
                [](const OpenMultipart& multipart) { return multipart.key.empty(); });  // gone meanwhile
  return found;
}

}  // namespace orakgarak::storage
