#pragma once
// The work on uploads in one process: the threads that do it, the events that ask for it, and what is done
// every minute.
#include <chrono>
#include <functional>
#include <memory>

#include "app/settings.h"
#include "app/telling.h"

namespace orakgarak::app {

/// As many as were asked for, or else one a core.
int worker_threads(const RunOptions& options);

class Working {
 public:
  /// Everything runs when this returns. `telling`, `journal` and `meters` must outlive it. Errors: those of
  /// open_memory and of Events::subscribe.
  static Result<std::unique_ptr<Working>> start(Telling& telling, const RunOptions& options,
                                                const Settings& settings, Journal& journal, Meters& meters);
  virtual ~Working() = default;

  /// There may be work to do. Safe from any thread, never blocks.
  virtual void wake() = 0;
  /// Takes no event and no job any more and lets running ones come to their end until the deadline. Gives
  /// whether all did; what did not is given back, to be taken up by whoever comes next.
  virtual bool stop(std::chrono::milliseconds deadline) = 0;
};

}  // namespace orakgarak::app
