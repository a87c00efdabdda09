#include "storage/sqlite/uploads.h"

#include "storage/sqlite/statements.h"
#include "storage/sqlite/store.h"

namespace orakgarak::storage {

using namespace uploads;

namespace {

/// False where the id or the object key is taken.
bool insert_upload(SQLite::Database& db, const NewUpload& upload) {
  const Declared& declared = upload.declared;
  return change(db,
                "INSERT INTO uploads (id, owner, kind, content_type, size, sha256, file_name, object_key, "
                "object_version, state, version, created, changed, expires, traceparent, backing_sha256, "
                "backing_started_seconds) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 'PENDING', 1, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                upload.id, upload.owner, upload.kind, declared.content_type,
                static_cast<std::int64_t>(declared.size), declared.sha256, declared.file_name,
                upload.object_key, upload.now, upload.now, upload.expires, upload.traceparent,
                declared.backing.transform([](const Backing& b) { return b.sha256; }),
                declared.backing.transform([](const Backing& b) { return b.started.value; })) == 1;
}

constexpr std::chrono::hours counted_for{24};

/// Counts it, and forgets what is counted no more.
void count_upload(SQLite::Database& db, const NewUpload& upload) {
  change(db, "DELETE FROM uploads_made WHERE owner = ? AND at < ?", upload.owner, upload.now - counted_for);
  change(db, "INSERT INTO uploads_made (owner, at) VALUES (?, ?)", upload.owner, upload.now);
}

Made count_made(SQLite::Database& db, const OwnerId& owner, Time since) {
  return first_row(prepare(db, "SELECT count(*), min(at) FROM uploads_made WHERE owner = ? AND at >= ?",
                           owner, since),
                   [](Row& row) {
                     const auto uploads = static_cast<std::size_t>(row.integer());
                     return Made{uploads, uploads == 0 ? std::nullopt : std::optional(row.time())};
                   })
      .value();
}

std::uint64_t total_bytes(SQLite::Database& db) {
  auto total = prepare(db, "SELECT total FROM upload_bytes");
  return first_row(std::move(total), [](Row& row) { return static_cast<std::uint64_t>(row.integer()); })
      .value_or(0);
}

Result<void> hold_to_quota(SQLite::Database& db, const NewUpload& upload) {
  const Quota& quota = upload.quota;
  if (count_made(db, upload.owner, quota.since).uploads >= quota.uploads)
    return fail(ErrorKind::retry, "too_many_uploads",
                "You have sent as many files as one person may in this time: wait a little.");
  const std::uint64_t held = total_bytes(db);
  if (held > quota.total_bytes || upload.declared.size > quota.total_bytes - held)
    return fail(ErrorKind::retry, "store_full",
                "There is no room for this file at the moment: try again later, or send a shorter one.");
  return {};
}

bool is_closed(SQLite::Database& db, const OwnerId& owner) {
  return prepare(db, "SELECT 1 FROM closed_owners WHERE owner = ?", owner).executeStep();
}

std::unexpected<Error> owner_closed(std::source_location where = std::source_location::current()) {
  return fail(ErrorKind::conflict, "owner_closed",
              "Everything of this person is being deleted, or has become another's.", where);
}

void close_owner(SQLite::Database& db, const OwnerId& owner, Time now) {
  change(db, "DELETE FROM closed_owners WHERE at < ?", now - counted_for);
  change(db, "INSERT INTO closed_owners (owner, at) VALUES (?, ?) ON CONFLICT DO NOTHING", owner, now);
}

std::vector<Upload> some_owned(SQLite::Database& db, const OwnerId& owner, std::size_t limit) {
  return all_rows(
      prepare(db, "SELECT " ORAK_UPLOAD_COLUMNS " FROM uploads WHERE owner = ? ORDER BY id LIMIT ?", owner,
              rows(limit)),
      read_upload);
}

/// And with it all that refers to it.
void erase_upload(SQLite::Database& db, const Upload& upload, Time now) {
  put_removals(db, upload, now);
  change(db, "DELETE FROM uploads WHERE id = ?", upload.id);
}

void forget_counts(SQLite::Database& db, const OwnerId& owner) {
  change(db, "DELETE FROM uploads_made WHERE owner = ?", owner);
  change(db, "DELETE FROM owner_sequences WHERE owner = ?", owner);
}

std::int64_t last_of(SQLite::Database& db, const OwnerId& owner) {
  auto last = prepare(db, "SELECT last FROM owner_sequences WHERE owner = ?", owner);
  return first_row(std::move(last), [](Row& row) { return row.integer(); }).value_or(0);
}

/// They come after those that `to` has had, in their order.
void hand_transitions_over(SQLite::Database& db, const OwnerId& from, const OwnerId& to) {
  const std::int64_t before = last_of(db, to), more = last_of(db, from);
  change(db, "UPDATE history SET owner = ?, owner_sequence = owner_sequence + ? WHERE owner = ?", to, before,
         from);
  change(db,
         "INSERT INTO owner_sequences (owner, last) VALUES (?, ?) "
         "ON CONFLICT (owner) DO UPDATE SET last = excluded.last",
         to, before + more);
  change(db, "DELETE FROM owner_sequences WHERE owner = ?", from);
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
    if (is_closed(db, upload.owner)) return owner_closed();
    if (auto within = hold_to_quota(db, upload); !within) return std::unexpected(std::move(within.error()));
    if (!insert_upload(db, upload))
      return fail(ErrorKind::conflict, "exists", "An upload with this id or object key is there already.");
    count_upload(db, upload);
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

Result<Upload> SqliteUploads::set_multipart(const UploadId& id, const std::string& before,
                                            const std::string& after) {
  return database_->write([&](SQLite::Database& db) -> Result<Upload> {
    const int changed =
        change(db, "UPDATE uploads SET multipart = ? WHERE id = ? AND multipart = ? AND state = 'PENDING'",
               after, id, before);
    auto upload = select_upload(db, id);
    if (!upload) return no_such_upload();
    if (changed == 0)
      return fail(ErrorKind::conflict, "stale_version",
                  "The upload is sent in other parts by now, or is not waited for: read it again.");
    return *std::move(upload);
  });
}

Result<Upload> SqliteUploads::strike(const UploadId& id, Struck struck) {
  return database_->write([&](SQLite::Database& db) -> Result<Upload> {
    change(db, "UPDATE uploads SET struck_lowest = ?, struck_highest = ? WHERE id = ? AND kind = 'take'",
           std::int64_t{struck.lowest}, std::int64_t{struck.highest}, id);
    auto upload = select_upload(db, id);
    if (!upload) return no_such_upload();
    if (upload->kind != Kind::take) return rejected("not_a_take", "Only a take has ends to strike out.");
    return *std::move(upload);
  });
}

Result<Made> SqliteUploads::made_since(const OwnerId& owner, Time since) {
  return database_->read([&](SQLite::Database& db) -> Result<Made> { return count_made(db, owner, since); });
}

Result<std::uint64_t> SqliteUploads::declared_bytes() {
  return database_->read([](SQLite::Database& db) -> Result<std::uint64_t> { return total_bytes(db); });
}

Result<std::vector<StateCount>> SqliteUploads::count_uploads() {
  return database_->read([](SQLite::Database& db) -> Result<std::vector<StateCount>> {
    return all_rows(
        prepare(db, "SELECT state, kind, count(*), min(changed) FROM uploads GROUP BY state, kind"),
        [](Row& row) {
          return StateCount{row.state(), row.kind(), static_cast<std::size_t>(row.integer()), row.time()};
        });
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

Result<std::int64_t> SqliteUploads::last_sequence(const OwnerId& owner) {
  return database_->read([&](SQLite::Database& db) -> Result<std::int64_t> { return last_of(db, owner); });
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

Result<std::vector<Upload>> SqliteUploads::outdated(int core, const std::optional<UploadId>& after,
                                                    std::size_t limit) {
  const std::string last = after ? after->text() : std::string();
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<Upload>> {
    return all_rows(
        prepare(db,
                "SELECT " ORAK_UPLOAD_COLUMNS
                " FROM uploads WHERE state = 'COMPLETED' AND id > ? AND kind = 'take' "
                "AND EXISTS (SELECT 1 FROM reports WHERE upload = uploads.id AND core < ?) "
                "AND NOT EXISTS (SELECT 1 FROM jobs WHERE upload = uploads.id AND stage = 'analyze') "
                "AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE upload = uploads.id) "
                "ORDER BY id LIMIT ?",
                last, core, rows(limit)),
        read_upload);
  });
}

Result<Outdated> SqliteUploads::count_outdated(int core) {
  return database_->read([&](SQLite::Database& db) -> Result<Outdated> {
    const auto count = [](Row& row) { return static_cast<std::size_t>(row.integer()); };
    return *first_row(
        prepare(db,
                "SELECT count(*), "
                "count(*) FILTER (WHERE EXISTS (SELECT 1 FROM jobs WHERE upload = uploads.id AND stage = "
                "'analyze')), "
                "count(*) FILTER (WHERE EXISTS (SELECT 1 FROM dead_letters WHERE upload = uploads.id)), "
                "count(DISTINCT owner), coalesce(sum(size), 0) "
                "FROM reports JOIN uploads ON uploads.id = reports.upload "
                "WHERE core < ? AND state = 'COMPLETED' AND kind = 'take'",
                core),
        [&](Row& row) { return Outdated{count(row), count(row), count(row), count(row), count(row)}; });
  });
}

Result<void> SqliteUploads::erase(const UploadId& id, Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    const auto upload = select_upload(db, id);
    if (!upload) return no_such_upload();
    erase_upload(db, *upload, now);
    return {};
  });
}

Result<std::size_t> SqliteUploads::erase_owned(const OwnerId& owner, std::size_t limit, Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<std::size_t> {
    close_owner(db, owner, now);
    const auto erased = some_owned(db, owner, limit);
    for (const Upload& upload : erased) erase_upload(db, upload, now);
    if (erased.size() < limit) forget_counts(db, owner);
    return erased.size();
  });
}

Result<void> SqliteUploads::hand_over(const OwnerId& from, const OwnerId& to, Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    if (is_closed(db, to)) return owner_closed();
    close_owner(db, from, now);
    change(db, "UPDATE uploads SET owner = ? WHERE owner = ?", to, from);
    change(db, "UPDATE uploads_made SET owner = ? WHERE owner = ?", to, from);
    hand_transitions_over(db, from, to);
    return {};
  });
}

Result<std::unique_ptr<UploadStore>> open_sqlite_uploads(const std::filesystem::path& file) {
  auto database = Database::open(file);
  if (!database) return std::unexpected(std::move(database.error()));
  return std::make_unique<SqliteUploads>(*std::move(database));
}

}  // namespace orakgarak::storage
