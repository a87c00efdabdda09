#include "storage/postgres/migrate.h"

#include <fmt/format.h>

#include "storage/postgres/rows.h"

namespace orakgarak::storage::postgres {
namespace {

constexpr Migration carried[] = {
#include "storage/postgres/migrations.inc"
};

std::size_t schema_version(Connection& db) {
  return first_row(query(db, "SELECT coalesce(max(version), 0) FROM schema_version"),
                   [](Row& row) { return static_cast<std::size_t>(row.integer()); })
      .value_or(0);
}

bool is_current(Connection& db, std::size_t known) {
  return any_row(query(db, "SELECT 1 WHERE to_regclass('schema_version') IS NOT NULL")) &&
         schema_version(db) == known;
}

std::unexpected<Error> newer(std::size_t version, std::size_t known) {
  return rejected(
      "store_newer",
      fmt::format("The database has schema {}, this program knows up to {}: run the newer program.", version,
                  known));
}

/// Waits for whoever migrates at the moment, however long that takes, and sees what they have done.
void take_turn(Connection& db) {
  db.execute("BEGIN; SET LOCAL statement_timeout = 0");
  db.execute("SELECT pg_advisory_xact_lock(hashtextextended('orakgarak migrations', 0))", true);
  db.execute("CREATE TABLE IF NOT EXISTS schema_version (version bigint PRIMARY KEY, name text NOT NULL)");
}

void run_missing(Connection& db, std::span<const Migration> known, std::size_t version) {
  for (; version < known.size(); ++version) {
    db.execute(known[version].sql, true);
    change(db, "INSERT INTO schema_version (version, name) VALUES ($1, $2)",
           static_cast<std::int64_t>(version + 1), std::string(known[version].name));
  }
}

}  // namespace

std::span<const Migration> migrations() { return carried; }

Result<void> migrate(Connection& db, std::span<const Migration> known) {
  if (is_current(db, known.size())) return {};
  take_turn(db);
  const std::size_t version = schema_version(db);
  const bool too_new = version > known.size();
  if (!too_new) run_missing(db, known, version);
  db.execute(too_new ? "ROLLBACK" : "COMMIT");
  if (too_new) return newer(version, known.size());
  return {};
}

}  // namespace orakgarak::storage::postgres
