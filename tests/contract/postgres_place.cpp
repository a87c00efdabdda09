#include "postgres_place.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>

#include "servers.h"

namespace orakgarak {
namespace {

std::string next_name() {
  static std::atomic<int> made = 0;
  return fmt::format("test_{}_{}", getpid(), ++made);
}

std::string quoted(std::string text) {
  for (auto at = text.find('\''); at != std::string::npos; at = text.find('\'', at + 2))
    text.insert(at, 1, '\'');
  return "'" + text + "'";
}

}  // namespace

std::vector<std::string> psql(const std::string& url, const std::string& statement) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()), PQfinish);
  PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);  // "drop cascades to 20 others"
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), statement.c_str()),
                                                             PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(statement + ": " + PQerrorMessage(connection.get()));
  std::vector<std::string> rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) rows.emplace_back(PQgetvalue(result.get(), row, 0));
  return rows;
}

PostgresDatabase::PostgresDatabase(Apart apart)
    : apart_(apart),
      server_(testing::server("ORAKGARAK_TEST_POSTGRES")),
      name_(next_name()),
      url_(apart == Apart::schema ? fmt::format("{}?options=-csearch_path%3D{}", server_, name_)
                                  : server_.substr(0, server_.rfind('/') + 1) + name_) {
  psql(server_, (apart_ == Apart::schema ? "CREATE SCHEMA " : "CREATE DATABASE ") + name_);
}

PostgresDatabase::~PostgresDatabase() {
  try {
    psql(server_, apart_ == Apart::schema ? "DROP SCHEMA " + name_ + " CASCADE"
                                          : "DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "%s\n", thrown.what());
  }
}

std::shared_ptr<storage::PostgresPool> PostgresDatabase::open() const {
  auto pool = storage::open_postgres({.url = url(), .connections = 4});
  if (!pool) throw std::runtime_error(pool.error().detail);
  return *std::move(pool);
}

std::vector<std::string> PostgresDatabase::tables_mentioning(const std::string& text) const {
  // Each column is searched by a statement of its own, which query_to_xml runs: XML where it finds a row.
  return run(fmt::format(
      "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = current_schema() AND "
      "query_to_xml(format(CASE data_type "
      "WHEN 'bytea' THEN 'SELECT 1 FROM %I WHERE position(convert_to(%L, ''UTF8'') IN %I) > 0' "
      "ELSE 'SELECT 1 FROM %I WHERE position(%L IN %I::text) > 0' END, table_name, {}, column_name), "
      "false, false, '')::text LIKE '%<row%' ORDER BY 1",
      quoted(text)));
}

}  // namespace orakgarak
