#pragma once
#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace orakgarak::app {

/// A file that appears whole or not at all: opened early, so that a path that cannot be written is known
/// before the work; written under another name beside it and renamed. A target that is no regular file
/// (/dev/stdout, a pipe) is written directly.
class PendingFile {
 public:
  /// Errors: rejected "not_writable".
  static Result<PendingFile> open(const std::filesystem::path& target);
  PendingFile(PendingFile&&) noexcept;
  PendingFile& operator=(PendingFile&&) = delete;
  ~PendingFile();  ///< without commit() nothing is left

  /// Errors: rejected "not_written" (a full disk); the target is then as it was.
  Result<void> commit(std::string_view bytes);

 private:
  PendingFile(std::filesystem::path target, std::filesystem::path temporary, int fd);
  std::filesystem::path target_, temporary_;  ///< temporary_: empty where the target is written directly
  int fd_;
};

}  // namespace orakgarak::app
