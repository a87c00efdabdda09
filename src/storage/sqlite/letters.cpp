#include "storage/sqlite/statements.h"
#include "storage/sqlite/store.h"
#include "uploads/apply.h"

namespace orakgarak::storage {

using namespace uploads;

namespace {

#define ORAK_LETTER_COLUMNS "job, upload, stage, attempts, code, detail, retry_can_help, traceparent, at"

DeadLetter read_letter(Row& row) {
  const auto job = row.id<JobId>();
  const auto upload = row.id<UploadId>();
  const Stage stage = row.stage();
  return {job,        upload,    stage, row.small(), {stage, row.text(), row.text(), row.flag()},
          row.text(), row.time()};
}

Result<DeadLetter> select_letter(SQLite::Database& db, const JobId& id) {
  auto letter = first_row(prepare(db, "SELECT " ORAK_LETTER_COLUMNS " FROM dead_letters WHERE job = ?", id),
                          read_letter);
  if (!letter)
    return fail(ErrorKind::not_found, "no_such_letter",
                "There is no dead letter with this id; somebody may have decided on it already.");
  return *std::move(letter);
}

void delete_letter(SQLite::Database& db, const JobId& id) {
  change(db, "DELETE FROM dead_letters WHERE job = ?", id);
}

RecordedDecision read_decision(Row& row) {
  return {{row.text(), row.text(), row.time()}, row.text(), row.id<JobId>(), row.stage(), row.text()};
}

}  // namespace

Result<std::vector<DeadLetter>> SqliteUploads::dead_letters(std::size_t limit) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<DeadLetter>> {
    return all_rows(
        prepare(db, "SELECT " ORAK_LETTER_COLUMNS " FROM dead_letters ORDER BY at, job LIMIT ?", rows(limit)),
        read_letter);
  });
}

Result<DeadLetter> SqliteUploads::dead_letter(const JobId& id) {
  return database_->read([&](SQLite::Database& db) { return select_letter(db, id); });
}

Result<Upload> SqliteUploads::replay(const JobId& id, const NewJob& job, const Decision& decision) {
  return database_->write([&](SQLite::Database& db) -> Result<Upload> {
    const auto letter = select_letter(db, id);
    if (!letter) return std::unexpected(letter.error());
    if (job.stage != letter->stage)
      return rejected("illegal_move", "A dead letter is replayed by a job of its own stage.");
    const Upload upload = select_upload(db, letter->upload).value();
    record_decision(db, "replay", letter->id, letter->failure, decision);
    if (upload.state == State::completed) {
      delete_letter(db, id);
      queue_job(db, upload, job, decision.at);
      return upload;
    }
    return transition(db, redriving(upload, job, "redrive", decision.at));
  });
}

Result<void> SqliteUploads::discard(const JobId& id, const Decision& decision) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    const auto letter = select_letter(db, id);
    if (!letter) return std::unexpected(letter.error());
    record_decision(db, "discard", letter->id, letter->failure, decision);
    delete_letter(db, id);
    return {};
  });
}

Result<std::vector<RecordedDecision>> SqliteUploads::decisions(std::size_t limit) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<RecordedDecision>> {
    return all_rows(
        prepare(db,
                "SELECT who, why, at, action, letter, stage, code FROM decisions ORDER BY id DESC LIMIT ?",
                rows(limit)),
        read_decision);
  });
}

}  // namespace orakgarak::storage
