#include "media/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace orakgarak::media {
namespace {

std::unexpected<Error> not_found(const std::string& name) {
  struct stat info{};
  if (::lstat(name.c_str(), &info) == 0 && S_ISLNK(info.st_mode))
    return fail(ErrorKind::not_found, "not_found",
                fmt::format("{}: a link to a file that is not there; check where it points.", name));
  if (name == "-")
    return fail(
        ErrorKind::not_found, "not_found",
        fmt::format("{}: no such file; standard input is not heard, so save the recording to a file and "
                    "give its name.",
                    name));
  return fail(ErrorKind::not_found, "not_found", fmt::format("{}: no such file; check the name.", name));
}

std::unexpected<Error> cannot_open(const std::string& name, int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return not_found(name);
    case ENAMETOOLONG:
      return fail(ErrorKind::not_found, "not_found",
                  fmt::format("{}: no file can have so long a name; check the name.", name));
    case EACCES:
    case EPERM:
      return rejected("no_permission",
                      fmt::format("{}: you may not read this file; change its permissions.", name));
    case ENXIO:  // a socket
      return rejected("not_a_file",
                      fmt::format("{}: not a regular file; give the name of a recording.", name));
    default:
      return rejected(
          "unreadable_file",
          fmt::format("{}: cannot be opened ({}); check the path and the disk.", name, std::strerror(error)));
  }
}

}  // namespace

OwnedFd& OwnedFd::operator=(OwnedFd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

OwnedFd::~OwnedFd() {
  if (fd_ >= 0) ::close(fd_);
}

int OwnedFd::release() { return std::exchange(fd_, -1); }

Result<OwnedFd> open_input(const std::filesystem::path& file, std::uint64_t most_bytes) {
  // O_NONBLOCK: opening a named pipe must not wait for its writer.
  OwnedFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return cannot_open(file.string(), errno);
  if (auto checked = check_input(fd.get(), file.string(), most_bytes); !checked)
    return std::unexpected(std::move(checked.error()));
  return fd;
}

Result<void> check_input(int fd, const std::string& name, std::uint64_t most_bytes) {
  struct stat info{};
  if (::fstat(fd, &info) != 0) return cannot_open(name, errno);
  if (S_ISDIR(info.st_mode))
    return rejected("is_directory", fmt::format("{}: a directory; give the name of one recording.", name));
  if (!S_ISREG(info.st_mode))
    return rejected(
        "not_a_file",
        fmt::format("{}: a pipe or a device; save the recording to a file and give its name.", name));
  const auto bytes = static_cast<std::uint64_t>(info.st_size);
  if (bytes == 0) return rejected("empty_file", fmt::format("{}: the file is empty; record again.", name));
  if (bytes > most_bytes)
    return rejected(
        "file_too_large",
        fmt::format("{}: {:.1f} MiB, and the limit is {:.1f} MiB; cut or compress it.", name,
                    static_cast<double>(bytes) / 1048576, static_cast<double>(most_bytes) / 1048576));
  return {};
}

}  // namespace orakgarak::media
