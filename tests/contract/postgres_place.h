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

/// Empty: nobody has migrated it. Goes with the object, whoever still uses it.
class PostgresDatabase {
 public:
  PostgresDatabase();
  PostgresDatabase(const PostgresDatabase&) = delete;
  PostgresDatabase& operator=(const PostgresDatabase&) = delete;
  ~PostgresDatabase();

  const std::string& name() const { return name_; }
  std::string url() const { return server_.substr(0, server_.rfind('/') + 1) + name_; }
  std::vector<std::string> run(const std::string& statement) const { return psql(url(), statement); }
  /// Of stores there may be many at once, so each has few connections. Throws where it cannot be opened.
  std::shared_ptr<storage::PostgresPool> open() const;
  /// The tables of which some row holds `text` anywhere, by name.
  std::vector<std::string> tables_mentioning(const std::string& text) const;

 private:
  const std::string server_, name_;
};

}  // namespace orakgarak
