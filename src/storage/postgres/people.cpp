#include "storage/postgres/people_statements.h"
#include "storage/postgres/pool.h"
#include "storage/postgres/postgres.h"

namespace orakgarak::storage::postgres {

using namespace people;

namespace {

/// Reading a session writes at most this often.
constexpr std::chrono::minutes seen_every{1};

bool insert_guest(Connection& db, const OwnerId& owner, Time now) {
  return change(db, "INSERT INTO guests (owner, created, seen) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING",
                owner, now) == 1;
}

/// Nothing where the session has ended meanwhile. A later time stays: of two at once either may come first.
std::optional<Session> mark_seen(Connection& db, const std::string& token_hash, const OwnerId& owner,
                                 Time now) {
  hold_guest(db, owner);
  auto session = first_row(query(db,
                                 "UPDATE sessions SET seen = greatest(seen, $2) "
                                 "WHERE token_hash = $1 AND expires > $2 RETURNING " ORAK_SESSION_COLUMNS,
                                 token_hash, now),
                           read_session);
  if (session) change(db, "UPDATE guests SET seen = greatest(seen, $2) WHERE owner = $1", owner, now);
  return session;
}

/// Is there such a guest? It stays until this transaction ends.
bool keep_guest(Connection& db, const OwnerId& owner) {
  return any_row(query(db, "SELECT 1 FROM guests WHERE owner = $1 FOR KEY SHARE", owner));
}

void put_feedback(Connection& db, const OwnerId& owner, const Feedback& feedback) {
  change(
      db,
      "INSERT INTO feedback (owner, song, verdict, key_shift, octave_shift, at) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (owner, song) DO UPDATE SET verdict = excluded.verdict, "
      "key_shift = excluded.key_shift, octave_shift = excluded.octave_shift, at = excluded.at",
      owner, feedback.song, feedback.verdict, feedback.key_shift, feedback.octave_shift, feedback.at);
}

Feedback read_feedback(Row& row) {
  std::string song = row.text();
  const auto verdict = parse_verdict(row.text());
  if (!verdict) throw UnreadableRow("a verdict is an unknown word");
  return {.song = std::move(song),
          .key_shift = row.small(),
          .octave_shift = row.small(),
          .verdict = *verdict,
          .at = row.time()};
}

Operator read_operator(Row& row) { return {row.written(), row.time()}; }

std::unexpected<Error> no_such_operator(std::source_location where = std::source_location::current()) {
  return fail(ErrorKind::not_found, "no_such_operator",
              "No operator is known by this: `orakgarak operators list` names them all.", where);
}

class PostgresPeople final : public PeopleStore {
 public:
  explicit PostgresPeople(std::shared_ptr<PostgresPool> pool) : pool_(std::move(pool)) {}

  Result<Session> begin(const OwnerId& owner, const std::string& token_hash, int consent, Time now,
                        Time expires) override {
    return pool_->write([&](Connection& db) -> Result<Session> {
      const Session made{owner, now, now, expires, consent, now};
      if (!insert_guest(db, owner, now) || !insert_session(db, token_hash, made))
        return fail(ErrorKind::conflict, "exists", "This guest or this token is there already.");
      return made;
    });
  }

  Result<Session> session(const std::string& token_hash, Time now) override {
    auto found = pool_->read([&](Connection& db) -> Result<Session> {
      auto session = select_session(db, token_hash, now);
      if (!session) return no_session();
      return *std::move(session);
    });
    if (!found || now - found->seen < seen_every) return found;
    return pool_->write([&](Connection& db) -> Result<Session> {
      auto session = mark_seen(db, token_hash, found->owner, now);
      if (!session) return no_session();
      return *std::move(session);
    });
  }

  Result<Session> consent(const std::string& token_hash, int consent, Time now) override {
    return pool_->once([&](Connection& db) -> Result<Session> {
      auto session = first_row(query(db,
                                     "UPDATE sessions SET consent = $2, consented = $3 "
                                     "WHERE token_hash = $1 AND expires > $3 RETURNING " ORAK_SESSION_COLUMNS,
                                     token_hash, consent, now),
                               read_session);
      if (!session) return no_session();
      return *std::move(session);
    });
  }

  Result<void> end_session(const std::string& token_hash) override {
    return pool_->once([&](Connection& db) -> Result<void> {
      change(db, "DELETE FROM sessions WHERE token_hash = $1", token_hash);
      return {};
    });
  }

  Result<std::vector<OpenSession>> sessions(const OwnerId& owner, Time now) override {
    return pool_->read([&](Connection& db) -> Result<std::vector<OpenSession>> {
      return all_rows(query(db,
                            "SELECT token_hash, " ORAK_SESSION_COLUMNS
                            " FROM sessions WHERE owner = $1 AND expires > $2 ORDER BY seen DESC, token_hash",
                            owner, now),
                      [](Row& row) { return OpenSession{row.text(), read_session(row)}; });
    });
  }

  Result<void> end_session_of(const OwnerId& owner, const std::string& token_hash) override {
    return pool_->once([&](Connection& db) -> Result<void> {
      if (change(db, "DELETE FROM sessions WHERE owner = $1 AND token_hash = $2", owner, token_hash) == 0)
        return fail(ErrorKind::not_found, "no_such_session", "You have no such session, or it has ended.");
      return {};
    });
  }

  Result<void> end_other_sessions(const OwnerId& owner, const std::string& kept_token_hash) override {
    return pool_->once([&](Connection& db) -> Result<void> {
      change(db, "DELETE FROM sessions WHERE owner = $1 AND token_hash <> $2", owner, kept_token_hash);
      return {};
    });
  }

  Result<std::size_t> end_expired(Time now) override {
    return pool_->once([&](Connection& db) -> Result<std::size_t> {
      return static_cast<std::size_t>(change(db, "DELETE FROM sessions WHERE expires <= $1", now));
    });
  }

  Result<void> say(const OwnerId& owner, const Feedback& feedback) override {
    return pool_->write([&](Connection& db) -> Result<void> {
      if (!keep_guest(db, owner))
        return fail(ErrorKind::not_found, "no_such_guest", "There is no such guest any more.");
      put_feedback(db, owner, feedback);
      return {};
    });
  }

  Result<void> unsay(const OwnerId& owner, const std::string& song) override {
    return pool_->once([&](Connection& db) -> Result<void> {
      if (change(db, "DELETE FROM feedback WHERE owner = $1 AND song = $2", owner, song) == 0)
        return fail(ErrorKind::not_found, "no_feedback", "Nothing was said of this song.");
      return {};
    });
  }

  Result<std::vector<Feedback>> said(const OwnerId& owner) override {
    return pool_->read([&](Connection& db) -> Result<std::vector<Feedback>> {
      return all_rows(query(db,
                            "SELECT song, verdict, key_shift, octave_shift, at FROM feedback "
                            "WHERE owner = $1 ORDER BY at DESC, song",
                            owner),
                      read_feedback);
    });
  }

  Result<void> leave(const OwnerId& owner) override {
    return pool_->write([&](Connection& db) -> Result<void> {
      change(db, "UPDATE guests SET seen = 0 WHERE owner = $1", owner);  // which holds the guest
      change(db, "DELETE FROM sessions WHERE owner = $1", owner);
      return {};
    });
  }

  Result<void> erase(const OwnerId& owner) override {
    return pool_->once([&](Connection& db) -> Result<void> {
      change(db, "DELETE FROM guests WHERE owner = $1", owner);  // and with it all that refers to it
      return {};
    });
  }

  Result<std::vector<OwnerId>> unseen_since(Time before, std::size_t limit) override {
    return pool_->read([&](Connection& db) -> Result<std::vector<OwnerId>> {
      return all_rows(query(db,
                            "SELECT owner FROM guests WHERE seen < $1 AND (account IS NULL OR seen = 0) "
                            "ORDER BY seen, owner LIMIT $2",
                            before, rows(limit)),
                      [](Row& row) { return row.id<OwnerId>(); });
    });
  }

  Result<void> add_operator(const Operator& added, const std::string& token_hash) override {
    return pool_->once([&](Connection& db) -> Result<void> {
      if (change(
              db,
              "INSERT INTO operators (name, token_hash, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
              Written{added.name}, token_hash, added.created) == 0)
        return fail(ErrorKind::conflict, "exists",
                    "There is an operator of this name: choose another, or remove that one first.");
      return {};
    });
  }

  Result<std::vector<Operator>> operators() override {
    return pool_->read([](Connection& db) -> Result<std::vector<Operator>> {
      return all_rows(query(db, "SELECT name, created FROM operators ORDER BY name"), read_operator);
    });
  }

  Result<void> remove_operator(const std::string& name) override {
    return pool_->once([&](Connection& db) -> Result<void> {
      if (change(db, "DELETE FROM operators WHERE name = $1", Written{name}) == 0) return no_such_operator();
      return {};
    });
  }

  Result<Operator> operator_of(const std::string& token_hash) override {
    return pool_->read([&](Connection& db) -> Result<Operator> {
      auto found = first_row(
          query(db, "SELECT name, created FROM operators WHERE token_hash = $1", token_hash), read_operator);
      if (!found) return no_such_operator();
      return *std::move(found);
    });
  }

 private:
  std::shared_ptr<PostgresPool> pool_;
};

}  // namespace

}  // namespace orakgarak::storage::postgres

namespace orakgarak::storage {

std::unique_ptr<people::PeopleStore> postgres_people(std::shared_ptr<PostgresPool> pool) {
  return std::make_unique<postgres::PostgresPeople>(std::move(pool));
}

}  // namespace orakgarak::storage
