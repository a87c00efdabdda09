#pragma once
// A PostgreSQL database of one test, on the server that the tests share, for the suites of all ports that it
// holds.
#include <memory>
#include <string>
#include <vector>

#include "storage/postgres/postgres.h"

namespace orakgarak {

/// Runs one statement past the adapter; the first column of what it gives. Throws where it fails.
std::vector<std::string> psql(const std::string& url, const std::string& statement);

/// A schema is made three times as fast as a database, but who listens there hears all of its database, and
/// who ends its sessions ends those of all.
enum class Apart : bool { schema, database };

/// Empty: nobody has migrated it. Goes with the object, whoever still uses it.
class PostgresDatabase {
 public:
  explicit PostgresDatabase(Apart = Apart::database);
  PostgresDatabase(const PostgresDatabase&) = delete;
  PostgresDatabase& operator=(const PostgresDatabase&) = delete;
  ~PostgresDatabase();

  const std::string& name() const { return name_; }
  const std::string& url() const { return url_; }
  std::vector<std::string> run(const std::string& statement) const { return psql(url_, statement); }
  /// Of stores there may be many at once, so each has few connections. Throws where it cannot be opened.
  std::shared_ptr<storage::PostgresPool> open() const;
  /// The tables of which some row holds `text` anywhere, by name.
  std::vector<std::string> tables_mentioning(const std::string& text) const;

 private:
  const Apart apart_;
  const std::string server_, name_, url_;
};

}  // namespace orakgarak
