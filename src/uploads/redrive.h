#pragma once
// A FAILED upload goes on, because its owner or an operator says so.
#include "uploads/store.h"

namespace orakgarak::uploads {

/// From the stage that failed, in a job of its own that is due now; a dead letter of the upload is settled by
/// it. why: for the history, "redrive". Errors: conflict "not_failed", "stale_version"; rejected "gone".
Result<Upload> redrive(UploadStore& store, const Upload& upload, std::string why, Time now);

/// The same by an operator, with the decision on record.
Result<Upload> redrive(UploadStore& store, const Upload& upload, const Decision& decision);

/// The same for the upload of a dead letter, with the decision on record; a COMPLETED one is measured anew,
/// below live work. Errors: not_found
/// "no_such_letter"; rejected "gone".
Result<Upload> replay_letter(UploadStore& store, const JobId& letter, const Decision& decision);

}  // namespace orakgarak::uploads
