#include "storage/sqlite/people_statements.h"

namespace orakgarak::storage {

using namespace people;

Session read_session(Row& row) {
  return {.owner = row.id<OwnerId>(),
          .created = row.time(),
          .seen = row.time(),
          .expires = row.time(),
          .consent = row.small(),
          .consented = row.time()};
}

std::optional<Session> select_session(SQLite::Database& db, const std::string& token_hash, Time now) {
  return first_row(
      prepare(db, "SELECT " ORAK_SESSION_COLUMNS " FROM sessions WHERE token_hash = ? AND expires > ?",
              token_hash, now),
      read_session);
}

bool insert_session(SQLite::Database& db, const std::string& token_hash, const Session& session) {
  return change(db,
                "INSERT INTO sessions (token_hash, " ORAK_SESSION_COLUMNS
                ") VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                token_hash, session.owner, session.created, session.seen, session.expires,
                std::int64_t{session.consent}, session.consented) == 1;
}

std::unexpected<Error> no_session(std::source_location where) {
  return fail(ErrorKind::not_found, "no_session", "There is no session, or it has ended: consent anew.",
              where);
}

}  // namespace orakgarak::storage
