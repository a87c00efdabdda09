#pragma once
// The statements that several of the store's transactions share, each a function. All throw as Connection
// does, and all run inside the caller's transaction.
#include <optional>
#include <string>

#include "storage/postgres/rows.h"
#include "uploads/store.h"

namespace orakgarak::storage::postgres {

/// The columns that read_upload reads.
#define ORAK_UPLOAD_COLUMNS                                                                              \
  "id, owner, kind, content_type, size, sha256, file_name, backing_sha256, backing_started_seconds, "    \
  "object_key, object_version, multipart, state, version, failure_stage, failure_code, failure_detail, " \
  "failure_retry_can_help, gone, struck_lowest, struck_highest, created, changed, expires, traceparent"
uploads::Upload read_upload(Row&);

std::optional<uploads::Upload> select_upload(Connection&, const uploads::UploadId&);
/// The same, and nobody else changes it, or anything that belongs to it, until this transaction ends.
std::optional<uploads::Upload> hold_upload(Connection&, const uploads::UploadId&);

/// Nobody else changes what is counted of this owner until this transaction ends.
void hold_owner(Connection&, const uploads::OwnerId&);

/// History, the owner's next number, and the event.
void record_transition(Connection&, const uploads::Upload& after, const uploads::HistoryEntry&);

/// The whole of UploadStore::move.
Result<uploads::Upload> transition(Connection&, const uploads::Move&);

/// action: "replay", "discard", "redrive". failure: what was decided on.
void record_decision(Connection&, const char* action, const uploads::JobId&, const uploads::Failure&,
                     const uploads::Decision&);

/// False where a job of its stage is there already.
bool queue_job(Connection&, const uploads::Upload&, const uploads::NewJob&, Time now);
/// And nobody takes it until this transaction ends.
bool holds(Connection&, const uploads::Claim&);
void delete_job(Connection&, const uploads::JobId&);
void delete_letter(Connection&, const uploads::UploadId&);

void put_report(Connection&, const uploads::UploadId&, const uploads::Report&, Time now);
void put_event(Connection&, const uploads::UploadId&, uploads::Priority, Time available_at,
               const std::string& envelope);
/// Lists the object and what was derived from it for removal.
void put_removals(Connection&, const uploads::Upload&, Time now);
/// Of an upload whose object is given up.
void uncount_bytes(Connection&, std::uint64_t);

std::unexpected<Error> no_such_upload(std::source_location where = std::source_location::current());
std::unexpected<Error> job_lost(std::source_location where = std::source_location::current());

}  // namespace orakgarak::storage::postgres
