#include "storage/postgres/people_statements.h"

namespace orakgarak::storage::postgres {

using namespace people;

Session read_session(Row& row) {
  return {.owner = row.id<OwnerId>(),
          .created = row.time(),
          .seen = row.time(),
          .expires = row.time(),
          .consent = row.small(),
          .consented = row.time()};
}

std::optional<Session> select_session(Connection& db, const std::string& token_hash, Time now) {
  return first_row(
      query(db, "SELECT " ORAK_SESSION_COLUMNS " FROM sessions WHERE token_hash = $1 AND expires > $2",
            token_hash, now),
      read_session);
}

bool insert_session(Connection& db, const std::string& token_hash, const Session& session) {
  return change(db,
                "INSERT INTO sessions (token_hash, " ORAK_SESSION_COLUMNS
                ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                token_hash, session.owner, session.created, session.seen, session.expires, session.consent,
                session.consented) == 1;
}

void hold_guest(Connection& db, const OwnerId& owner) {
  query(db, "SELECT 1 FROM guests WHERE owner = $1 FOR NO KEY UPDATE", owner);
}

std::unexpected<Error> no_session(std::source_location where) {
  return fail(ErrorKind::not_found, "no_session", "There is no session, or it has ended: consent anew.",
              where);
}

}  // namespace orakgarak::storage::postgres
