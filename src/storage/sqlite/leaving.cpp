// What leaves the store: events to publish, uploads whose time has come, objects to remove.
#include "storage/sqlite/statements.h"
#include "storage/sqlite/store.h"

namespace orakgarak::storage {

using namespace uploads;

namespace {

bool held_by_another(SQLite::Database& db, const std::string& relay, Time now) {
  return prepare(db, "SELECT 1 FROM relay_lease WHERE relay <> ? AND lease_until > ?", relay, now)
      .executeStep();
}

void take_lease(SQLite::Database& db, const std::string& relay, Time lease_until) {
  change(db, "INSERT OR REPLACE INTO relay_lease (one, relay, lease_until) VALUES (1, ?, ?)", relay,
         lease_until);
}

OutboxRow read_outbox(Row& row) { return {row.integer(), row.priority(), row.text(), row.text()}; }

}  // namespace

Result<std::vector<OutboxRow>> SqliteUploads::outbox_due(const std::string& relay, Time now, Time lease_until,
                                                         std::size_t limit) {
  return database_->write([&](SQLite::Database& db) -> Result<std::vector<OutboxRow>> {
    if (held_by_another(db, relay, now))
      return fail(ErrorKind::conflict, "relay_held",
                  "Another relay publishes; it is its turn until it stops.");
    auto due = all_rows(prepare(db,
                                "SELECT id, priority, upload, envelope FROM outbox "
                                "WHERE available_at <= ? ORDER BY id LIMIT ?",
                                now, rows(limit)),
                        read_outbox);
    if (!due.empty()) take_lease(db, relay, lease_until);  // an idle poll writes nothing
    return due;
  });
}

Result<void> SqliteUploads::outbox_published(std::span<const std::int64_t> ids) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    for (const std::int64_t id : ids) change(db, "DELETE FROM outbox WHERE id = ?", id);
    return {};
  });
}

Result<std::vector<Upload>> SqliteUploads::due_to_expire(Time now, std::size_t limit) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<Upload>> {
    return all_rows(prepare(db,
                            "SELECT " ORAK_UPLOAD_COLUMNS
                            " FROM uploads WHERE state = 'PENDING' AND expires <= ? AND NOT EXISTS "
                            "(SELECT 1 FROM jobs WHERE jobs.upload = uploads.id) ORDER BY expires LIMIT ?",
                            now, rows(limit)),
                    read_upload);
  });
}

Result<std::vector<Upload>> SqliteUploads::due_to_clean(Time before, std::size_t limit) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<Upload>> {
    return all_rows(prepare(db,
                            "SELECT " ORAK_UPLOAD_COLUMNS
                            " FROM uploads WHERE gone = 0 AND state IN ('FAILED', 'EXPIRED') "
                            "AND changed < ? ORDER BY changed LIMIT ?",
                            before, rows(limit)),
                    read_upload);
  });
}

Result<std::vector<Upload>> SqliteUploads::pending_since(Time before, const std::optional<UploadId>& after,
                                                         std::size_t limit) {
  const std::string last = after ? after->text() : std::string();
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<Upload>> {
    return all_rows(
        prepare(db,
                "SELECT " ORAK_UPLOAD_COLUMNS
                " FROM uploads WHERE state = 'PENDING' AND id > ? AND created < ? ORDER BY id LIMIT ?",
                last, before, rows(limit)),
        read_upload);
  });
}

Result<void> SqliteUploads::mark_gone(const UploadId& id, Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    const auto upload = select_upload(db, id);
    if (!upload) return no_such_upload();
    if (upload->state != State::failed && upload->state != State::expired)
      return fail(ErrorKind::conflict, "stale_version", "The upload is not FAILED or EXPIRED any more.");
    if (upload->gone) return {};
    change(db, "UPDATE uploads SET gone = 1 WHERE id = ?", id);
    put_removals(db, *upload, now);
    return {};
  });
}

Result<std::vector<Removal>> SqliteUploads::removals(Time now, std::size_t limit) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<Removal>> {
    return all_rows(prepare(db,
                            "SELECT object_key, attempts FROM removals WHERE try_after <= ? "
                            "ORDER BY try_after, id LIMIT ?",
                            now, rows(limit)),
                    [](Row& row) { return Removal{row.text(), row.small()}; });
  });
}

Result<void> SqliteUploads::postpone_removal(const std::string& object_key, Time until) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    change(db, "UPDATE removals SET attempts = attempts + 1, try_after = ? WHERE object_key = ?", until,
           object_key);
    return {};
  });
}

Result<void> SqliteUploads::removed(const std::string& object_key) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    change(db, "DELETE FROM removals WHERE object_key = ?", object_key);
    return {};
  });
}

}  // namespace orakgarak::storage
