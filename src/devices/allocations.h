#pragma once
// What a piece of work in this process has allocated at most. A program that links this file has operators
// new and delete that count, thread by thread, at the cost of a few nanoseconds each.
#include <cstdint>

namespace orakgarak::devices {

/// Counts what this thread allocates by operator new, from here on, less what it gives back. One at a time in
/// a thread.
class Allocations {
 public:
  Allocations();
  std::uint64_t peak_bytes() const;  ///< the highest since then; on the same thread

 private:
  std::int64_t before_;
};

}  // namespace orakgarak::devices
