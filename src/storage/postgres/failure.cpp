#include "storage/postgres/failure.h"

#include <fmt/format.h>

namespace orakgarak::storage::postgres {
namespace {

struct Advice {
  std::string_view state;  ///< SQLSTATE, or how it begins
  const char* what_to_do;
};

constexpr Advice advices[] = {
    {"08", "check that its server runs and can be reached"},
    {"25006", "this server takes no changes: name the one that does"},
    {"28", "check the user, the password and pg_hba.conf"},
    {"3D000", "create it"},
    {"3F000", "create the schema of its search_path"},
    {"42501", "give its user the right to do so"},
    {"53100", "free some space on its disk"},
    {"53300", "let its server take more connections (max_connections), or let these processes make fewer"},
    {"57014", "a statement took longer than it may: look what else its server does"},
    {"57P", "wait until its server has started again"},
};

const char* advice(std::string_view state) {
  if (state.empty()) return advices[0].what_to_do;
  for (const auto& [begin, what_to_do] : advices)
    if (state.starts_with(begin)) return what_to_do;
  return "see the log of its server";
}

Error unavailable(const Address& address, std::string_view state, const char* what, const char* ending,
                  std::source_location where) {
  return {
      ErrorKind::retry,
      "store_unavailable",
      fmt::format("The database {} cannot be used: {}; {}.{}", address.place(), what, advice(state), ending),
      {{where, {}}}};
}

}  // namespace

Error error_of(const Address& address, const StatementFailed& failed, std::source_location where) {
  if (failed.state.starts_with("22")) return unstorable_text(where);
  return unavailable(address, failed.state, failed.what(), "", where);
}

Error error_of(const Address& address, const ConnectionLost& lost, bool may_have_happened,
               std::source_location where) {
  return unavailable(address, lost.state, lost.what(),
                     may_have_happened ? " It may have been done: read it again." : "", where);
}

Error unstorable_text(std::source_location where) {
  return {ErrorKind::rejected,
          "unstorable_text",
          "A text holds a NUL byte or is no UTF-8, which the database cannot keep: send it without.",
          {{where, {}}}};
}

bool is_for_good(std::string_view sqlstate) {
  return sqlstate.starts_with("28") || sqlstate == "3D000" || sqlstate == "3F000" || sqlstate == "42501";
}

bool begin_anew(std::string_view sqlstate) {
  return sqlstate == "40001" || sqlstate == "40P01";  // serialization_failure, deadlock_detected
}

bool needs_new_connection(std::string_view sqlstate) {
  return sqlstate == "25006"      // read_only_sql_transaction: it is a standby by now
         || sqlstate == "0A000";  // a statement that it has prepared is of an older schema
}

}  // namespace orakgarak::storage::postgres
