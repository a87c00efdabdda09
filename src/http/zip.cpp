#include "http/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

namespace orakgarak::http {
namespace {

constexpr std::size_t at_once = 64U << 10;

}  // namespace

void Zip::Free::operator()(archive* of) const { archive_write_free(of); }

Result<Zip> Zip::make(Time now) {
  auto file = uploads::TempFile::make();
  if (!file) return std::unexpected(std::move(file.error()));
  return Zip(now, std::move(*file));
}

Zip::Zip(Time now, uploads::TempFile file)
    : now_(now), out_(std::make_unique<Out>(Out{std::move(file), {}})), writer_(archive_write_new()) {
  archive_write_set_format_zip(writer_.get());
  archive_write_zip_set_compression_store(writer_.get());
  archive_write_set_bytes_per_block(writer_.get(), 0);
  archive_write_open2(
      writer_.get(), out_.get(), nullptr,
      [](archive*, void* to, const void* bytes, std::size_t count) -> la_ssize_t {
        auto& out = *static_cast<Out*>(to);
        out.written = out.file.write(std::span(static_cast<const std::byte*>(bytes), count));
        return out.written ? static_cast<la_ssize_t>(count) : -1;
      },
      nullptr, nullptr);
}

/// Whatever the writer says is the file's fault: entries are well-formed.
Result<void> Zip::fault() const {
  if (!out_->written) return out_->written;
  const char* const said = archive_error_string(writer_.get());
  return fail(ErrorKind::retry, "disk_full", said ? said : "the zip could not be written");
}

Result<void> Zip::begin(const std::string& name, std::uint64_t size) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                       archive_entry_free);
  archive_entry_set_pathname_utf8(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(),
                          std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count(), 0);
  if (archive_write_header(writer_.get(), entry.get()) != ARCHIVE_OK) return fault();
  return {};
}

Result<void> Zip::write(const void* bytes, std::size_t count) {
  if (archive_write_data(writer_.get(), bytes, count) != static_cast<la_ssize_t>(count)) return fault();
  return {};
}

Result<void> Zip::add(const std::string& name, std::string_view text) {
  if (auto begun = begin(name, text.size()); !begun) return begun;
  return write(text.data(), text.size());
}

Result<void> Zip::add(const std::string& name, const uploads::OpenFile& file, std::uint64_t size) {
  if (auto begun = begin(name, size); !begun) return begun;
  std::array<char, at_once> part{};
  for (std::uint64_t at = 0; at < size;) {
    const auto got = ::pread(file.fd(), part.data(), std::min<std::uint64_t>(part.size(), size - at),
                             static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      return fail(ErrorKind::retry, "objects_unavailable", "a recording could not be read to its end");
    if (auto written = write(part.data(), static_cast<std::size_t>(got)); !written) return written;
    at += static_cast<std::uint64_t>(got);
  }
  return {};
}

Result<Zip::Finished> Zip::finish() && {
  if (archive_write_close(writer_.get()) != ARCHIVE_OK) return std::unexpected(fault().error());
  const auto size = out_->file.size();
  auto file = std::move(out_->file).open();
  if (!file) return std::unexpected(std::move(file.error()));
  return Finished{std::move(*file), size};
}

}  // namespace orakgarak::http
