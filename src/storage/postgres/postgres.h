#pragma once
// Rows in PostgreSQL 15 or newer: what several processes, on one machine or many, share.
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "people/account_store.h"
#include "people/social_store.h"
#include "people/store.h"
#include "uploads/store.h"

namespace orakgarak::storage {

struct PostgresOptions {
  std::string url;                             ///< postgres://USER@HOST:PORT/DATABASE?…, as libpq reads it
  int connections = 8;                         ///< most of this process, beside one that watches
  std::chrono::milliseconds patience{5000};    ///< for a free connection, and for one to be made
  std::chrono::milliseconds statement{10000};  ///< the server ends a statement that takes longer
};

/// The connections of one process; made when they are first wanted, and anew where the server was away.
class PostgresPool;

/// Brings the schema up to this program's (migrations/postgres), however many processes start at once.
/// Errors: rejected "store_unusable" (no such database, no right, a URL that is none), "store_newer" (a newer
/// program has been there); retry "store_unavailable".
Result<std::shared_ptr<PostgresPool>> open_postgres(const PostgresOptions&);

/// How much of it is in use, now.
struct PostgresLoad {
  int busy = 0, idle = 0;  ///< connections
  int most = 0;            ///< PostgresOptions::connections
};
PostgresLoad postgres_load(PostgresPool&);

std::unique_ptr<uploads::UploadStore> postgres_uploads(std::shared_ptr<PostgresPool>);
std::unique_ptr<people::PeopleStore> postgres_people(std::shared_ptr<PostgresPool>);
std::unique_ptr<people::SocialStore> postgres_social(std::shared_ptr<PostgresPool>);
std::unique_ptr<people::AccountStore> postgres_accounts(std::shared_ptr<PostgresPool>);

/// What other processes have committed, told as it happens (LISTEN/NOTIFY). A wake-up only: one may be lost,
/// and after a lost connection `missed` says that any may have been.
struct PostgresWatch {
  std::function<void(const uploads::OwnerId&)> moved;  ///< this person's uploads have moved
  std::function<void()> outbox;                        ///< something waits to be published
  std::function<void()> missed;                        ///< also once it listens for the first time
};
class PostgresWatching {
 public:
  virtual ~PostgresWatching() = default;  ///< ends it; no call comes any more then
};
/// Calls come from one thread of its own, which makes its connection anew until it is there.
std::unique_ptr<PostgresWatching> watch_postgres(const PostgresOptions&, PostgresWatch);

}  // namespace orakgarak::storage
