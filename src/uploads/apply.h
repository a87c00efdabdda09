#pragma once
// What one move makes of an upload: the rules that every store holds to, apart from any storage.
#include "base/result.h"
#include "uploads/store.h"

namespace orakgarak::uploads {

/// `upload` after `move`. Errors: conflict "stale_version"; rejected "illegal_move", "gone": see
/// UploadStore::move.
Result<Upload> apply(const Move& move, const Upload& upload);

/// The way of a FAILED upload back to where the stage of `job` waits, with that job.
Move redriving(const Upload& upload, const NewJob& job, std::string why, Time now);

/// The way of an upload to FAILED by a job that is buried with it. by: must outlive the move.
Move failing(const Upload& upload, std::int64_t version, const Claim& by, const Failure& failure, Time now);

/// What is kept of a job that is buried.
DeadLetter letter_of(const Claim& claim, const Upload& upload, const Failure& failure, Time now);

}  // namespace orakgarak::uploads
