#include "http/session_json.h"

namespace orakgarak::http {
Result<Json> account_json(Service& service, const people::OwnerId& owner) {
  const auto account = service.accounts.account(owner);
  if (account) return Json{{"email", account->email}, {"since", to_rfc3339(account->since)}};
  if (account.error().kind == ErrorKind::not_found) return Json(nullptr);
  return std::unexpected(account.error());
}

Result<net::Response> session_response(Service& service, const people::Session& session, int status) {
  auto account = account_json(service, session.owner);
  if (!account) return std::unexpected(std::move(account.error()));
  return json_response(status, {{"consented", session.consent == consent_version},
                                {"since", to_rfc3339(session.created)},
                                {"expires", to_rfc3339(session.expires)},
                                {"account", *std::move(account)}});
}

}  // namespace orakgarak::http
