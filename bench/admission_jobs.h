#pragma once
// What the benchmark of admission does: jobs, the memory that they hold, and what all processes write down.
#include <semaphore.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "uploads/admission.h"

namespace orakgarak::bench {

struct Job {
  double take = 0;  ///< seconds that somebody sang
  uploads::Priority priority = uploads::Priority::live;
  double arrives = 0;  ///< s after the start
  double truth = 1;    ///< what it needs, as a part of what is estimated
};

/// One that is done: s after the start.
struct Doing {
  Job job;
  std::atomic<bool> claimed = false;
  std::atomic<double> entered = -1, ended = 0;
};

/// Seen by all processes.
struct Shared {
  static constexpr std::size_t most_jobs = 1024;

  std::array<Doing, most_jobs> jobs;
  std::size_t count = 0;
  std::uint64_t limit = 0;                          ///< of the device's bytes
  std::atomic<std::uint64_t> in_use = 0, most = 0;  ///< of them
  std::atomic<double> byte_seconds = 0;
  std::atomic<int> done = 0, failed = 0, retried = 0;
  std::atomic<std::size_t> next = 0;
  sem_t two;
  std::chrono::steady_clock::time_point began;

  double seconds() const;
  /// The first live job that has come, or else a batch one, or else one that has yet to come (then waits for
  /// it). Nothing where none is left. until > 0: one after the other and from the first again, until then.
  Doing* claim(double until);
  void enters(Doing&) const;
  /// Of the device. take: throws std::bad_alloc over the limit.
  void take(std::uint64_t bytes);
  void give_back(std::uint64_t bytes) { in_use -= bytes; }
  double last_end() const;
  std::vector<double> waits(uploads::Priority) const;  ///< s, sorted
};

/// How a kind of job is done.
class Work {
 public:
  virtual ~Work() = default;
  virtual std::vector<std::uint64_t> sizes(const Job&) const = 0;  ///< estimated, usual one first
  /// In this size; gives the peak. Throws std::bad_alloc.
  virtual std::uint64_t run(const Job&, std::size_t size, Shared&) const = 0;
};

/// A device that scales memory with the take, in whole, half and quarter tiles, and takes 1 s for 400 of it.
/// Estimates are a fifth too low until they are corrected, and off by a tenth either way in each job.
std::unique_ptr<Work> simulated_device();
/// The voice core on a singer at 48 kHz.
std::unique_ptr<Work> voice_core();

/// As many as need so many bytes together: of 5 s to 20 min, evenly by the logarithm; every other one live.
std::vector<Job> mixed_jobs(const Work&, std::uint64_t bytes);

struct Unmap {
  void operator()(Shared*) const;
};
/// In memory that forked processes share.
std::unique_ptr<Shared, Unmap> share(const std::vector<Job>&, std::uint64_t limit);

}  // namespace orakgarak::bench
