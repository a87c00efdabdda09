#pragma once
// Bytes on their way from one place to another: a file that has no name and goes with its last descriptor, so
// that memory does not grow with objects, and a killed process leaves nothing.
#include <cstdint>
#include <span>

#include "base/result.h"
#include "uploads/objects.h"

namespace orakgarak::uploads {

class TempFile {
 public:
  /// In TMPDIR; else in /var/tmp, which is a disk where /tmp may be memory.
  /// Errors: retry "disk_full", "objects_unavailable".
  static Result<TempFile> make();

  int fd() const { return file_.fd(); }
  std::uint64_t size() const { return size_; }
  /// At its end. Errors: as of make().
  Result<void> write(std::span<const std::byte> bytes);
  /// Empty again. Errors: as of make().
  Result<void> clear();
  /// The file, to be read from its start. Errors: as of make().
  Result<OpenFile> open() &&;

 private:
  explicit TempFile(OpenFile file) : file_(std::move(file)) {}
  OpenFile file_;
  std::uint64_t size_ = 0;
};

}  // namespace orakgarak::uploads
