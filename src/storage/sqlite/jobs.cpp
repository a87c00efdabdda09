#include <algorithm>

#include "storage/sqlite/statements.h"
#include "storage/sqlite/store.h"
#include "uploads/apply.h"
#include "uploads/envelope.h"

namespace orakgarak::storage {

using namespace uploads;

namespace {

Claim read_claim(Row& row) {
  return {{row.id<JobId>(), row.id<UploadId>(), row.stage(), row.priority(), row.small(), row.time()},
          row.text(),
          row.time()};
}

/// Takes the next due job of one priority.
std::optional<Claim> claim_next(SQLite::Database& db, Priority priority, const std::string& stages,
                                const std::string& worker, Time now, Time lease_until) {
  return first_row(prepare(db,
                           "UPDATE jobs SET attempt = attempt + 1, worker = ?, lease_until = ? WHERE id = ("
                           "  SELECT id FROM jobs WHERE priority = ? AND run_after <= ?"
                           "    AND (lease_until IS NULL OR lease_until <= ?)"
                           "    AND stage IN (SELECT value FROM json_each(?))"
                           "  ORDER BY run_after, id LIMIT 1) "
                           "RETURNING id, upload, stage, priority, attempt, run_after, worker, lease_until",
                           worker, lease_until, priority, now, now, stages),
                   read_claim);
}

std::string json_array(std::span<const Stage> stages) {
  std::string json = "[";
  for (const Stage stage : stages)
    json.append(json.size() > 1 ? ",\"" : "\"").append(to_string(stage)).append("\"");
  return json + "]";
}

JobStatus read_status(Row& row) {
  const auto text = [&] {
    if (!row.is_null()) return row.text();
    row.skip(1);
    return std::string();
  };
  Job job{row.id<JobId>(), row.id<UploadId>(), row.stage(), row.priority(), row.small(), row.time()};
  std::string worker = text();
  std::optional<Time> lease_until;
  if (row.is_null())
    row.skip(1);
  else
    lease_until = row.time();
  std::string code = text();
  return {std::move(job), std::move(worker), lease_until, std::move(code), text()};
}

std::vector<JobStatus> select_jobs(SQLite::Database& db, const UploadId& upload) {
  auto jobs = all_rows(prepare(db,
                               "SELECT id, upload, stage, priority, attempt, run_after, worker, lease_until, "
                               "last_code, last_detail FROM jobs WHERE upload = ?",
                               upload),
                       read_status);
  std::ranges::sort(jobs, {}, [](const JobStatus& status) { return status.job.stage; });
  return jobs;
}

StageBacklog count_jobs(SQLite::Database& db, Stage stage, Time now) {
  return first_row(prepare(db,
                           "SELECT count(*) FILTER (WHERE worker IS NULL OR lease_until <= ?1), "
                           "count(*) FILTER (WHERE lease_until > ?1), "
                           "min(run_after) FILTER (WHERE (worker IS NULL OR lease_until <= ?1) "
                           "AND run_after <= ?1) FROM jobs WHERE stage = ?2",
                           now, stage),
                   [&](Row& row) {
                     StageBacklog backlog{stage,
                                          static_cast<std::size_t>(row.integer()),
                                          static_cast<std::size_t>(row.integer()),
                                          {}};
                     if (!row.is_null()) backlog.due = row.time();
                     return backlog;
                   })
      .value();
}

void count_events(SQLite::Database& db, Time now, Backlog& backlog) {
  backlog.events = static_cast<std::size_t>(db.execAndGet("SELECT count(*) FROM outbox").getInt64());
  backlog.first_event = first_row(
      prepare(db, "SELECT available_at FROM outbox WHERE available_at <= ? ORDER BY available_at LIMIT 1",
              now),
      [](Row& row) { return row.time(); });
}

void give_back(SQLite::Database& db, const JobId& job, Time run_after, const Failure& failure) {
  change(db,
         "UPDATE jobs SET worker = NULL, lease_until = NULL, run_after = ?, last_code = ?, last_detail = ? "
         "WHERE id = ?",
         run_after, failure.code, failure.detail, job);
}

void insert_letter(SQLite::Database& db, const DeadLetter& letter) {
  change(db,
         "INSERT OR REPLACE INTO dead_letters (job, upload, stage, attempts, code, detail, retry_can_help, "
         "traceparent, "
         "at) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
         letter.id, letter.upload, letter.stage, std::int64_t{letter.attempts}, letter.failure.code,
         letter.failure.detail, std::int64_t{letter.failure.retry_can_help}, letter.traceparent, letter.at);
}

}  // namespace

Result<bool> SqliteUploads::enqueue(const UploadId& id, const NewJob& job, Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<bool> {
    const auto upload = select_upload(db, id);
    if (!upload) return no_such_upload();
    return queue_job(db, *upload, job, now);
  });
}

Result<std::optional<Claim>> SqliteUploads::claim(std::span<const Stage> stages, const std::string& worker,
                                                  Time now, Time lease_until) {
  const std::string wanted = json_array(stages);
  return database_->write([&](SQLite::Database& db) -> Result<std::optional<Claim>> {
    for (const Priority priority : {Priority::live, Priority::batch})
      if (auto claim = claim_next(db, priority, wanted, worker, now, lease_until)) return claim;
    return std::nullopt;
  });
}

Result<std::vector<JobStatus>> SqliteUploads::jobs(const UploadId& id) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<JobStatus>> {
    if (!select_upload(db, id)) return no_such_upload();
    return select_jobs(db, id);
  });
}

Result<Backlog> SqliteUploads::backlog(Time now) {
  return database_->read([&](SQLite::Database& db) -> Result<Backlog> {
    Backlog backlog;
    for (int stage = 0; stage < stage_count; ++stage)
      backlog.stages.push_back(count_jobs(db, static_cast<Stage>(stage), now));
    count_events(db, now, backlog);
    return backlog;
  });
}

Result<void> SqliteUploads::renew(const Claim& claim, Time lease_until) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    if (!holds(db, claim)) return job_lost();
    change(db, "UPDATE jobs SET lease_until = ? WHERE id = ?", lease_until, claim.job.id);
    return {};
  });
}

Result<void> SqliteUploads::retry(const Claim& claim, Time run_after, const Failure& failure, Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    if (!holds(db, claim)) return job_lost();
    const Upload upload = select_upload(db, claim.job.upload).value();
    give_back(db, claim.job.id, run_after, failure);
    Job again = claim.job;
    again.run_after = run_after;
    put_event(db, upload.id, again.priority, run_after,
              job_requested_envelope(again, upload.traceparent, now));
    return {};
  });
}

Result<void> SqliteUploads::finish(const Claim& claim, const std::optional<uploads::Report>& report,
                                   Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    if (!holds(db, claim)) return job_lost();
    const Upload upload = select_upload(db, claim.job.upload).value();
    if (report && upload.state != State::completed)
      return rejected("illegal_move", "Only a COMPLETED upload's report is replaced without a transition.");
    if (report) {
      put_report(db, upload.id, *report, now);
      put_event(db, upload.id, claim.job.priority, now, report_replaced_envelope(upload, claim.job, now));
    }
    delete_job(db, claim.job.id);
    return {};
  });
}

Result<void> SqliteUploads::bury(const Claim& claim, std::int64_t version, const Failure& failure, Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    if (!holds(db, claim)) return job_lost();
    const Upload upload = select_upload(db, claim.job.upload).value();
    Failure last = failure;
    last.stage = claim.job.stage;
    if (upload.state == State::completed) {
      delete_job(db, claim.job.id);
    } else if (const auto failed = transition(db, failing(upload, version, claim, last, now)); !failed) {
      return std::unexpected(failed.error());
    }
    const DeadLetter letter = letter_of(claim, upload, last, now);
    insert_letter(db, letter);
    put_event(db, upload.id, claim.job.priority, now, job_dead_envelope(letter));
    return {};
  });
}

}  // namespace orakgarak::storage
