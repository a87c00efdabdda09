#include "uploads/temp_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace orakgarak::uploads {
namespace {

std::unexpected<Error> of_errno(int fault, std::string_view doing) {
  if (fault == ENOSPC || fault == EDQUOT)
    return fail(ErrorKind::retry, "disk_full",
                "the disk for objects on their way is full; make room there, or name another with TMPDIR");
  return fail(ErrorKind::retry, "objects_unavailable",
              fmt::format("{} a file for an object on its way: {}", doing, std::strerror(fault)));
}

std::string folder() {
  const char* named = std::getenv("TMPDIR");
  if (named != nullptr && *named != '\0') return named;
  return ::access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp";
}

/// For file systems that know no files without a name.
int named_and_removed(const std::string& where) {
  std::string name = where + "/orakgarak-XXXXXX";
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd >= 0) ::unlink(name.c_str());
  return fd;
}

}  // namespace

Result<TempFile> TempFile::make() {
  const std::string where = folder();
  int fd = ::open(where.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) fd = named_and_removed(where);
  if (fd < 0) return of_errno(errno, "making");
  return TempFile(OpenFile(fd));
}

Result<void> TempFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return of_errno(errno, "writing");
    size_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> TempFile::clear() {
  if (::ftruncate(fd(), 0) != 0) return of_errno(errno, "emptying");
  size_ = 0;
  return {};
}

Result<OpenFile> TempFile::open() && {
  if (::lseek(fd(), 0, SEEK_SET) != 0) return of_errno(errno, "reading");
  return std::move(file_);
}

}  // namespace orakgarak::uploads
