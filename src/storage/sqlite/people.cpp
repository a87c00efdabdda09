#include "storage/sqlite/people.h"

#include "storage/sqlite/people_statements.h"
#include "storage/sqlite/rows.h"
#include "storage/sqlite/store.h"

namespace orakgarak::storage {

using namespace people;

namespace {

/// Reading a session writes at most this often.
constexpr std::chrono::minutes seen_every{1};

bool insert_guest(SQLite::Database& db, const OwnerId& owner, Time now) {
  return change(db, "INSERT INTO guests (owner, created, seen) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                owner, now, now) == 1;
}

void mark_seen(SQLite::Database& db, const std::string& token_hash, const OwnerId& owner, Time now) {
  change(db, "UPDATE sessions SET seen = ? WHERE token_hash = ?", now, token_hash);
  change(db, "UPDATE guests SET seen = max(seen, ?) WHERE owner = ?", now, owner);
}

bool is_guest(SQLite::Database& db, const OwnerId& owner) {
  return prepare(db, "SELECT 1 FROM guests WHERE owner = ?", owner).executeStep();
}

void put_feedback(SQLite::Database& db, const OwnerId& owner, const Feedback& feedback) {
  change(db,
         "INSERT OR REPLACE INTO feedback (owner, song, verdict, key_shift, octave_shift, at) "
         "VALUES (?, ?, ?, ?, ?, ?)",
         owner, feedback.song, std::string(to_string(feedback.verdict)), std::int64_t{feedback.key_shift},
         std::int64_t{feedback.octave_shift}, feedback.at);
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

Operator read_operator(Row& row) { return {row.text(), row.time()}; }

std::unexpected<Error> no_such_operator(std::source_location where = std::source_location::current()) {
  return fail(ErrorKind::not_found, "no_such_operator",
              "No operator is known by this: `orakgarak operators list` names them all.", where);
}

class SqlitePeople final : public PeopleStore {
 public:
  explicit SqlitePeople(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  Result<Session> begin(const OwnerId& owner, const std::string& token_hash, int consent, Time now,
                        Time expires) override {
    return database_->write([&](SQLite::Database& db) -> Result<Session> {
      const Session made{owner, now, now, expires, consent, now};
      if (!insert_guest(db, owner, now) || !insert_session(db, token_hash, made))
        return fail(ErrorKind::conflict, "exists", "This guest or this token is there already.");
      return made;
    });
  }

  Result<Session> session(const std::string& token_hash, Time now) override {
    auto found = database_->read([&](SQLite::Database& db) -> Result<Session> {
      auto session = select_session(db, token_hash, now);
      if (!session) return no_session();
      return *std::move(session);
    });
    if (!found || now - found->seen < seen_every) return found;
    return database_->write([&](SQLite::Database& db) -> Result<Session> {
      auto session = select_session(db, token_hash, now);
      if (!session) return no_session();
      mark_seen(db, token_hash, session->owner, now);
      session->seen = now;
      return *std::move(session);
    });
  }

  Result<Session> consent(const std::string& token_hash, int consent, Time now) override {
    return database_->write([&](SQLite::Database& db) -> Result<Session> {
      auto session = select_session(db, token_hash, now);
      if (!session) return no_session();
      change(db, "UPDATE sessions SET consent = ?, consented = ? WHERE token_hash = ?", std::int64_t{consent},
             now, token_hash);
      session->consent = consent;
      session->consented = now;
      return *std::move(session);
    });
  }

  Result<void> end_session(const std::string& token_hash) override {
    return database_->write([&](SQLite::Database& db) -> Result<void> {
      change(db, "DELETE FROM sessions WHERE token_hash = ?", token_hash);
      return {};
    });
  }

  Result<std::vector<OpenSession>> sessions(const OwnerId& owner, Time now) override {
    return database_->read([&](SQLite::Database& db) -> Result<std::vector<OpenSession>> {
      return all_rows(prepare(db,
                              "SELECT token_hash, " ORAK_SESSION_COLUMNS
                              " FROM sessions WHERE owner = ? AND expires > ? ORDER BY seen DESC, token_hash",
                              owner, now),
                      [](Row& row) { return OpenSession{row.text(), read_session(row)}; });
    });
  }

  Result<void> end_session_of(const OwnerId& owner, const std::string& token_hash) override {
    return database_->write([&](SQLite::Database& db) -> Result<void> {
      if (change(db, "DELETE FROM sessions WHERE owner = ? AND token_hash = ?", owner, token_hash) == 0)
        return fail(ErrorKind::not_found, "no_such_session", "You have no such session, or it has ended.");
      return {};
    });
  }

  Result<void> end_other_sessions(const OwnerId& owner, const std::string& kept_token_hash) override {
    return database_->write([&](SQLite::Database& db) -> Result<void> {
      change(db, "DELETE FROM sessions WHERE owner = ? AND token_hash <> ?", owner, kept_token_hash);
      return {};
    });
  }

  Result<std::size_t> end_expired(Time now) override {
    return database_->write([&](SQLite::Database& db) -> Result<std::size_t> {
      return static_cast<std::size_t>(change(db, "DELETE FROM sessions WHERE expires <= ?", now));
    });
  }

  Result<void> say(const OwnerId& owner, const Feedback& feedback) override {
    return database_->write([&](SQLite::Database& db) -> Result<void> {
      if (!is_guest(db, owner))
        return fail(ErrorKind::not_found, "no_such_guest", "There is no such guest any more.");
      put_feedback(db, owner, feedback);
      return {};
    });
  }

  Result<void> unsay(const OwnerId& owner, const std::string& song) override {
    return database_->write([&](SQLite::Database& db) -> Result<void> {
      if (change(db, "DELETE FROM feedback WHERE owner = ? AND song = ?", owner, song) == 0)
        return fail(ErrorKind::not_found, "no_feedback", "Nothing was said of this song.");
      return {};
    });
  }

  Result<std::vector<Feedback>> said(const OwnerId& owner) override {
    return database_->read([&](SQLite::Database& db) -> Result<std::vector<Feedback>> {
      return all_rows(prepare(db,
                              "SELECT song, verdict, key_shift, octave_shift, at FROM feedback "
                              "WHERE owner = ? ORDER BY at DESC, song",
                              owner),
                      read_feedback);
    });
  }

  Result<void> leave(const OwnerId& owner) override {
    return database_->write([&](SQLite::Database& db) -> Result<void> {
      change(db, "DELETE FROM sessions WHERE owner = ?", owner);
      change(db, "UPDATE guests SET seen = 0 WHERE owner = ?", owner);
      return {};
    });
  }

  Result<void> erase(const OwnerId& owner) override {
    return database_->write([&](SQLite::Database& db) -> Result<void> {
      change(db, "DELETE FROM guests WHERE owner = ?", owner);  // and with it all that refers to it
      return {};
    });
  }

  Result<std::vector<OwnerId>> unseen_since(Time before, std::size_t limit) override {
    return database_->read([&](SQLite::Database& db) -> Result<std::vector<OwnerId>> {
      return all_rows(prepare(db,
                              "SELECT owner FROM guests WHERE seen < ? AND (account IS NULL OR seen = 0) "
                              "ORDER BY seen, owner LIMIT ?",
                              before, rows(limit)),
                      [](Row& row) { return row.id<OwnerId>(); });
    });
  }

  Result<void> add_operator(const Operator& added, const std::string& token_hash) override {
    return database_->write([&](SQLite::Database& db) -> Result<void> {
      if (change(db,
                 "INSERT INTO operators (name, token_hash, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                 added.name, token_hash, added.created) == 0)
        return fail(ErrorKind::conflict, "exists",
                    "There is an operator of this name: choose another, or remove that one first.");
      return {};
    });
  }

  Result<std::vector<Operator>> operators() override {
    return database_->read([](SQLite::Database& db) -> Result<std::vector<Operator>> {
      return all_rows(prepare(db, "SELECT name, created FROM operators ORDER BY name"), read_operator);
    });
  }

  Result<void> remove_operator(const std::string& name) override {
    return database_->write([&](SQLite::Database& db) -> Result<void> {
      if (change(db, "DELETE FROM operators WHERE name = ?", name) == 0) return no_such_operator();
      return {};
    });
  }

  Result<Operator> operator_of(const std::string& token_hash) override {
    return database_->read([&](SQLite::Database& db) -> Result<Operator> {
      auto found = first_row(
          prepare(db, "SELECT name, created FROM operators WHERE token_hash = ?", token_hash), read_operator);
      if (!found) return no_such_operator();
      return *std::move(found);
    });
  }

 private:
  std::unique_ptr<Database> database_;
};

}  // namespace

Result<std::unique_ptr<PeopleStore>> open_sqlite_people(const std::filesystem::path& file) {
  auto database = Database::open(file);
  if (!database) return std::unexpected(std::move(database.error()));
  return std::make_unique<SqlitePeople>(*std::move(database));
}

}  // namespace orakgarak::storage
