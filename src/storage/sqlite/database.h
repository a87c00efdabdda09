#pragma once
// One connection to one SQLite file, and the only place where SQLiteCpp's exceptions become errors.
#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <source_location>
#include <span>
#include <stdexcept>
#include <utility>

#include "base/result.h"

namespace orakgarak::storage {

struct Migration {
  const char* name;  ///< "001_uploads": its number is its place in the list
  const char* sql;
};

/// The migrations that this program carries.
std::span<const Migration> sqlite_migrations();

/// A row holds what this program never writes.
struct UnreadableRow : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Database {
 public:
  /// Opens or makes `file` and runs the migrations it lacks, in one transaction. Errors: see uploads.h.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file,
                                                std::span<const Migration> migrations = sqlite_migrations());

  /// Runs `body` (SQLite::Database& -> Result<...>) alone in a transaction that holds the one write lock from
  /// its start. Committed where `body` gives a value; nothing has happened where it gives an error.
  template <class Body>
  auto write(Body&& body, std::source_location where = std::source_location::current()) {
    return transact(SQLite::TransactionBehavior::IMMEDIATE, std::forward<Body>(body), where);
  }

  /// Runs `body` on one snapshot.
  template <class Body>
  auto read(Body&& body, std::source_location where = std::source_location::current()) {
    return transact(SQLite::TransactionBehavior::DEFERRED, std::forward<Body>(body), where);
  }

 private:
  Database(const std::filesystem::path& file, int flags);
  Error unavailable(const std::exception& thrown, std::source_location where) const;

  template <class Body>
  std::invoke_result_t<Body, SQLite::Database&> transact(SQLite::TransactionBehavior behaviour, Body&& body,
                                                         std::source_location where) {
    const std::lock_guard lock(mutex_);
    try {
      SQLite::Transaction transaction(connection_, behaviour);
      auto result = std::forward<Body>(body)(connection_);
      if (result) transaction.commit();
      return result;
    } catch (const SQLite::Exception& thrown) {
      return std::unexpected(unavailable(thrown, where));
    } catch (const UnreadableRow& thrown) {
      return std::unexpected(unavailable(thrown, where));
    }
  }

  std::mutex mutex_;
  std::string file_;
  SQLite::Database connection_;
};

}  // namespace orakgarak::storage
