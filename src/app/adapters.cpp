#include "app/adapters.h"

#include <fmt/format.h>

#include "app/adapter_urls.h"
#include "app/server_data.h"
#include "events/dispatcher.h"
#include "events/kafka/kafka.h"
#include "events/late.h"
#include "storage/local_objects/objects.h"
#include "storage/local_objects/presign.h"
#include "storage/s3_objects/s3.h"
#include "storage/sqlite/accounts.h"
#include "storage/sqlite/people.h"
#include "storage/sqlite/social.h"
#include "storage/sqlite/uploads.h"

namespace orakgarak::app {
namespace {

using namespace std::chrono_literals;

/// Puts what was opened into its place.
template <class Place, class T>
Result<void> keep(Place& place, Result<T> opened) {
  if (!opened) return std::unexpected(std::move(opened.error()));
  place = std::move(*opened);
  return {};
}

storage::PostgresOptions postgres_options(const Settings& settings, int connections) {
  storage::PostgresOptions options;
  options.url = settings.store;
  options.connections = connections;
  return options;
}

Result<Rows> postgres_rows(const Settings& settings, int connections) {
  const auto pool = storage::open_postgres(postgres_options(settings, connections));
  if (!pool) return std::unexpected(pool.error());
  return Rows{storage::postgres_uploads(*pool), storage::postgres_people(*pool),
              storage::postgres_accounts(*pool), storage::postgres_social(*pool), *pool};
}

/// Tries until it answers, or for as long as it gets.
Result<Rows> wait_for_postgres(const Settings& settings, const Opening& opening) {
  const auto until = std::chrono::steady_clock::now() + opening.database_wait;
  for (bool said = false;;) {
    auto rows = postgres_rows(settings, opening.connections);
    const bool late = std::chrono::steady_clock::now() >= until;
    if (rows || rows.error().kind != ErrorKind::retry || late) return rows;
    if (!std::exchange(said, true)) {
      rows.error().detail += fmt::format("; waiting for it, {} s at most", opening.database_wait.count());
      opening.complain(rows.error());
    }
    if (!opening.pause(1s))
      return fail(ErrorKind::conflict, "ended", "a signal came before the database did");
  }
}

Result<Rows> open_rows(const Settings& settings, const Opening& opening) {
  if (shares_rows(settings)) return wait_for_postgres(settings, opening);
  Rows rows;
  if (auto kept = keep(rows.uploads, storage::open_sqlite_uploads(database_file(settings))); !kept)
    return std::unexpected(std::move(kept.error()));
  if (auto kept = keep(rows.people, storage::open_sqlite_people(database_file(settings))); !kept)
    return std::unexpected(std::move(kept.error()));
  if (auto kept = keep(rows.social, storage::open_sqlite_social(database_file(settings))); !kept)
    return std::unexpected(std::move(kept.error()));
  if (auto kept = keep(rows.accounts, storage::open_sqlite_accounts(database_file(settings))); !kept)
    return std::unexpected(std::move(kept.error()));
  return rows;
}

Result<void> open_s3(Adapters& adapters, const Settings& settings, const Opening& opening) {
  const auto options = storage::parse_s3_url(settings.objects);
  if (!options) return std::unexpected(options.error());
  if (auto there = storage::check_s3(*options); !there) {
    if (there.error().kind != ErrorKind::retry) return there;
    opening.complain(there.error());
  }
  adapters.objects = storage::s3_objects(*options);
  adapters.presigner = storage::s3_presigner(*options);
  adapters.objects_origin = storage::s3_origin(*options);
  adapters.bucket = options->bucket;
  return {};
}

Result<void> open_objects(Adapters& adapters, const Settings& settings, const Opening& opening) {
  if (!settings.objects.empty()) return open_s3(adapters, settings, opening);
  adapters.objects_folder = objects_folder(settings);
  if (auto kept = keep(adapters.objects, storage::open_local_objects(adapters.objects_folder)); !kept)
    return kept;
  return keep(adapters.presigner, storage::open_local_presigner(adapters.objects_folder));
}

/// Two that serve one folder of objects, or one SQLite, would not know of each other. Who only works may
/// share the folder.
Result<uploads::OpenFile> take_folder(const Settings& settings, Role role) {
  if (shares_rows(settings) && !settings.objects.empty()) return uploads::OpenFile(-1);
  if (auto made = make_data_folder(settings); !made) return std::unexpected(std::move(made.error()));
  if (role == Role::works) return uploads::OpenFile(-1);
  return lock_for_serving(settings);
}

Result<events::KafkaOptions> kafka_options(const Settings& settings, const Opening& opening) {
  auto options = events::parse_kafka_url(settings.events);
  if (options) options->complain = opening.complain;
  return options;
}

Result<void> open_events(Adapters& adapters, const Settings& settings, const Opening& opening) {
  if (settings.events.empty()) {
    adapters.events = events::in_process_events();
    return {};
  }
  const auto options = kafka_options(settings, opening);
  if (!options) return std::unexpected(options.error());
  adapters.keeps_events = true;
  return keep(adapters.events,
              events::late_events([options = *options] { return events::open_kafka_events(options); },
                                  {.complain = options->complain}));
}

}  // namespace

bool shares_rows(const Settings& settings) { return !settings.store.empty(); }

Result<Adapters> open_adapters(const Settings& settings, const Opening& opening) {
  auto lock = take_folder(settings, opening.role);
  if (!lock) return std::unexpected(std::move(lock.error()));
  Adapters adapters{.lock = std::move(*lock)};
  if (auto kept = keep(adapters.rows, open_rows(settings, opening)); !kept)
    return std::unexpected(std::move(kept.error()));
  if (auto kept = open_objects(adapters, settings, opening); !kept)
    return std::unexpected(std::move(kept.error()));
  if (auto kept = open_events(adapters, settings, opening); !kept)
    return std::unexpected(std::move(kept.error()));
  return adapters;
}

std::unique_ptr<storage::PostgresWatching> watch_rows(const Settings& settings,
                                                      const storage::PostgresWatch& watch) {
  if (!shares_rows(settings)) return nullptr;
  return storage::watch_postgres(postgres_options(settings, 1), watch);
}

Result<std::unique_ptr<uploads::UploadStore>> open_uploads(const Settings& settings) {
  if (shares_rows(settings)) {
    auto rows = postgres_rows(settings, 1);
    if (!rows) return std::unexpected(std::move(rows.error()));
    return std::move(rows->uploads);
  }
  std::error_code ignored;
  if (!std::filesystem::exists(database_file(settings), ignored))
    return fail(
        ErrorKind::not_found, "no_server_data",
        fmt::format("{}: no server has run with this folder; name that of your server with --data, or "
                    "its database with --store",
                    settings.data.string()));
  return storage::open_sqlite_uploads(database_file(settings));
}

Result<std::unique_ptr<people::PeopleStore>> open_people(const Settings& settings) {
  if (shares_rows(settings)) {
    auto rows = postgres_rows(settings, 1);
    if (!rows) return std::unexpected(std::move(rows.error()));
    return std::move(rows->people);
  }
  if (auto made = make_data_folder(settings); !made) return std::unexpected(std::move(made.error()));
  return storage::open_sqlite_people(database_file(settings));
}

Result<std::unique_ptr<events::Events>> open_broker(const Settings& settings) {
  if (settings.events.empty())
    return fail(ErrorKind::not_found, "no_broker",
                "without --events kafka://… events stay within the server's process; it tells their lag at "
                "/v1/ops/events/lag");
  const auto options = events::parse_kafka_url(settings.events);
  if (!options) return std::unexpected(options.error());
  return events::open_kafka_events(*options);
}

std::string adapters_in_use(const Settings& settings) {
  const auto data = settings.data.string();
  if (settings.store.empty() && settings.objects.empty() && settings.events.empty()) return data;
  const auto s3 = storage::parse_s3_url(settings.objects);
  const auto kafka = events::parse_kafka_url(settings.events);
  return fmt::format(
      "{}; files in {}; events {}",
      shares_rows(settings) ? shown_store(settings.store) : fmt::format("SQLite under {}", data),
      s3 ? fmt::format("S3 bucket {} at {}", s3->bucket, storage::s3_origin(*s3))
         : fmt::format("a folder under {}", data),
      kafka ? fmt::format("over Kafka at {}", kafka->brokers) : "within the process");
}

}  // namespace orakgarak::app
