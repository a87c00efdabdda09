#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/units.h"
#include "media/input_file.h"

namespace orakgarak::media {

/// How a child ended.
struct ChildExit {
  int status = 0;      ///< exit status; meaningless where `signal` is set
  int signal = 0;      ///< that killed it; 0 if it exited
  bool by_us = false;  ///< it still ran, so finish() killed it
};

/// A program with one input file, one output pipe and nothing else: no environment, no other descriptors,
/// every signal at its default; in a process group of its own, so that Ctrl-C at a terminal, which is meant
/// for us, does not end its work. Killed and reaped at the latest when this object goes.
class ChildProcess {
 public:
  /// arguments: without the program's own name. The error is an errno.
  static std::expected<ChildProcess, int> start(const std::filesystem::path& program,
                                                const std::vector<std::string>& arguments, int input_fd);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  pid_t pid() const { return pid_; }

  enum class ReadError { timed_out, failed };
  /// What the child wrote, 0 bytes at its end. patience: shortened by the time spent waiting.
  std::expected<std::size_t, ReadError> read(std::span<std::byte> to, Seconds& patience);

  /// The most memory that it has had resident, as far as the kernel says so: nothing of it once it has ended.
  std::uint64_t peak_bytes() const;

  /// Kills it if it still runs after `grace`, and reaps it. A child that had ended by itself keeps its own
  /// status.
  ChildExit finish(Seconds grace = Seconds(0));

 private:
  ChildProcess(pid_t pid, OwnedFd output);

  pid_t pid_ = -1;
  OwnedFd output_;
  OwnedFd status_;  ///< /proc/PID/status, opened before the child can hide it
};

}  // namespace orakgarak::media
