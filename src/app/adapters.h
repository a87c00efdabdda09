#pragma once
// The one place where adapters are chosen: by --store, --objects and --events, or else what needs no other
// program: SQLite, a folder, and this process.
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/settings.h"
#include "base/result.h"
#include "events/events.h"
#include "people/account_store.h"
#include "people/social_store.h"
#include "people/store.h"
#include "storage/postgres/postgres.h"
#include "uploads/objects.h"
#include "uploads/presign.h"
#include "uploads/store.h"

namespace orakgarak::app {

/// Where the rows are.
struct Rows {
  std::unique_ptr<uploads::UploadStore> uploads;
  std::unique_ptr<people::PeopleStore> people;
  std::unique_ptr<people::AccountStore> accounts;
  std::unique_ptr<people::SocialStore> social;
  std::shared_ptr<storage::PostgresPool> pool{};  ///< that all use; nothing with SQLite
};

/// What a process that serves or works has opened.
struct Adapters {
  uploads::OpenFile lock{-1};  ///< of the data folder, where it is ours alone; the last to go
  Rows rows{};
  std::unique_ptr<uploads::ObjectStore> objects{};
  std::unique_ptr<uploads::Presigner> presigner{};
  std::unique_ptr<events::Events> events{};
  std::filesystem::path objects_folder{};  ///< empty: the files are in S3, and no port of ours takes them
  std::string objects_origin{};            ///< by which everybody reaches S3; empty: the port of ours
  std::string bucket{};                    ///< in S3
  bool keeps_events = false;               ///< over a broker, from which other processes take their share
};

/// Beside those that handle requests and work: relay, event streams, upkeep, the question whether it is
/// ready.
inline constexpr int connections_beside = 4;

enum class Role : std::uint8_t { serves, works };

struct Opening {
  Role role = Role::serves;
  int connections = 8;                         ///< to the database, at most
  std::chrono::seconds database_wait{0};       ///< that it gets to answer in
  std::function<void(const Error&)> complain;  ///< of what is away and waited for; from any thread
  /// Lets time pass; false: the program is to end.
  std::function<bool(std::chrono::milliseconds)> pause;
};

/// Whether other processes may read and write the same rows: what they commit has to be told to this one.
bool shares_rows(const Settings&);

/// A database that is away is waited for, and said. An object store or a broker that is away hinders nobody:
/// it is said, and tried again. Errors: rejected "bad_objects_url", "bad_events_url", "objects_unusable",
/// "events_unusable", "store_unusable", "store_newer"; retry "store_unavailable"; conflict "ended" (by
/// `pause`); those of make_data_folder, lock_for_serving and the embedded adapters.
Result<Adapters> open_adapters(const Settings&, const Opening&);

/// What other processes commit; nothing where none may.
std::unique_ptr<storage::PostgresWatching> watch_rows(const Settings&, const storage::PostgresWatch&);

/// For commands that look at what is there. Errors: not_found "no_server_data" (no server has run with this
/// folder); those of the stores.
Result<std::unique_ptr<uploads::UploadStore>> open_uploads(const Settings&);
/// For commands that may come before the first start: makes what is missing. Errors: those of
/// make_data_folder and the stores.
Result<std::unique_ptr<people::PeopleStore>> open_people(const Settings&);
/// For commands that ask the broker. Errors: not_found "no_broker" (events are within the server's process);
/// those of Kafka.
Result<std::unique_ptr<events::Events>> open_broker(const Settings&);

/// The data folder, or where any adapter is another one "PostgreSQL at db/orakgarak; files in S3 bucket takes
/// at https://s3.example; events over Kafka at a:9092"; nothing secret.
std::string adapters_in_use(const Settings&);

}  // namespace orakgarak::app
