// What leaves the store: events to publish, uploads whose time has come, objects to remove.
#include "storage/postgres/statements.h"
#include "storage/postgres/store.h"

namespace orakgarak::storage::postgres {

using namespace uploads;

namespace {

bool held_by_another(Connection& db, const std::string& relay, Time now) {
  return any_row(query(db, "SELECT 1 FROM relay_lease WHERE relay <> $1 AND lease_until > $2", relay, now));
}

bool holds_until(Connection& db, const std::string& relay, Time least) {
  return any_row(query(db, "SELECT 1 FROM relay_lease WHERE relay = $1 AND lease_until >= $2", relay, least));
}

bool take_lease(Connection& db, const std::string& relay, Time now, Time lease_until) {
  return change(db,
                "UPDATE relay_lease SET relay = $1, lease_until = $3 WHERE relay = $1 OR lease_until <= $2",
                relay, now, lease_until) == 1;
}

std::unexpected<Error> relay_held(std::source_location where = std::source_location::current()) {
  return fail(ErrorKind::conflict, "relay_held", "Another relay publishes; it is its turn until it stops.",
              where);
}

std::vector<OutboxRow> select_due(Connection& db, Time now, std::size_t limit) {
  return all_rows(query(db,
                        "SELECT id, priority, upload::text, envelope FROM outbox "
                        "WHERE available_at <= $1 ORDER BY id LIMIT $2",
                        now, rows(limit)),
                  [](Row& row) { return OutboxRow{row.integer(), row.priority(), row.text(), row.text()}; });
}

}  // namespace

Result<std::vector<OutboxRow>> PostgresUploads::outbox_due(const std::string& relay, Time now,
                                                           Time lease_until, std::size_t limit) {
  // Every process looks often: a look that finds nothing, or another relay, or its own lease with more than
  // half of it left, writes nothing.
  const Time half = now + (lease_until - now) / 2;
  bool held = false;
  auto due = pool_->read([&](Connection& db) -> Result<std::vector<OutboxRow>> {
    if (held_by_another(db, relay, now)) return relay_held();
    held = holds_until(db, relay, half);
    return select_due(db, now, limit);
  });
  if (!due || due->empty() || held) return due;
  return pool_->write([&](Connection& db) -> Result<std::vector<OutboxRow>> {
    if (!take_lease(db, relay, now, lease_until)) return relay_held();
    return select_due(db, now, limit);
  });
}

Result<void> PostgresUploads::outbox_published(std::span<const std::int64_t> ids) {
  return pool_->once([&](Connection& db) -> Result<void> {
    // One that is being erased with its upload goes without us.
    change(db,
           "DELETE FROM outbox WHERE id IN "
           "(SELECT id FROM outbox WHERE id = ANY ($1) ORDER BY id FOR UPDATE SKIP LOCKED)",
           ids);
    return {};
  });
}

Result<std::vector<Upload>> PostgresUploads::due_to_expire(Time now, std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<Upload>> {
    return all_rows(query(db,
                          "SELECT " ORAK_UPLOAD_COLUMNS
                          " FROM uploads WHERE state = 'PENDING' AND expires <= $1 AND NOT EXISTS "
                          "(SELECT 1 FROM jobs WHERE jobs.upload = uploads.id) ORDER BY expires LIMIT $2",
                          now, rows(limit)),
                    read_upload);
  });
}

Result<std::vector<Upload>> PostgresUploads::due_to_clean(Time before, std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<Upload>> {
    return all_rows(
        query(db,
              "SELECT " ORAK_UPLOAD_COLUMNS " FROM uploads WHERE NOT gone AND state IN ('FAILED', 'EXPIRED') "
              "AND changed < $1 ORDER BY changed LIMIT $2",
              before, rows(limit)),
        read_upload);
  });
}

Result<std::vector<Upload>> PostgresUploads::pending_since(Time before, const std::optional<UploadId>& after,
                                                           std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<Upload>> {
    return all_rows(
        query(db,
              "SELECT " ORAK_UPLOAD_COLUMNS
              " FROM uploads WHERE state = 'PENDING' AND id > $1 AND created < $2 ORDER BY id LIMIT $3",
              after.value_or(before_all), before, rows(limit)),
        read_upload);
  });
}

Result<void> PostgresUploads::mark_gone(const UploadId& id, Time now) {
  return pool_->write([&](Connection& db) -> Result<void> {
    const auto upload = hold_upload(db, id);
    if (!upload) return no_such_upload();
    if (upload->state != State::failed && upload->state != State::expired)
      return fail(ErrorKind::conflict, "stale_version", "The upload is not FAILED or EXPIRED any more.");
    if (upload->gone) return {};
    change(db, "UPDATE uploads SET gone = true WHERE id = $1", id);
    put_removals(db, *upload, now);
    uncount_bytes(db, upload->declared.size);
    return {};
  });
}

Result<std::vector<Removal>> PostgresUploads::removals(Time now, std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<Removal>> {
    return all_rows(query(db,
                          "SELECT object_key, attempts FROM removals WHERE try_after <= $1 "
                          "ORDER BY try_after, id LIMIT $2",
                          now, rows(limit)),
                    [](Row& row) { return Removal{row.text(), row.small()}; });
  });
}

Result<void> PostgresUploads::postpone_removal(const std::string& object_key, Time until) {
  return pool_->once([&](Connection& db) -> Result<void> {
    change(db, "UPDATE removals SET attempts = attempts + 1, try_after = $2 WHERE object_key = $1",
           object_key, until);
    return {};
  });
}

Result<void> PostgresUploads::removed(const std::string& object_key) {
  return pool_->once([&](Connection& db) -> Result<void> {
    change(db, "DELETE FROM removals WHERE object_key = $1", object_key);
    return {};
  });
}

}  // namespace orakgarak::storage::postgres
