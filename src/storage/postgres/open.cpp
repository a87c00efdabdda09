#include <fmt/format.h>

#include "storage/postgres/failure.h"
#include "storage/postgres/migrate.h"
#include "storage/postgres/pool.h"

namespace orakgarak::storage {

using namespace postgres;

namespace {

constexpr int oldest_server = 150000;  // 15.0

Result<void> check_server(const Address& address, const Connection& db) {
  if (db.server_version() < oldest_server)
    return rejected("store_unusable",
                    fmt::format("The database {} is of PostgreSQL {}: 15 or newer is needed.",
                                address.place(), db.server_version() / 10000));
  if (const std::string encoding = db.server_encoding(); encoding != "UTF8")
    return rejected(
        "store_unusable",
        fmt::format("The database {} is in {}: create one with ENCODING 'UTF8'.", address.place(), encoding));
  return {};
}

Error for_good(Error error, std::string_view sqlstate) {
  if (!is_for_good(sqlstate)) return error;
  error.kind = ErrorKind::rejected;
  error.code = "store_unusable";
  return error;
}

}  // namespace

Result<std::shared_ptr<PostgresPool>> open_postgres(const PostgresOptions& options) {
  auto address = Address::parse(options.url);
  if (!address) return std::unexpected(std::move(address.error()));
  const auto where = std::source_location::current();
  try {
    auto first = std::make_unique<Connection>(*address, options);
    if (auto fits = check_server(*address, *first); !fits) return std::unexpected(std::move(fits.error()));
    if (auto migrated = migrate(*first, migrations()); !migrated)
      return std::unexpected(std::move(migrated.error()).in("opening " + address->place()));
    return std::make_shared<PostgresPool>(*std::move(address), options, std::move(first));
  } catch (const ConnectionLost& lost) {
    return std::unexpected(for_good(error_of(*address, lost, false, where), lost.state));
  } catch (const StatementFailed& failed) {
    return std::unexpected(for_good(error_of(*address, failed, where), failed.state));
  } catch (const std::runtime_error& thrown) {
    return std::unexpected(error_of(*address, StatementFailed({}, thrown.what()), where));
  }
}

}  // namespace orakgarak::storage
