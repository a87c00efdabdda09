#pragma once
// Measuring anew what an older voice core has measured: batch jobs beside COMPLETED takes, a bounded number
// queued ahead. What is queued, measured or given up is known to the store, so whoever was cut off goes on by
// beginning again.
#include <limits>

#include "uploads/store.h"

namespace orakgarak::uploads {

struct ReprocessOptions {
  int core = 0;                                                 ///< reports of one before it are outdated
  std::size_t ahead = 1000;                                     ///< takes that are queued or run, at most
  std::size_t limit = std::numeric_limits<std::size_t>::max();  ///< takes that this run queues, at most
  std::size_t page = 200;                                       ///< takes that are read at once
};

/// How far one run is. It looks at each take once: one that a worker of an older version has measured
/// meanwhile is left to the next run.
struct Reprocessing {
  Outdated outdated;                   ///< when the last round began
  std::size_t queued = 0;              ///< by this run
  bool all_queued = false;             ///< nothing is left to queue, or `limit` is reached
  std::optional<UploadId> after = {};  ///< the last take that was looked at
  bool done() const { return all_queued && outdated.queued == 0; }
};

/// Counts, then queues up to `options.ahead`. Errors: retry, of the store; the same round again goes on.
Result<void> reprocess_round(UploadStore& store, const ReprocessOptions& options, Reprocessing& run,
                             Time now);

}  // namespace orakgarak::uploads
