#include "uploads/reprocess.h"

#include <algorithm>

namespace orakgarak::uploads {
namespace {

/// False where the take was erased, or is being measured, meanwhile.
Result<bool> queue(UploadStore& store, const UploadId& take, Time now) {
  auto queued = store.enqueue(take, {JobId::make(now), Stage::analyze, Priority::batch, now}, now);
  if (!queued && queued.error().kind == ErrorKind::not_found) return false;
  return queued;
}

}  // namespace

Result<void> reprocess_round(UploadStore& store, const ReprocessOptions& options, Reprocessing& run,
                             Time now) {
  const auto counted = store.count_outdated(options.core);
  if (!counted) return std::unexpected(counted.error());
  run.outdated = *counted;
  std::size_t room = options.ahead - std::min(options.ahead, counted->queued);
  while (!run.all_queued && room > 0) {
    const auto wanted = std::min({options.page, room, options.limit - run.queued});
    const auto takes = store.outdated(options.core, run.after, wanted);
    if (!takes) return std::unexpected(takes.error());
    for (const Upload& take : *takes) {
      const auto queued = queue(store, take.id, now);
      if (!queued) return std::unexpected(queued.error());
      run.after = take.id;
      if (!*queued) continue;
      ++run.queued, ++run.outdated.queued, --room;
    }
    run.all_queued = takes->size() < wanted || run.queued == options.limit;
  }
  return {};
}

}  // namespace orakgarak::uploads
