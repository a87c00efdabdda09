#pragma once
// The statements that several of the store's transactions share, each a function. All throw
// SQLite::Exception, and all run inside the caller's transaction.
#include <optional>
#include <string>

#include "storage/sqlite/rows.h"
#include "uploads/store.h"

namespace orakgarak::storage {

/// The columns that read_upload reads.
#define ORAK_UPLOAD_COLUMNS                                                                              \
  "id, owner, kind, content_type, size, sha256, file_name, object_key, object_version, state, version, " \
  "failure_stage, failure_code, failure_detail, failure_retry_can_help, gone, created, changed, "        \
  "expires, traceparent, backing_sha256, backing_started_seconds, multipart, struck_lowest, struck_highest"
uploads::Upload read_upload(Row&);

std::optional<uploads::Upload> select_upload(SQLite::Database&, const uploads::UploadId&);

/// History, the owner's next number, and the event.
void record_transition(SQLite::Database&, const uploads::Upload& after, const uploads::HistoryEntry&);

/// The whole of UploadStore::move.
Result<uploads::Upload> transition(SQLite::Database&, const uploads::Move&);

/// action: "replay", "discard", "redrive". failure: what was decided on.
void record_decision(SQLite::Database&, const char* action, const uploads::JobId&, const uploads::Failure&,
                     const uploads::Decision&);

/// False where a job of its stage is there already.
bool queue_job(SQLite::Database&, const uploads::Upload&, const uploads::NewJob&, Time now);
bool holds(SQLite::Database&, const uploads::Claim&);
void delete_job(SQLite::Database&, const uploads::JobId&);

void put_report(SQLite::Database&, const uploads::UploadId&, const uploads::Report&, Time now);
void put_event(SQLite::Database&, const uploads::UploadId&, uploads::Priority, Time available_at,
               const std::string& envelope);
/// Lists the object and what was derived from it for removal.
void put_removals(SQLite::Database&, const uploads::Upload&, Time now);

std::unexpected<Error> no_such_upload(std::source_location where = std::source_location::current());
std::unexpected<Error> job_lost(std::source_location where = std::source_location::current());

}  // namespace orakgarak::storage
