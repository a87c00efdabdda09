#pragma once
#include <filesystem>
#include <string>

#include "base/result.h"

namespace orakgarak::media {

/// An open file; closes itself.
class OwnedFd {
 public:
  OwnedFd() = default;
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(other.release()) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept;
  ~OwnedFd();

  int get() const { return fd_; }
  int release();
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// Opens for reading, without waiting on a pipe and without touching a device. Errors as decode() lists them.
Result<OwnedFd> open_input(const std::filesystem::path& file, std::uint64_t most_bytes);

/// The same checks for a file that is open already.
Result<void> check_input(int fd, const std::string& name, std::uint64_t most_bytes);

}  // namespace orakgarak::media
