#include <algorithm>

#include "storage/postgres/statements.h"
#include "storage/postgres/store.h"

namespace orakgarak::storage::postgres {

using namespace uploads;

namespace {

/// Nothing where the id or the object key is taken.
std::optional<Upload> insert_upload(Connection& db, const NewUpload& upload) {
  const Declared& declared = upload.declared;
  return first_row(
      query(db,
            "INSERT INTO uploads (id, owner, kind, content_type, size, sha256, file_name, object_key, state, "
            "version, created, changed, expires, traceparent, backing_sha256, backing_started_seconds) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'PENDING', 1, $9, $9, $10, $11, $12, $13) "
            "ON CONFLICT DO NOTHING RETURNING " ORAK_UPLOAD_COLUMNS,
            upload.id, upload.owner, upload.kind, declared.content_type,
            static_cast<std::int64_t>(declared.size), declared.sha256, Written{declared.file_name},
            upload.object_key, upload.now, upload.expires, upload.traceparent,
            declared.backing.transform([](const Backing& b) { return b.sha256; }),
            declared.backing.transform([](const Backing& b) { return b.started.value; })),
      read_upload);
}

constexpr std::chrono::hours counted_for{24};

/// Counts it, and forgets what is counted no more.
void count_upload(Connection& db, const NewUpload& upload) {
  change(db, "DELETE FROM uploads_made WHERE owner = $1 AND at < $2", upload.owner, upload.now - counted_for);
  change(db, "INSERT INTO uploads_made (owner, at) VALUES ($1, $2)", upload.owner, upload.now);
}

Made count_made(Connection& db, const OwnerId& owner, Time since) {
  return first_row(query(db, "SELECT count(*), min(at) FROM uploads_made WHERE owner = $1 AND at >= $2",
                         owner, since),
                   [](Row& row) {
                     return Made{static_cast<std::size_t>(row.integer()),
                                 row.unless_null(1, [&] { return row.time(); })};
                   })
      .value();
}

/// Compares and counts at once. The row is everybody's: it is taken as the last, and held for a commit only.
bool count_bytes(Connection& db, const NewUpload& upload) {
  if (upload.declared.size > upload.quota.total_bytes) return false;
  return change(db, "UPDATE upload_bytes SET total = total + $1 WHERE total <= $2 - $1",
                static_cast<std::int64_t>(upload.declared.size),
                static_cast<std::int64_t>(upload.quota.total_bytes)) == 1;
}

bool is_closed(Connection& db, const OwnerId& owner) {
  return any_row(query(db, "SELECT 1 FROM closed_owners WHERE owner = $1", owner));
}

std::unexpected<Error> owner_closed(std::source_location where = std::source_location::current()) {
  return fail(ErrorKind::conflict, "owner_closed",
              "Everything of this person is being deleted, or has become another's.", where);
}

void close_owner(Connection& db, const OwnerId& owner, Time now) {
  change(db, "DELETE FROM closed_owners WHERE at < $1", now - counted_for);
  change(db, "INSERT INTO closed_owners (owner, at) VALUES ($1, $2) ON CONFLICT DO NOTHING", owner, now);
}

std::vector<Upload> hold_some_owned(Connection& db, const OwnerId& owner, std::size_t limit) {
  return all_rows(query(db,
                        "SELECT " ORAK_UPLOAD_COLUMNS
                        " FROM uploads WHERE owner = $1 ORDER BY id LIMIT $2 FOR NO KEY UPDATE",
                        owner, rows(limit)),
                  read_upload);
}

/// And with it all that refers to it. Its bytes are still to be uncounted: gives how many.
std::uint64_t erase_upload(Connection& db, const Upload& upload, Time now) {
  put_removals(db, upload, now);
  change(db, "DELETE FROM uploads WHERE id = $1", upload.id);
  return upload.gone ? 0 : upload.declared.size;
}

void forget_counts(Connection& db, const OwnerId& owner) {
  change(db, "DELETE FROM uploads_made WHERE owner = $1", owner);
  change(db, "DELETE FROM owner_sequences WHERE owner = $1", owner);
}

std::int64_t last_of(Connection& db, const OwnerId& owner) {
  return first_row(query(db, "SELECT last FROM owner_sequences WHERE owner = $1", owner),
                   [](Row& row) { return row.integer(); })
      .value_or(0);
}

/// They come after those that `to` has had, in their order. No upload of `from` moves until this transaction
/// ends: who calls this holds them all.
void hand_transitions_over(Connection& db, const OwnerId& from, const OwnerId& to) {
  const std::int64_t more = last_of(db, from);
  const auto last =
      first_row(query(db,
                      "INSERT INTO owner_sequences AS s (owner, last) VALUES ($1, $2) "
                      "ON CONFLICT (owner) DO UPDATE SET last = s.last + excluded.last RETURNING last",
                      to, more),
                [](Row& row) { return row.integer(); })
          .value();
  change(db, "UPDATE history SET owner = $2, owner_sequence = owner_sequence + $3 WHERE owner = $1", from, to,
         last - more);
  change(db, "DELETE FROM owner_sequences WHERE owner = $1", from);
}

HistoryEntry read_entry(Row& row) {
  return {row.integer(), row.unless_null(1, [&] { return row.state(); }),
          row.state(),   row.small(),
          row.text(),    row.time()};
}

OwnerEvent read_event(Row& row) { return {row.integer(), row.id<UploadId>(), read_entry(row)}; }

}  // namespace

Result<Upload> PostgresUploads::insert(const NewUpload& upload) {
  return pool_->write([&](Connection& db) -> Result<Upload> {
    hold_owner(db, upload.owner);
    if (is_closed(db, upload.owner)) return owner_closed();
    if (count_made(db, upload.owner, upload.quota.since).uploads >= upload.quota.uploads)
      return fail(ErrorKind::retry, "too_many_uploads",
                  "You have sent as many files as one person may in this time: wait a little.");
    auto made = insert_upload(db, upload);
    if (!made)
      return fail(ErrorKind::conflict, "exists", "An upload with this id or object key is there already.");
    count_upload(db, upload);
    record_transition(db, *made, {1, std::nullopt, State::pending, 0, "created", upload.now});
    if (!count_bytes(db, upload))
      return fail(ErrorKind::retry, "store_full",
                  "There is no room for this file at the moment: try again later, or send a shorter one.");
    return *std::move(made);
  });
}

Result<Upload> PostgresUploads::find(const UploadId& id) {
  return pool_->read([&](Connection& db) -> Result<Upload> {
    auto found = select_upload(db, id);
    if (!found) return no_such_upload();
    return *std::move(found);
  });
}

Result<std::vector<Upload>> PostgresUploads::list(const UploadFilter& filter,
                                                  const std::optional<UploadId>& before, std::size_t limit) {
  // Only the conditions that are asked for, so that each has its index.
  std::string sql = "SELECT " ORAK_UPLOAD_COLUMNS " FROM uploads WHERE true";
  std::vector<Parameter> values;
  const auto given = [&](const char* condition, const auto& value) {
    if (!value) return;
    values.push_back(parameter(*value));
    sql.append(condition).append(" $").append(std::to_string(values.size()));
  };
  given(" AND owner =", filter.owner);
  given(" AND state =", filter.state);
  given(" AND kind =", filter.kind);
  given(" AND id <", before);
  given(" ORDER BY id DESC LIMIT", std::optional(rows(limit)));
  return pool_->read([&](Connection& db) -> Result<std::vector<Upload>> {
    return all_rows(db.run(sql, values), read_upload);
  });
}

Result<std::vector<HistoryEntry>> PostgresUploads::history(const UploadId& id) {
  return pool_->read([&](Connection& db) -> Result<std::vector<HistoryEntry>> {
    auto entries = all_rows(query(db,
                                  "SELECT version, from_state, to_state, attempt, why, at FROM history "
                                  "WHERE upload = $1 ORDER BY version",
                                  id),
                            read_entry);
    if (entries.empty()) return no_such_upload();
    return entries;
  });
}

Result<Upload> PostgresUploads::set_multipart(const UploadId& id, const std::string& before,
                                              const std::string& after) {
  return pool_->write([&](Connection& db) -> Result<Upload> {
    auto changed = first_row(query(db,
                                   "UPDATE uploads SET multipart = $3 WHERE id = $1 AND multipart = $2 "
                                   "AND state = 'PENDING' RETURNING " ORAK_UPLOAD_COLUMNS,
                                   id, before, after),
                             read_upload);
    if (changed) return *std::move(changed);
    if (!select_upload(db, id)) return no_such_upload();
    return fail(ErrorKind::conflict, "stale_version",
                "The upload is sent in other parts by now, or is not waited for: read it again.");
  });
}

Result<Upload> PostgresUploads::strike(const UploadId& id, Struck struck) {
  return pool_->write([&](Connection& db) -> Result<Upload> {
    auto changed = first_row(query(db,
                                   "UPDATE uploads SET struck_lowest = $2, struck_highest = $3 "
                                   "WHERE id = $1 AND kind = 'take' RETURNING " ORAK_UPLOAD_COLUMNS,
                                   id, struck.lowest, struck.highest),
                             read_upload);
    if (changed) return *std::move(changed);
    if (!select_upload(db, id)) return no_such_upload();
    return rejected("not_a_take", "Only a take has ends to strike out.");
  });
}

Result<Made> PostgresUploads::made_since(const OwnerId& owner, Time since) {
  return pool_->read([&](Connection& db) -> Result<Made> { return count_made(db, owner, since); });
}

Result<std::uint64_t> PostgresUploads::declared_bytes() {
  return pool_->read([](Connection& db) -> Result<std::uint64_t> {
    return first_row(query(db, "SELECT total FROM upload_bytes"),
                     [](Row& row) { return static_cast<std::uint64_t>(row.integer()); })
        .value_or(0);
  });
}

Result<std::vector<StateCount>> PostgresUploads::count_uploads() {
  return pool_->read([](Connection& db) -> Result<std::vector<StateCount>> {
    return all_rows(query(db, "SELECT state, kind, count(*), min(changed) FROM uploads GROUP BY state, kind"),
                    [](Row& row) {
                      return StateCount{row.state(), row.kind(), static_cast<std::size_t>(row.integer()),
                                        row.time()};
                    });
  });
}

Result<std::vector<OwnerEvent>> PostgresUploads::owner_events(const OwnerId& owner, std::int64_t sequence,
                                                              std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<OwnerEvent>> {
    return all_rows(query(db,
                          "SELECT owner_sequence, upload, version, from_state, to_state, attempt, why, at "
                          "FROM history WHERE owner = $1 AND owner_sequence > $2 "
                          "ORDER BY owner_sequence LIMIT $3",
                          owner, sequence, rows(limit)),
                    read_event);
  });
}

Result<std::int64_t> PostgresUploads::last_sequence(const OwnerId& owner) {
  return pool_->read([&](Connection& db) -> Result<std::int64_t> { return last_of(db, owner); });
}

Result<Upload> PostgresUploads::move(const Move& move) {
  return pool_->write([&](Connection& db) { return transition(db, move); });
}

Result<std::string> PostgresUploads::report(const UploadId& id) {
  return pool_->read([&](Connection& db) -> Result<std::string> {
    auto report = first_row(query(db, "SELECT report FROM reports WHERE upload = $1", id),
                            [](Row& row) { return row.text(); });
    if (!report) return fail(ErrorKind::not_found, "no_report", "There is no report of this upload.");
    return *std::move(report);
  });
}

Result<std::vector<Upload>> PostgresUploads::outdated(int core, const std::optional<UploadId>& after,
                                                      std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<Upload>> {
    return all_rows(
        query(db,
              "SELECT " ORAK_UPLOAD_COLUMNS
              " FROM uploads WHERE state = 'COMPLETED' AND id > $2 AND kind = 'take' "
              "AND EXISTS (SELECT 1 FROM reports WHERE upload = uploads.id AND core < $1) "
              "AND NOT EXISTS (SELECT 1 FROM jobs WHERE upload = uploads.id AND stage = 'analyze') "
              "AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE upload = uploads.id) "
              "ORDER BY id LIMIT $3",
              core, after.value_or(before_all), rows(limit)),
        read_upload);
  });
}

Result<Outdated> PostgresUploads::count_outdated(int core) {
  return pool_->read([&](Connection& db) -> Result<Outdated> {
    const auto count = [](Row& row) { return static_cast<std::size_t>(row.integer()); };
    return first_row(
               query(db,
                     "SELECT count(*), count(jobs.id), count(dead_letters.job), count(DISTINCT owner), "
                     "coalesce(sum(size), 0)::bigint "
                     "FROM reports JOIN uploads ON uploads.id = reports.upload "
                     "LEFT JOIN jobs ON jobs.upload = uploads.id AND jobs.stage = 'analyze' "
                     "LEFT JOIN dead_letters ON dead_letters.upload = uploads.id "
                     "WHERE core < $1 AND state = 'COMPLETED' AND kind = 'take'",
                     core),
               [&](Row& row) { return Outdated{count(row), count(row), count(row), count(row), count(row)}; })
        .value();
  });
}

Result<void> PostgresUploads::erase(const UploadId& id, Time now) {
  return pool_->write([&](Connection& db) -> Result<void> {
    const auto upload = hold_upload(db, id);
    if (!upload) return no_such_upload();
    uncount_bytes(db, erase_upload(db, *upload, now));
    return {};
  });
}

Result<std::size_t> PostgresUploads::erase_owned(const OwnerId& owner, std::size_t limit, Time now) {
  return pool_->write([&](Connection& db) -> Result<std::size_t> {
    hold_owner(db, owner);
    close_owner(db, owner, now);
    const auto erased = hold_some_owned(db, owner, limit);
    std::uint64_t bytes = 0;
    for (const Upload& upload : erased) bytes += erase_upload(db, upload, now);
    if (erased.size() < limit) forget_counts(db, owner);
    uncount_bytes(db, bytes);
    return erased.size();
  });
}

Result<void> PostgresUploads::hand_over(const OwnerId& from, const OwnerId& to, Time now) {
  return pool_->write([&](Connection& db) -> Result<void> {
    hold_owner(db, std::min(from, to));  // in one order, whoever else hands over
    hold_owner(db, std::max(from, to));
    if (is_closed(db, to)) return owner_closed();
    close_owner(db, from, now);
    change(db, "UPDATE uploads SET owner = $2 WHERE owner = $1", from, to);  // which holds them all
    change(db, "UPDATE uploads_made SET owner = $2 WHERE owner = $1", from, to);
    hand_transitions_over(db, from, to);
    query(db, "SELECT pg_notify('orakgarak_moved', $1::text)", to.text());
    return {};
  });
}

}  // namespace orakgarak::storage::postgres

namespace orakgarak::storage {

std::unique_ptr<uploads::UploadStore> postgres_uploads(std::shared_ptr<PostgresPool> pool) {
  return std::make_unique<postgres::PostgresUploads>(std::move(pool));
}

}  // namespace orakgarak::storage
