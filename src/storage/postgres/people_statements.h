#pragma once
// The statements that people and accounts share, each a function. All throw as Connection does, and all run
// inside the caller's transaction.
#include <optional>
#include <string>

#include "people/people.h"
#include "storage/postgres/rows.h"

namespace orakgarak::storage::postgres {

/// The columns that read_session reads.
#define ORAK_SESSION_COLUMNS "owner, created, seen, expires, consent, consented"
people::Session read_session(Row&);

std::optional<people::Session> select_session(Connection&, const std::string& token_hash, Time now);
/// False where the token is taken.
bool insert_session(Connection&, const std::string& token_hash, const people::Session&);

/// Nobody changes what is said of this person until this transaction ends: taken before all else of it, by
/// all.
void hold_guest(Connection&, const people::OwnerId&);

std::unexpected<Error> no_session(std::source_location where = std::source_location::current());

}  // namespace orakgarak::storage::postgres
