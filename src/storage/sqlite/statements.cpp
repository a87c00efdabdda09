#include "storage/sqlite/statements.h"

#include "uploads/apply.h"
#include "uploads/envelope.h"

namespace orakgarak::storage {

using namespace uploads;

namespace {

std::optional<Failure> read_failure(Row& row) {
  if (row.is_null()) {
    row.skip(4);
    return std::nullopt;
  }
  return Failure{row.stage(), row.text(), row.text(), row.flag()};
}

std::optional<Backing> read_backing(Row& row) {
  if (row.is_null()) {
    row.skip(2);
    return std::nullopt;
  }
  return Backing{row.text(), Seconds(row.real())};
}

/// Those that were there from the first migration on.
Upload read_first_columns(Row& row) {
  return {.id = row.id<UploadId>(),
          .owner = row.id<OwnerId>(),
          .kind = row.kind(),
          .declared = {row.text(), static_cast<std::uint64_t>(row.integer()), row.text(), row.text()},
          .object_key = row.text(),
          .object_version = row.text(),
          .state = row.state(),
          .version = row.integer(),
          .failure = read_failure(row),
          .gone = row.flag(),
          .created = row.time(),
          .changed = row.time(),
          .expires = row.time(),
          .traceparent = row.text()};
}

std::int64_t next_sequence(SQLite::Database& db, const OwnerId& owner) {
  auto statement = prepare(db,
                           "INSERT INTO owner_sequences (owner, last) VALUES (?, 1) "
                           "ON CONFLICT (owner) DO UPDATE SET last = last + 1 RETURNING last",
                           owner);
  const auto sequence = first_row(std::move(statement), [](Row& row) { return row.integer(); });
  if (!sequence) throw UnreadableRow("an owner got no sequence number");
  return *sequence;
}

void update_upload(SQLite::Database& db, const Upload& after, std::int64_t version) {
  const auto& failure = after.failure;
  const int changed = change(
      db,
      "UPDATE uploads SET object_version = ?, state = ?, version = ?, failure_stage = ?, failure_code = ?, "
      "failure_detail = ?, failure_retry_can_help = ?, changed = ? WHERE id = ? AND version = ?",
      after.object_version, after.state, after.version,
      failure.transform([](const Failure& f) { return f.stage; }),
      failure.transform([](const Failure& f) { return f.code; }),
      failure.transform([](const Failure& f) { return f.detail; }),
      failure.transform([](const Failure& f) { return std::int64_t{f.retry_can_help}; }), after.changed,
      after.id, version);
  if (changed != 1) throw UnreadableRow("an upload changed under the write lock");
}

void delete_jobs(SQLite::Database& db, const UploadId& upload) {
  change(db, "DELETE FROM jobs WHERE upload = ?", upload);
}

void delete_letter(SQLite::Database& db, const UploadId& upload) {
  change(db, "DELETE FROM dead_letters WHERE upload = ?", upload);
}

}  // namespace

Upload read_upload(Row& row) {
  Upload upload = read_first_columns(row);
  upload.declared.backing = read_backing(row);
  upload.multipart = row.text();
  upload.struck = {row.flag(), row.flag()};
  return upload;
}

std::optional<Upload> select_upload(SQLite::Database& db, const UploadId& id) {
  return first_row(prepare(db, "SELECT " ORAK_UPLOAD_COLUMNS " FROM uploads WHERE id = ?", id), read_upload);
}

void record_transition(SQLite::Database& db, const Upload& after, const HistoryEntry& entry) {
  const OwnerEvent event{next_sequence(db, after.owner), after.id, entry};
  change(
      db,
      "INSERT INTO history (upload, version, owner, owner_sequence, from_state, to_state, attempt, why, at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      after.id, entry.version, after.owner, event.sequence, entry.from, entry.to, std::int64_t{entry.attempt},
      entry.why, entry.at);
  put_event(db, after.id, Priority::live, entry.at, state_changed_envelope(after, event));
}

Result<Upload> transition(SQLite::Database& db, const Move& move) {
  const auto before = select_upload(db, move.upload);
  if (!before) return no_such_upload();
  if (move.by != nullptr && (move.by->job.upload != move.upload || !holds(db, *move.by))) return job_lost();
  const auto after = apply(move, *before);
  if (!after) return after;

  update_upload(db, *after, before->version);
  const int attempt = move.by != nullptr ? move.by->job.attempt : 0;
  record_transition(db, *after, {after->version, move.from, move.to, attempt, move.why, move.now});
  if (move.report) put_report(db, move.upload, *move.report, move.now);
  if (move.from == State::failed) delete_letter(db, move.upload);
  if (move.to == State::failed || move.to == State::expired)
    delete_jobs(db, move.upload);
  else if (move.job_done)
    delete_job(db, move.by->job.id);
  if (move.next) queue_job(db, *after, *move.next, move.now);
  if (move.decision) record_decision(db, "redrive", move.next->id, *before->failure, *move.decision);
  return after;
}

void record_decision(SQLite::Database& db, const char* action, const JobId& job, const Failure& failure,
                     const Decision& decision) {
  change(db, "INSERT INTO decisions (action, letter, stage, code, who, why, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
         std::string(action), job, failure.stage, failure.code, decision.who, decision.why, decision.at);
}

bool queue_job(SQLite::Database& db, const Upload& upload, const NewJob& job, Time now) {
  const int queued =
      change(db,
             "INSERT INTO jobs (id, upload, stage, priority, run_after, attempt, worker, lease_until) "
             "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
             job.id, upload.id, job.stage, job.priority, job.run_after, std::int64_t{job.held ? 1 : 0},
             job.held.transform([](const Hold& hold) { return hold.worker; }),
             job.held.transform([](const Hold& hold) { return hold.lease_until; }));
  if (queued == 0 || job.held) return queued > 0;
  const Job asked{job.id, upload.id, job.stage, job.priority, 0, job.run_after};
  put_event(db, upload.id, job.priority, job.run_after,
            job_requested_envelope(asked, upload.traceparent, now));
  return true;
}

bool holds(SQLite::Database& db, const Claim& claim) {
  auto held = prepare(db, "SELECT 1 FROM jobs WHERE id = ? AND attempt = ? AND worker = ?", claim.job.id,
                      std::int64_t{claim.job.attempt}, claim.worker);
  return held.executeStep();
}

void delete_job(SQLite::Database& db, const JobId& id) { change(db, "DELETE FROM jobs WHERE id = ?", id); }

void put_report(SQLite::Database& db, const UploadId& upload, const Report& report, Time now) {
  change(
      db,
      "INSERT INTO reports (upload, report, core, at) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (upload) DO UPDATE SET report = excluded.report, core = excluded.core, at = excluded.at",
      upload, report.json, report.core, now);
}

void put_event(SQLite::Database& db, const UploadId& upload, Priority priority, Time available_at,
               const std::string& envelope) {
  change(db, "INSERT INTO outbox (upload, priority, available_at, envelope) VALUES (?, ?, ?, ?)", upload,
         priority, available_at, envelope);
}

void put_removals(SQLite::Database& db, const Upload& upload, Time now) {
  for (const std::string& key : {upload.object_key, "derived/" + upload.id.text() + "/"})
    change(db, "INSERT INTO removals (object_key, since) VALUES (?, ?) ON CONFLICT DO NOTHING", key, now);
}

std::unexpected<Error> no_such_upload(std::source_location where) {
  return fail(ErrorKind::not_found, "no_such_upload", "There is no upload with this id; it may be deleted.",
              where);
}

std::unexpected<Error> job_lost(std::source_location where) {
  return fail(ErrorKind::conflict, "job_lost",
              "This job is held by another worker or has ended: stop working on it.", where);
}

}  // namespace orakgarak::storage
