#pragma once
// The connections of one process, and the only place where what goes wrong with them becomes an error, is
// tried again, or is given up.
//
// Isolation is READ COMMITTED, and it is enough: whatever belongs to an upload is only written by who holds
// that upload's row (SELECT … FOR UPDATE, or FOR NO KEY UPDATE), and read after that, so by statements that
// see all that its former holder has committed. A job is also taken and held longer by its own row alone,
// which the others lock after the upload's. What is counted of an owner is looked at and written under that
// owner's advisory lock; the bytes of all are compared and counted in one statement. Locks are taken in one
// order: owner, upload, job, sequence of the owner, bytes. So nothing has to be tried again for being
// serialised late, and what is left are deadlocks by accident, such as between a foreign key's cascade and
// the relay.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <source_location>
#include <utility>

#include "storage/postgres/connection.h"
#include "storage/postgres/rows.h"

namespace orakgarak::storage {

class PostgresPool {
 public:
  /// first: one that works already.
  PostgresPool(postgres::Address, PostgresOptions, std::unique_ptr<postgres::Connection> first);

  /// Runs `body` (Connection& -> Result<...>) in a transaction. Committed where `body` gives a value; nothing
  /// has happened where it gives an error. `body` may run several times: after a deadlock it begins anew.
  template <class Body>
  auto write(Body&& body, std::source_location where = std::source_location::current()) {
    return run(Way::transaction, std::forward<Body>(body), where);
  }
  /// Runs `body`, which is one statement, or several that need not see the same moment. They change nothing.
  template <class Body>
  auto read(Body&& body, std::source_location where = std::source_location::current()) {
    return run(Way::reading, std::forward<Body>(body), where);
  }
  /// Runs `body`, which is one statement that changes something: it is a transaction by itself.
  template <class Body>
  auto once(Body&& body, std::source_location where = std::source_location::current()) {
    return run(Way::one_statement, std::forward<Body>(body), where);
  }

  PostgresLoad load();

 private:
  enum class Way : std::uint8_t { reading, one_statement, transaction };
  using Owned = std::unique_ptr<postgres::Connection>;
  class Turn;
  struct Try {
    bool usable = true, again = false;
    std::optional<Error> error;
  };

  template <class Body>
  std::invoke_result_t<Body, postgres::Connection&> run(Way way, Body&& body, std::source_location where) {
    std::optional<std::invoke_result_t<Body, postgres::Connection&>> result;
    auto error = attempt(
        way,
        [&](postgres::Connection& db) {
          result.emplace(body(db));
          return result->has_value();
        },
        where);
    if (error) return std::unexpected(*std::move(error));
    return *std::move(result);
  }

  /// Nothing, where `body` came to an end; it says whether to commit.
  std::optional<Error> attempt(Way, const std::function<bool(postgres::Connection&)>& body,
                               std::source_location);
  Try try_once(postgres::Connection&, Way, const std::function<bool(postgres::Connection&)>& body,
               std::source_location) const;
  Result<Owned> borrow(std::source_location);
  void give_back(Owned);  ///< nothing where it is of no use any more

  const postgres::Address address_;
  const PostgresOptions options_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Owned> idle_;  ///< the last is lent first: those in front may go unused
  int made_ = 0;             ///< idle and lent
};

}  // namespace orakgarak::storage
