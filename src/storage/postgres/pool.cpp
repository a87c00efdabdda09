#include "storage/postgres/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <thread>

#include "storage/postgres/failure.h"

namespace orakgarak::storage {

using namespace postgres;

namespace {

constexpr int most_tries = 8;

/// Longer with each try, and never the same for two that met: 2 ms at most, then 4, up to 256.
void wait_before(int next_try) {
  thread_local std::minstd_rand random(std::random_device{}());
  std::uniform_real_distribution<double> milliseconds(0, static_cast<double>(1 << next_try) / 2);
  std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(milliseconds(random)));
}

bool rolled_back(Connection& db) {
  try {
    db.execute("ROLLBACK");
    return true;
  } catch (const std::runtime_error&) {
    return false;  // the first error is the one that is told
  }
}

}  // namespace

/// A borrowed connection; it is thrown away unless it is kept.
class PostgresPool::Turn {
 public:
  Turn(PostgresPool& pool, Owned connection) : pool_(pool), connection_(std::move(connection)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { pool_.give_back(keep_ ? std::move(connection_) : nullptr); }

  Connection& connection() { return *connection_; }
  void keep() { keep_ = true; }

 private:
  PostgresPool& pool_;
  Owned connection_;
  bool keep_ = false;
};

PostgresPool::PostgresPool(Address address, PostgresOptions options, std::unique_ptr<Connection> first)
    : address_(std::move(address)), options_(std::move(options)), made_(1) {
  idle_.push_back(std::move(first));
}

std::optional<Error> PostgresPool::attempt(Way way, const std::function<bool(Connection&)>& body,
                                           std::source_location where) {
  for (int tries = 1;; ++tries) {
    auto borrowed = borrow(where);
    if (!borrowed) return std::move(borrowed.error());
    Try tried;
    {
      Turn turn(*this, *std::move(borrowed));
      tried = try_once(turn.connection(), way, body, where);
      if (tried.usable) turn.keep();
    }
    if (!tried.error || !tried.again || tries == most_tries) return std::move(tried.error);
    wait_before(tries + 1);
  }
}

PostgresPool::Try PostgresPool::try_once(Connection& db, Way way,
                                         const std::function<bool(Connection&)>& body,
                                         std::source_location where) const {
  const bool transaction = way == Way::transaction;
  bool committing = way == Way::one_statement, begun = committing;
  const auto undone = [&] { return !transaction || rolled_back(db); };
  try {
    if (transaction) db.execute("BEGIN");
    begun = begun || transaction;
    const bool keep = body(db);
    committing = committing || (transaction && keep);
    if (transaction) db.execute(keep ? "COMMIT" : "ROLLBACK");
    return {};
  } catch (const StatementFailed& failed) {
    const bool renew = needs_new_connection(failed.state);
    return {undone() && !renew, renew || begin_anew(failed.state), error_of(address_, failed, where)};
  } catch (const ConnectionLost& lost) {
    // A connection that broke while it was idle is found out only now: nothing was asked of it yet.
    return {false, !begun, error_of(address_, lost, committing, where)};
  } catch (const UnstorableText&) {
    return {undone(), false, unstorable_text(where)};
  } catch (const UnreadableRow& unreadable) {
    const StatementFailed failed({}, fmt::format("{}, written by another program", unreadable.what()));
    return {undone(), false, error_of(address_, failed, where)};
  }
}

Result<PostgresPool::Owned> PostgresPool::borrow(std::source_location where) {
  const auto deadline = std::chrono::steady_clock::now() + options_.patience;
  std::unique_lock lock(mutex_);
  const auto is_free = [&] { return !idle_.empty() || made_ < options_.connections; };
  if (!freed_.wait_until(lock, deadline, is_free))
    return fail(
        ErrorKind::retry, "store_unavailable",
        fmt::format("All {} connections to the database {} have been in use for {} ms: let it have more, "
                    "or look what its server is busy with.",
                    options_.connections, address_.place(), options_.patience.count()),
        where);
  while (!idle_.empty()) {
    Owned connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->works()) return connection;
    --made_;
  }
  ++made_;
  lock.unlock();
  try {
    return std::make_unique<Connection>(address_, options_);
  } catch (const std::runtime_error& thrown) {
    give_back(nullptr);
    if (const auto* lost = dynamic_cast<const ConnectionLost*>(&thrown))
      return std::unexpected(error_of(address_, *lost, false, where));
    return std::unexpected(error_of(address_, StatementFailed({}, thrown.what()), where));
  }
}

PostgresLoad PostgresPool::load() {
  const std::lock_guard lock(mutex_);
  const int idle = static_cast<int>(idle_.size());
  return {.busy = made_ - idle, .idle = idle, .most = options_.connections};
}

PostgresLoad postgres_load(PostgresPool& pool) { return pool.load(); }

void PostgresPool::give_back(Owned connection) {
  const std::lock_guard lock(mutex_);
  if (connection)
    idle_.push_back(std::move(connection));
  else
    --made_;
  freed_.notify_one();
}

}  // namespace orakgarak::storage
