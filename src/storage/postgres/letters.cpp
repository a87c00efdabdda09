#include "storage/postgres/statements.h"
#include "storage/postgres/store.h"
#include "uploads/apply.h"

namespace orakgarak::storage::postgres {

using namespace uploads;

namespace {

#define ORAK_LETTER_COLUMNS "job, upload, stage, attempts, code, detail, retry_can_help, traceparent, at"

DeadLetter read_letter(Row& row) {
  const auto job = row.id<JobId>();
  const auto upload = row.id<UploadId>();
  const Stage stage = row.stage();
  return {job,        upload,    stage, row.small(), {stage, row.text(), row.written(), row.flag()},
          row.text(), row.time()};
}

Result<DeadLetter> select_letter(Connection& db, const JobId& id) {
  auto letter = first_row(query(db, "SELECT " ORAK_LETTER_COLUMNS " FROM dead_letters WHERE job = $1", id),
                          read_letter);
  if (!letter)
    return fail(ErrorKind::not_found, "no_such_letter",
                "There is no dead letter with this id; somebody may have decided on it already.");
  return *std::move(letter);
}

/// As it is once its upload is held, so that of two who decide at once one finds it gone.
Result<DeadLetter> hold_letter(Connection& db, const JobId& id) {
  auto letter = select_letter(db, id);
  if (!letter) return letter;
  hold_upload(db, letter->upload);
  return select_letter(db, id);
}

RecordedDecision read_decision(Row& row) {
  return {{row.written(), row.written(), row.time()}, row.text(), row.id<JobId>(), row.stage(), row.text()};
}

}  // namespace

Result<std::vector<DeadLetter>> PostgresUploads::dead_letters(std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<DeadLetter>> {
    return all_rows(
        query(db, "SELECT " ORAK_LETTER_COLUMNS " FROM dead_letters ORDER BY at, job LIMIT $1", rows(limit)),
        read_letter);
  });
}

Result<DeadLetter> PostgresUploads::dead_letter(const JobId& id) {
  return pool_->read([&](Connection& db) { return select_letter(db, id); });
}

Result<Upload> PostgresUploads::replay(const JobId& id, const NewJob& job, const Decision& decision) {
  return pool_->write([&](Connection& db) -> Result<Upload> {
    const auto letter = hold_letter(db, id);
    if (!letter) return std::unexpected(letter.error());
    if (job.stage != letter->stage)
      return rejected("illegal_move", "A dead letter is replayed by a job of its own stage.");
    const Upload upload = select_upload(db, letter->upload).value();
    record_decision(db, "replay", letter->id, letter->failure, decision);
    if (upload.state == State::completed) {
      delete_letter(db, upload.id);
      queue_job(db, upload, job, decision.at);
      return upload;
    }
    return transition(db, redriving(upload, job, "redrive", decision.at));
  });
}

Result<void> PostgresUploads::discard(const JobId& id, const Decision& decision) {
  return pool_->write([&](Connection& db) -> Result<void> {
    const auto letter = hold_letter(db, id);
    if (!letter) return std::unexpected(letter.error());
    record_decision(db, "discard", letter->id, letter->failure, decision);
    delete_letter(db, letter->upload);
    return {};
  });
}

Result<std::vector<RecordedDecision>> PostgresUploads::decisions(std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<RecordedDecision>> {
    return all_rows(
        query(db, "SELECT who, why, at, action, letter, stage, code FROM decisions ORDER BY id DESC LIMIT $1",
              rows(limit)),
        read_decision);
  });
}

}  // namespace orakgarak::storage::postgres
