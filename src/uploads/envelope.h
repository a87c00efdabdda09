#pragma once
// Events as they leave the store: CloudEvents 1.0 in JSON, with the upload's traceparent as an extension
// attribute. Ids and codes only: never a file name, a person's name or the detail of a failure. An id is made
// of what happened, so that the same event has the same id wherever it is built.
#include <string>

#include "uploads/upload.h"

namespace orakgarak::uploads {

/// orakgarak.upload.state_changed: one transition of `upload`, with its place among its owner's.
std::string state_changed_envelope(const Upload& upload, const OwnerEvent& event);

/// orakgarak.job.requested: look at this job. `now`: when it was asked for.
std::string job_requested_envelope(const Job& job, const std::string& traceparent, Time now);

/// orakgarak.upload.report_replaced: a job has measured a COMPLETED upload anew.
std::string report_replaced_envelope(const Upload& upload, const Job& by, Time now);

/// orakgarak.job.dead
std::string job_dead_envelope(const DeadLetter& letter);

}  // namespace orakgarak::uploads
