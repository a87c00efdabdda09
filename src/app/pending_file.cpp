#include "app/pending_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace orakgarak::app {
namespace {

auto not_writable(const std::filesystem::path& target, int fault) {
  std::error_code ignored;
  const auto folder = target.parent_path();
  if (fault == ENOENT && !folder.empty() && !std::filesystem::exists(folder, ignored))
    return rejected("not_writable", fmt::format("{} cannot be written: there is no folder {}; make it first",
                                                target.string(), folder.string()));
  return rejected("not_writable", fmt::format("{} cannot be written ({}); choose another path",
                                              target.string(), std::strerror(fault)));
}

/// What a new file gets: 0666 less the mask, which can only be read by setting it.
mode_t new_file_mode() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace

PendingFile::PendingFile(std::filesystem::path target, std::filesystem::path temporary, int fd)
    : target_(std::move(target)), temporary_(std::move(temporary)), fd_(fd) {}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::exchange(other.fd_, -1)) {}

PendingFile::~PendingFile() {
  if (fd_ >= 0) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Result<PendingFile> PendingFile::open(const std::filesystem::path& target) {
  struct stat found{};
  const bool exists = stat(target.c_str(), &found) == 0;
  if (exists && S_ISDIR(found.st_mode)) return not_writable(target, EISDIR);
  if (exists && access(target.c_str(), W_OK) != 0) return not_writable(target, errno);
  if (exists && !S_ISREG(found.st_mode)) {
    const int fd = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return not_writable(target, errno);
    return PendingFile(target, {}, fd);
  }
  std::error_code fault;
  // A link keeps pointing: what is replaced is the file behind it.
  auto real = exists ? std::filesystem::canonical(target, fault) : target;
  if (fault) real = target;
  std::string temporary = real.string() + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return not_writable(target, errno);
  fchmod(fd, exists ? found.st_mode & 0777 : new_file_mode());
  return PendingFile(real, temporary, fd);
}

Result<void> PendingFile::commit(std::string_view bytes) {
  const auto failed = [&] {
    return rejected("not_written",
                    fmt::format("{} could not be written: {}", target_.string(), std::strerror(errno)));
  };
  while (!bytes.empty()) {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed();
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (temporary_.empty()) return {};
  if (fsync(fd_) != 0 || rename(temporary_.c_str(), target_.c_str()) != 0) return failed();
  temporary_.clear();
  return {};
}

}  // namespace orakgarak::app
