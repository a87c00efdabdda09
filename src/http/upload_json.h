#pragma once
// Uploads, their transitions, dead letters and what was decided on them, as docs/openapi.yaml has them.
#include "formats/report_number.h"
#include "uploads/upload.h"

namespace orakgarak::http {

using formats::Json;

/// For its owner; for an operator with the trace id, and without the file name, which is its owner's alone.
enum class Reader : std::uint8_t { owner, operators };
Json upload_json(const uploads::Upload& upload, Reader reader = Reader::owner);
Json history_json(const uploads::HistoryEntry& entry);
Json event_json(const uploads::OwnerEvent& event);
Json job_json(const uploads::JobStatus& status);
Json letter_json(const uploads::DeadLetter& letter);
Json decision_json(const uploads::RecordedDecision& recorded);

}  // namespace orakgarak::http
