#include "storage/postgres/statements.h"

#include "uploads/apply.h"
#include "uploads/envelope.h"

namespace orakgarak::storage::postgres {

using namespace uploads;

namespace {

std::int64_t next_sequence(Connection& db, const OwnerId& owner) {
  const auto sequence = first_row(query(db,
                                        "INSERT INTO owner_sequences AS s (owner, last) VALUES ($1, 1) "
                                        "ON CONFLICT (owner) DO UPDATE SET last = s.last + 1 RETURNING last",
                                        owner),
                                  [](Row& row) { return row.integer(); });
  if (!sequence) throw UnreadableRow("an owner got no sequence number");
  return *sequence;
}

void update_upload(Connection& db, const Upload& after) {
  const auto& failure = after.failure;
  change(db,
         "UPDATE uploads SET object_version = $2, state = $3, version = $4, failure_stage = $5, "
         "failure_code = $6, failure_detail = $7, failure_retry_can_help = $8, changed = $9 WHERE id = $1",
         after.id, after.object_version, after.state, after.version,
         failure.transform([](const Failure& f) { return f.stage; }),
         failure.transform([](const Failure& f) { return f.code; }),
         failure.transform([](const Failure& f) { return Written{f.detail}; }),
         failure.transform([](const Failure& f) { return f.retry_can_help; }), after.changed);
}

void delete_jobs(Connection& db, const UploadId& upload) {
  change(db, "DELETE FROM jobs WHERE upload = $1", upload);
}

}  // namespace

Upload read_upload(Row& row) {
  return {.id = row.id<UploadId>(),
          .owner = row.id<OwnerId>(),
          .kind = row.kind(),
          .declared = {row.text(), static_cast<std::uint64_t>(row.integer()), row.text(), row.written(),
                       row.unless_null(2, [&] { return Backing{row.text(), Seconds(row.real())}; })},
          .object_key = row.text(),
          .object_version = row.text(),
          .multipart = row.text(),
          .state = row.state(),
          .version = row.integer(),
          .failure =
              row.unless_null(4, [&] { return Failure{row.stage(), row.text(), row.written(), row.flag()}; }),
          .gone = row.flag(),
          .struck = {row.flag(), row.flag()},
          .created = row.time(),
          .changed = row.time(),
          .expires = row.time(),
          .traceparent = row.text()};
}

std::optional<Upload> select_upload(Connection& db, const UploadId& id) {
  return first_row(query(db, "SELECT " ORAK_UPLOAD_COLUMNS " FROM uploads WHERE id = $1", id), read_upload);
}

std::optional<Upload> hold_upload(Connection& db, const UploadId& id) {
  return first_row(
      query(db, "SELECT " ORAK_UPLOAD_COLUMNS " FROM uploads WHERE id = $1 FOR NO KEY UPDATE", id),
      read_upload);
}

void hold_owner(Connection& db, const OwnerId& owner) {
  query(db, "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))", owner.text());
}

void record_transition(Connection& db, const Upload& after, const HistoryEntry& entry) {
  const OwnerEvent event{next_sequence(db, after.owner), after.id, entry};
  change(
      db,
      "INSERT INTO history (upload, version, owner, owner_sequence, from_state, to_state, attempt, why, at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      after.id, entry.version, after.owner, event.sequence, entry.from, entry.to, entry.attempt, entry.why,
      entry.at);
  put_event(db, after.id, Priority::live, entry.at, state_changed_envelope(after, event));
}

Result<Upload> transition(Connection& db, const Move& move) {
  const auto before = hold_upload(db, move.upload);
  if (!before) return no_such_upload();
  if (move.by != nullptr && (move.by->job.upload != move.upload || !holds(db, *move.by))) return job_lost();
  const auto after = apply(move, *before);
  if (!after) return after;

  update_upload(db, *after);
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

void record_decision(Connection& db, const char* action, const JobId& job, const Failure& failure,
                     const Decision& decision) {
  change(db,
         "INSERT INTO decisions (action, letter, stage, code, who, why, at) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7)",
         std::string(action), job, failure.stage, failure.code, Written{decision.who}, Written{decision.why},
         decision.at);
}

bool queue_job(Connection& db, const Upload& upload, const NewJob& job, Time now) {
  const auto queued = change(db,
                             "INSERT INTO jobs (id, upload, stage, priority, run_after, attempt, worker, "
                             "lease_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                             job.id, upload.id, job.stage, job.priority, job.run_after, job.held ? 1 : 0,
                             job.held.transform([](const Hold& hold) { return hold.worker; }),
                             job.held.transform([](const Hold& hold) { return hold.lease_until; }));
  if (queued == 0 || job.held) return queued > 0;
  const Job asked{job.id, upload.id, job.stage, job.priority, 0, job.run_after};
  put_event(db, upload.id, job.priority, job.run_after,
            job_requested_envelope(asked, upload.traceparent, now));
  return true;
}

bool holds(Connection& db, const Claim& claim) {
  return any_row(query(db, "SELECT 1 FROM jobs WHERE id = $1 AND attempt = $2 AND worker = $3 FOR UPDATE",
                       claim.job.id, claim.job.attempt, claim.worker));
}

void delete_job(Connection& db, const JobId& id) { change(db, "DELETE FROM jobs WHERE id = $1", id); }

void delete_letter(Connection& db, const UploadId& upload) {
  change(db, "DELETE FROM dead_letters WHERE upload = $1", upload);
}

void put_report(Connection& db, const UploadId& upload, const Report& report, Time now) {
  change(
      db,
      "INSERT INTO reports (upload, report, core, at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (upload) DO UPDATE SET report = excluded.report, core = excluded.core, at = excluded.at",
      upload, report.json, report.core, now);
}

void put_event(Connection& db, const UploadId& upload, Priority priority, Time available_at,
               const std::string& envelope) {
  change(db, "INSERT INTO outbox (upload, priority, available_at, envelope) VALUES ($1, $2, $3, $4)", upload,
         priority, available_at, envelope);
}

void put_removals(Connection& db, const Upload& upload, Time now) {
  for (const std::string& key : {upload.object_key, "derived/" + upload.id.text() + "/"})
    change(db, "INSERT INTO removals (object_key, since) VALUES ($1, $2) ON CONFLICT DO NOTHING", key, now);
}

void uncount_bytes(Connection& db, std::uint64_t bytes) {
  change(db, "UPDATE upload_bytes SET total = total - $1", static_cast<std::int64_t>(bytes));
}

std::unexpected<Error> no_such_upload(std::source_location where) {
  return fail(ErrorKind::not_found, "no_such_upload", "There is no upload with this id; it may be deleted.",
              where);
}

std::unexpected<Error> job_lost(std::source_location where) {
  return fail(ErrorKind::conflict, "job_lost",
              "This job is held by another worker or has ended: stop working on it.", where);
}

}  // namespace orakgarak::storage::postgres
