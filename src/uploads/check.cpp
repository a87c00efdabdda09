#include "uploads/check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "uploads/sha256.h"

namespace orakgarak::uploads {
namespace {

constexpr std::size_t block = std::size_t{256} << 10;

struct Signature {
  std::size_t at;
  std::string_view bytes;
};

bool has(std::span<const std::byte> data, Signature s) {
  return data.size() >= s.at + s.bytes.size() &&
         std::ranges::equal(data.subspan(s.at, s.bytes.size()), s.bytes, {},
                            [](std::byte b) { return static_cast<char>(b); });
}

bool is_mp3_frame(std::span<const std::byte> data) {  // and ADTS, whose layer bits are 0
  return data.size() >= 2 && data[0] == std::byte{0xFF} && (data[1] & std::byte{0xE0}) == std::byte{0xE0};
}

struct Seen {
  std::uint64_t size = 0;
  std::string sha256;
  std::vector<std::byte> first;
};

Result<Seen> read_whole(int fd, const StillOurs& still_ours) {
  Seen seen;
  Sha256 hash;
  std::vector<std::byte> buffer(block);
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return fail(ErrorKind::retry, "objects_unavailable",
                  "the object could not be read; it will be tried again");
    if (got == 0) break;
    if (!still_ours()) return fail(ErrorKind::conflict, "job_lost", "another worker has taken this over");
    const auto part = std::span(buffer).first(static_cast<std::size_t>(got));
    hash.add(part);
    const auto wanted = std::min(part.size(), sniffed_bytes - seen.first.size());
    seen.first.insert(seen.first.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(wanted));
    seen.size += part.size();
  }
  seen.sha256 = to_hex(hash.finish());
  return seen;
}

bool is_lost(const Error& error) { return error.code == "job_lost"; }

}  // namespace

bool looks_like(Medium medium, std::span<const std::byte> data) {
  if (medium == Medium::image)
    return has(data, {0, "\x89PNG\r\n\x1a\n"}) || has(data, {0, "\xFF\xD8\xFF"}) ||
           (has(data, {0, "RIFF"}) && has(data, {8, "WEBP"}));
  return (has(data, {0, "RIFF"}) && has(data, {8, "WAVE"})) ||
         (has(data, {0, "RF64"}) && has(data, {8, "WAVE"})) ||
         (has(data, {0, "FORM"}) && has(data, {8, "AIF"})) || has(data, {0, "caff"}) ||
         has(data, {0, "fLaC"}) || has(data, {0, "OggS"}) || has(data, {0, "\x1A\x45\xDF\xA3"}) ||
         has(data, {4, "ftyp"}) || has(data, {0, "ID3"}) || is_mp3_frame(data);
}

Result<Effect> check_object(ObjectStore& objects, const Upload& upload, const StillOurs& still_ours) {
  const auto facts = objects.head(upload.object_key);
  if (!facts && facts.error().kind == ErrorKind::not_found)
    return fail(ErrorKind::retry, "not_arrived", "the file has not arrived yet");
  if (!facts) return std::unexpected(facts.error());
  const auto file = objects.open(upload.object_key, facts->version, still_ours);
  if (!file && file.error().kind != ErrorKind::retry &&
      !is_lost(file.error()))  // replaced or removed this moment
    return fail(ErrorKind::retry, "not_arrived", "the file was replaced while it was looked at");
  if (!file) return std::unexpected(file.error());
  const auto seen = read_whole(file->fd(), still_ours);
  if (!seen) return std::unexpected(seen.error());
  const Declared& declared = upload.declared;
  if (seen->size != declared.size)
    return rejected("wrong_size", fmt::format("{} bytes were announced and {} came; send the file again",
                                              declared.size, seen->size));
  if (seen->sha256 != declared.sha256)
    return rejected("wrong_checksum",
                    "the bytes that came are not those that were announced; send the file again");
  if (!looks_like(medium_of(upload.kind), seen->first))
    return rejected("wrong_type",
                    medium_of(upload.kind) == Medium::audio
                        ? "this is no recording that can be read; send WAV, FLAC, MP3, M4A, Ogg, Opus or WebM"
                        : "this is no picture that can be read; send PNG, JPEG or WebP");
  return Effect{.object_version = facts->version, .report = {}};
}

Result<OpenFile> open_checked(ObjectStore& objects, const Upload& upload, const StillOurs& still_ours) {
  const auto replaced = [] {
    return rejected("object_replaced",
                    "the file was replaced or removed after it was checked; send it again");
  };
  auto checked = objects.open(upload.object_key, upload.object_version, still_ours);
  if (checked || checked.error().kind == ErrorKind::retry || is_lost(checked.error())) return checked;
  const auto facts = objects.head(upload.object_key);
  if (!facts && facts.error().kind == ErrorKind::retry) return std::unexpected(facts.error());
  if (!facts || facts->size != upload.declared.size) return replaced();
  auto file = objects.open(upload.object_key, facts->version, still_ours);
  if (!file && (file.error().kind == ErrorKind::retry || is_lost(file.error()))) return file;
  if (!file) return replaced();
  const auto seen = read_whole(file->fd(), still_ours);
  if (!seen) return std::unexpected(seen.error());
  if (seen->sha256 != upload.declared.sha256) return replaced();
  return file;
}

}  // namespace orakgarak::uploads
