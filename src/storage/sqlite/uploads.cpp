#include "storage/sqlite/uploads.h"

#include "storage/sqlite/statements.h"
#include "storage/sqlite/store.h"

namespace orakgarak::storage {

using namespace uploads;

namespace {

/// False where the id or the object key is taken.
bool insert_upload(SQLite::Database& db, const NewUpload& upload) {
  return change(db,
                "INSERT INTO uploads (id, owner, kind, content_type, size, sha256, file_name, object_key, "
                "object_version, state, version, created, changed, expires, traceparent) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 'PENDING', 1, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                upload.id, upload.owner, upload.kind, upload.declared.content_type,
                static_cast<std::int64_t>(upload.declared.size), upload.declared.sha256,
                upload.declared.file_name, upload.object_key, upload.now, upload.now, upload.expires,
                upload.traceparent) == 1;
}

HistoryEntry read_entry(Row& row) {
  const std::int64_t version = row.integer();
  std::optional<State> from;
  if (row.is_null())
    row.skip(1);
  else
    from = row.state();
  return {version, from, row.state(), row.small(), row.text(), row.time()};
}

OwnerEvent read_event(Row& row) { return {row.integer(), row.id<UploadId>(), read_entry(row)}; }

}  // namespace

Result<Upload> SqliteUploads::insert(const NewUpload& upload) {
  return database_->write([&](SQLite::Database& db) -> Result<Upload> {
    if (!insert_upload(db, upload))
      return fail(ErrorKind::conflict, "exists", "An upload with this id or object key is there already.");
    Upload made = select_upload(db, upload.id).value();
    record_transition(db, made, {1, std::nullopt, State::pending, 0, "created", upload.now});
    return made;
  });
}

Result<Upload> SqliteUploads::find(const UploadId& id) {
  return database_->read([&](SQLite::Database& db) -> Result<Upload> {
    auto found = select_upload(db, id);
    if (!found) return no_such_upload();
    return *std::move(found);
  });
}

Result<std::vector<Upload>> SqliteUploads::list(const UploadFilter& filter,
                                                const std::optional<UploadId>& before, std::size_t limit) {
  // Only the conditions that are asked for, so that each has its index.
  std::string sql = "SELECT " ORAK_UPLOAD_COLUMNS " FROM uploads WHERE 1";
  if (filter.owner) sql += " AND owner = :owner";
  if (filter.state) sql += " AND state = :state";
  if (filter.kind) sql += " AND kind = :kind";
  if (before) sql += " AND id < :before";
  sql += " ORDER BY id DESC LIMIT :limit";
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<Upload>> {
    SQLite::Statement page(db, sql);
    if (filter.owner) page.bind(":owner", filter.owner->text());
    if (filter.state) page.bind(":state", std::string(to_string(*filter.state)));
    if (filter.kind) page.bind(":kind", std::string(to_string(*filter.kind)));
    if (before) page.bind(":before", before->text());
    page.bind(":limit", rows(limit));
    return all_rows(std::move(page), read_upload);
  });
}

Result<std::vector<HistoryEntry>> SqliteUploads::history(const UploadId& id) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<HistoryEntry>> {
    auto entries = all_rows(prepare(db,
                                    "SELECT version, from_state, to_state, attempt, why, at FROM history "
                                    "WHERE upload = ? ORDER BY version",
                                    id),
                            read_entry);
    if (entries.empty()) return no_such_upload();
    return entries;
  });
}

Result<std::vector<OwnerEvent>> SqliteUploads::owner_events(const OwnerId& owner, std::int64_t sequence,
                                                            std::size_t limit) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<OwnerEvent>> {
    return all_rows(prepare(db,
                            "SELECT owner_sequence, upload, version, from_state, to_state, attempt, why, at "
                            "FROM history WHERE owner = ? AND owner_sequence > ? "
                            "ORDER BY owner_sequence LIMIT ?",
                            owner, sequence, rows(limit)),
                    read_event);
  });
}

Result<Upload> SqliteUploads::move(const Move& move) {
  return database_->write([&](SQLite::Database& db) { return transition(db, move); });
}

Result<std::string> SqliteUploads::report(const UploadId& id) {
  return database_->read([&](SQLite::Database& db) -> Result<std::string> {
    auto report = first_row(prepare(db, "SELECT report FROM reports WHERE upload = ?", id),
                            [](Row& row) { return row.text(); });
    if (!report) return fail(ErrorKind::not_found, "no_report", "There is no report of this upload.");
    return *std::move(report);
  });
}

Result<void> SqliteUploads::erase(const UploadId& id, Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    const auto upload = select_upload(db, id);
    if (!upload) return no_such_upload();
    put_removals(db, *upload, now);
    change(db, "DELETE FROM uploads WHERE id = ?", id);  // and with it all that refers to it
    return {};
  });
}

Result<std::unique_ptr<UploadStore>> open_sqlite_uploads(const std::filesystem::path& file) {
  auto database = Database::open(file);
  if (!database) return std::unexpected(std::move(database.error()));
  return std::make_unique<SqliteUploads>(*std::move(database));
}

}  // namespace orakgarak::storage
