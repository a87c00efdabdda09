#pragma once
// Threads that do the work on uploads, and what is done again and again.
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "uploads/worker.h"

namespace orakgarak::events {

struct WorkersOptions {
  int threads = 1;
  std::vector<uploads::Stage> stages{uploads::every_stage.begin(), uploads::every_stage.end()};
  /// Between looks that nobody asked for, ± 20 %: for leases that have ended and wake-ups that were lost.
  std::chrono::milliseconds look_every{5000};
  std::function<void(const Error&)> complain = {};  ///< of the store, once until a look succeeds
  std::function<void(uploads::Ran)> ran = {};       ///< after every job; may be empty
};

class Workers {
 public:
  virtual ~Workers() = default;  ///< as stop() with no time
  /// A job was asked for: one idle thread looks now. Safe from any thread, never blocks.
  virtual void wake() = 0;
  /// One job of this stage was asked for: waits for a free thread, has it do the first that is due, and
  /// returns when that has come to its end, or at once where none is due. False where nobody looked: the
  /// store was away, or stop() was called. What runs in this way and what wake() and the looks start are
  /// `threads` at most together.
  virtual bool work(uploads::Stage) = 0;
  /// Claims nothing any more and lets running jobs come to their end; those that have not by the deadline are
  /// told to stop and given back, to be claimed by whoever comes next. Gives whether all came to their end.
  virtual bool stop(std::chrono::milliseconds deadline) = 0;
};

/// Starts at once. worker: as for uploads::run_one; its `stopping` and `pause` are set here.
std::unique_ptr<Workers> start_workers(uploads::Worker worker, WorkersOptions options);

/// Calls `work` now and then every `interval` ± 10 %, in a thread of its own, until it goes.
class Periodic {
 public:
  virtual ~Periodic() = default;
};
std::unique_ptr<Periodic> start_periodic(std::chrono::milliseconds interval, std::function<void()> work);

}  // namespace orakgarak::events
