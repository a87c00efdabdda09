#include <algorithm>

#include "storage/postgres/statements.h"
#include "storage/postgres/store.h"
#include "uploads/apply.h"
#include "uploads/envelope.h"

namespace orakgarak::storage::postgres {

using namespace uploads;

namespace {

Claim read_claim(Row& row) {
  return {{row.id<JobId>(), row.id<UploadId>(), row.stage(), row.priority(), row.small(), row.time()},
          row.text(),
          row.time()};
}

/// Takes the next due job of one priority: the first of each stage is found by its index, and the first of
/// those is taken. One that another worker takes at this moment is passed over.
std::optional<Claim> claim_next(Connection& db, Priority priority, std::span<const Stage> stages,
                                const std::string& worker, Time now, Time lease_until) {
  return first_row(query(db,
                         "UPDATE jobs SET attempt = attempt + 1, worker = $1, lease_until = $2 WHERE id = ("
                         "  SELECT next.id FROM unnest($3) AS wanted (stage) CROSS JOIN LATERAL ("
                         "    SELECT id, run_after FROM jobs"
                         "    WHERE stage = wanted.stage AND priority = $4 AND run_after <= $5"
                         "      AND (lease_until IS NULL OR lease_until <= $5)"
                         "    ORDER BY run_after, id LIMIT 1 FOR UPDATE SKIP LOCKED) AS next"
                         "  ORDER BY next.run_after, next.id LIMIT 1) "
                         "RETURNING id, upload, stage, priority, attempt, run_after, worker, lease_until",
                         worker, lease_until, stages, priority, now),
                   read_claim);
}

JobStatus read_status(Row& row) {
  const auto text = [&] { return row.text(); };
  Job job{row.id<JobId>(), row.id<UploadId>(), row.stage(), row.priority(), row.small(), row.time()};
  return {.job = std::move(job),
          .worker = row.unless_null(1, text).value_or(""),
          .lease_until = row.unless_null(1, [&] { return row.time(); }),
          .last_code = row.unless_null(1, text).value_or(""),
          .last_detail = row.unless_null(1, [&] { return row.written(); }).value_or("")};
}

std::vector<JobStatus> select_jobs(Connection& db, const UploadId& upload) {
  auto jobs = all_rows(query(db,
                             "SELECT id, upload, stage, priority, attempt, run_after, worker, lease_until, "
                             "last_code, last_detail FROM jobs WHERE upload = $1",
                             upload),
                       read_status);
  std::ranges::sort(jobs, {}, [](const JobStatus& status) { return status.job.stage; });
  return jobs;
}

/// Of the stages that have any job. Goes over all jobs that there are: the queue, not the uploads.
std::vector<StageBacklog> count_jobs(Connection& db, Time now) {
  return all_rows(query(db,
                        "SELECT stage, count(*) FILTER (WHERE worker IS NULL OR lease_until <= $1), "
                        "count(*) FILTER (WHERE lease_until > $1), "
                        "min(run_after) FILTER (WHERE (worker IS NULL OR lease_until <= $1) "
                        "AND run_after <= $1) FROM jobs GROUP BY stage",
                        now),
                  [](Row& row) {
                    return StageBacklog{.stage = row.stage(),
                                        .waiting = static_cast<std::size_t>(row.integer()),
                                        .running = static_cast<std::size_t>(row.integer()),
                                        .due = row.unless_null(1, [&] { return row.time(); })};
                  });
}

void count_events(Connection& db, Time now, Backlog& backlog) {
  backlog.events = first_row(query(db, "SELECT count(*) FROM outbox"), [](Row& row) {
                     return static_cast<std::size_t>(row.integer());
                   }).value_or(0);
  backlog.first_event = first_row(
      query(db, "SELECT available_at FROM outbox WHERE available_at <= $1 ORDER BY available_at LIMIT 1",
            now),
      [](Row& row) { return row.time(); });
}

void give_back(Connection& db, const JobId& job, Time run_after, const Failure& failure) {
  change(
      db,
      "UPDATE jobs SET worker = NULL, lease_until = NULL, run_after = $2, last_code = $3, last_detail = $4 "
      "WHERE id = $1",
      job, run_after, failure.code, Written{failure.detail});
}

/// An older one of its upload makes room.
void insert_letter(Connection& db, const DeadLetter& letter) {
  delete_letter(db, letter.upload);
  change(db,
         "INSERT INTO dead_letters (job, upload, stage, attempts, code, detail, retry_can_help, traceparent, "
         "at) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
         letter.id, letter.upload, letter.stage, letter.attempts, letter.failure.code,
         Written{letter.failure.detail}, letter.failure.retry_can_help, letter.traceparent, letter.at);
}

}  // namespace

Result<bool> PostgresUploads::enqueue(const UploadId& id, const NewJob& job, Time now) {
  return pool_->write([&](Connection& db) -> Result<bool> {
    const auto upload = hold_upload(db, id);
    if (!upload) return no_such_upload();
    return queue_job(db, *upload, job, now);
  });
}

Result<std::optional<Claim>> PostgresUploads::claim(std::span<const Stage> stages, const std::string& worker,
                                                    Time now, Time lease_until) {
  for (const Priority priority : {Priority::live, Priority::batch}) {
    auto claim = pool_->once([&](Connection& db) -> Result<std::optional<Claim>> {
      return claim_next(db, priority, stages, worker, now, lease_until);
    });
    if (!claim || *claim) return claim;
  }
  return std::nullopt;
}

Result<std::vector<JobStatus>> PostgresUploads::jobs(const UploadId& id) {
  return pool_->read([&](Connection& db) -> Result<std::vector<JobStatus>> {
    if (!select_upload(db, id)) return no_such_upload();
    return select_jobs(db, id);
  });
}

Result<Backlog> PostgresUploads::backlog(Time now) {
  return pool_->read([&](Connection& db) -> Result<Backlog> {
    Backlog backlog;
    for (const Stage stage : every_stage) backlog.stages.push_back({.stage = stage, .due = {}});
    for (const StageBacklog& counted : count_jobs(db, now))
      backlog.stages.at(static_cast<std::size_t>(counted.stage)) = counted;
    count_events(db, now, backlog);
    return backlog;
  });
}

Result<void> PostgresUploads::renew(const Claim& claim, Time lease_until) {
  return pool_->once([&](Connection& db) -> Result<void> {
    if (change(db, "UPDATE jobs SET lease_until = $4 WHERE id = $1 AND attempt = $2 AND worker = $3",
               claim.job.id, claim.job.attempt, claim.worker, lease_until) == 0)
      return job_lost();
    return {};
  });
}

Result<void> PostgresUploads::retry(const Claim& claim, Time run_after, const Failure& failure, Time now) {
  return pool_->write([&](Connection& db) -> Result<void> {
    const auto upload = hold_upload(db, claim.job.upload);
    if (!upload || !holds(db, claim)) return job_lost();
    give_back(db, claim.job.id, run_after, failure);
    Job again = claim.job;
    again.run_after = run_after;
    put_event(db, upload->id, again.priority, run_after,
              job_requested_envelope(again, upload->traceparent, now));
    return {};
  });
}

Result<void> PostgresUploads::finish(const Claim& claim, const std::optional<uploads::Report>& report,
                                     Time now) {
  return pool_->write([&](Connection& db) -> Result<void> {
    const auto upload = hold_upload(db, claim.job.upload);
    if (!upload || !holds(db, claim)) return job_lost();
    if (report && upload->state != State::completed)
      return rejected("illegal_move", "Only a COMPLETED upload's report is replaced without a transition.");
    if (report) {
      put_report(db, upload->id, *report, now);
      put_event(db, upload->id, claim.job.priority, now, report_replaced_envelope(*upload, claim.job, now));
    }
    delete_job(db, claim.job.id);
    return {};
  });
}

Result<void> PostgresUploads::bury(const Claim& claim, std::int64_t version, const Failure& failure,
                                   Time now) {
  return pool_->write([&](Connection& db) -> Result<void> {
    const auto upload = hold_upload(db, claim.job.upload);
    if (!upload || !holds(db, claim)) return job_lost();
    Failure last = failure;
    last.stage = claim.job.stage;
    if (upload->state == State::completed) {
      delete_job(db, claim.job.id);
    } else if (const auto failed = transition(db, failing(*upload, version, claim, last, now)); !failed) {
      return std::unexpected(failed.error());
    }
    const DeadLetter letter = letter_of(claim, *upload, last, now);
    insert_letter(db, letter);
    put_event(db, upload->id, claim.job.priority, now, job_dead_envelope(letter));
    return {};
  });
}

}  // namespace orakgarak::storage::postgres
