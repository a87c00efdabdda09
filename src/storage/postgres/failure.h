#pragma once
// What a broken connection or a refused statement means to who asked.
#include "storage/postgres/connection.h"

namespace orakgarak::storage::postgres {

/// Retry "store_unavailable"; rejected "unstorable_text" where the server could not keep what was given to
/// it.
Error error_of(const Address&, const StatementFailed&, std::source_location);
/// Retry "store_unavailable". may_have_happened: it broke in a commit.
Error error_of(const Address&, const ConnectionLost&, bool may_have_happened, std::source_location);
Error unstorable_text(std::source_location);

/// Will it stay so until somebody changes the settings: no such database, no right?
bool is_for_good(std::string_view sqlstate);
/// Has the server rolled it back for the sake of another transaction, which is over by now?
bool begin_anew(std::string_view sqlstate);
/// Is this connection at a server, or in a state, that a new one would not be in?
bool needs_new_connection(std::string_view sqlstate);

}  // namespace orakgarak::storage::postgres
