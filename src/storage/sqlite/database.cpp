#include "storage/sqlite/database.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

namespace orakgarak::storage {
namespace {

constexpr int busy_timeout_milliseconds = 10'000;
constexpr int journal_attempts = 100;

constexpr Migration migrations[] = {
#include "storage/sqlite/migrations.inc"
};

/// Makes the file readable by its owner alone. Not by opening it: to close a descriptor of a file on which
/// this process has a connection would drop that connection's locks.
void make_private(const std::filesystem::path& file) {
  (void)mknod(file.c_str(), S_IFREG | S_IRUSR | S_IWUSR, 0);  // fails where it exists; SQLite says the rest
}

/// The change to a write-ahead log does not wait for others by itself, and several may open a new file at
/// once.
void use_write_ahead_log(SQLite::Database& db) {
  for (int attempt = 1;; ++attempt) try {
      if (db.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal")
        throw SQLite::Exception("no write-ahead log can be kept here", SQLITE_CANTOPEN);
      return;
    } catch (const SQLite::Exception& thrown) {
      if (thrown.getErrorCode() != SQLITE_BUSY || attempt == journal_attempts) throw;
      sqlite3_sleep(busy_timeout_milliseconds / journal_attempts);
    }
}

void configure(SQLite::Database& db) {
  use_write_ahead_log(db);
  db.exec(
      "PRAGMA synchronous = FULL;"  // a commit that has returned survives loss of power
      "PRAGMA foreign_keys = ON;"
      "PRAGMA secure_delete = ON;"  // what is erased does not stay in free pages
      "PRAGMA trusted_schema = OFF;");
}

Result<void> migrate(SQLite::Database& db, std::span<const Migration> known) {
  db.exec(
      "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
  const auto version = static_cast<std::size_t>(
      db.execAndGet("SELECT coalesce(max(version), 0) FROM schema_version").getInt64());
  if (version > known.size())
    return rejected(
        "store_newer",
        fmt::format("The database has schema {}, this program knows up to {}: run the newer program.",
                    version, known.size()));
  for (std::size_t next = version; next < known.size(); ++next) {
    db.exec(known[next].sql);
    SQLite::Statement done(db, "INSERT INTO schema_version (version, name) VALUES (?, ?)");
    done.bind(1, static_cast<std::int64_t>(next + 1));
    done.bind(2, known[next].name);
    done.exec();
  }
  return {};
}

const char* advice(int code) {
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process has held it for too long";
    case SQLITE_FULL:
      return "free some space on its disk";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return "check that its folder exists and that both may be written";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "put back a copy from a backup";
    default:
      return "check its disk";
  }
}

Error error_of(ErrorKind kind, const char* code, const std::string& file, const std::exception& thrown,
               std::source_location where) {
  const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&thrown);
  const char* what_to_do =
      sqlite != nullptr ? advice(sqlite->getErrorCode()) : "it was changed by another program";
  return {kind,
          code,
          fmt::format("The database {} cannot be used: {}; {}.", file, thrown.what(), what_to_do),
          {{where, {}}}};
}

bool passes(int code) { return code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_FULL; }

}  // namespace

std::span<const Migration> sqlite_migrations() { return migrations; }

Database::Database(const std::filesystem::path& file, int flags)
    : file_(file.string()), connection_(file_, flags, busy_timeout_milliseconds) {}

Error Database::unavailable(const std::exception& thrown, std::source_location where) const {
  return error_of(ErrorKind::retry, "store_unavailable", file_, thrown, where);
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file,
                                                 std::span<const Migration> known) {
  try {
    make_private(file);
    // No mutex of SQLite's own: transact() holds one.
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    std::unique_ptr<Database> database(new Database(file, flags));
    configure(database->connection_);
    auto migrated = database->write([&](SQLite::Database& db) { return migrate(db, known); });
    if (!migrated) return std::unexpected(std::move(migrated.error()).in("opening " + file.string()));
    return database;
  } catch (const SQLite::Exception& thrown) {
    const bool later = passes(thrown.getErrorCode());
    return std::unexpected(error_of(later ? ErrorKind::retry : ErrorKind::rejected,
                                    later ? "store_unavailable" : "store_unusable", file.string(), thrown,
                                    std::source_location::current()));
  }
}

}  // namespace orakgarak::storage
