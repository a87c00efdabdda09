#pragma once
// What holds even if FFmpeg can be made to run foreign code: no other file, no network, no other program,
// no more memory and time than granted.
#include <sys/types.h>

#include <cstdint>
#include <expected>

namespace orakgarak::media {

struct SandboxLimits {
  std::uint64_t memory_bytes;  ///< address space
  unsigned cpu_seconds;        ///< then SIGXCPU
};

/// Locks this process in for good; to be called before the first byte of input is read, with one thread.
/// Afterwards it may read descriptor 0 (pread), write descriptor 1 and ask for memory. Looking for a file by
/// name fails with EACCES, since libraries do so innocently; every other system call kills the process
/// (SIGSYS). Root becomes nobody, without capabilities. It dies with `parent`.
/// The error is an errno: nothing must be decoded then.
std::expected<void, int> enter_sandbox(const SandboxLimits& limits, pid_t parent);

}  // namespace orakgarak::media
