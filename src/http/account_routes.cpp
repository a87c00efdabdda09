#include <algorithm>

#include "http/problem.h"
#include "http/routes.h"
#include "http/session.h"
#include "http/session_json.h"
#include "people/email.h"
#include "people/sign_in.h"

namespace orakgarak::http {
namespace {

using people::Account;

constexpr std::string_view of_email = "an e-mail address", of_password = "8 to 128 characters";

net::Response too_many_sign_ins(const Call& call, Duration wait) {
  return too_many("too_many_sign_ins", "There were too many attempts: wait as long as Retry-After says.",
                  std::chrono::ceil<std::chrono::seconds>(wait).count(), call.head.trace.id());
}

/// Of this request, whatever it comes to: each costs a run of argon2id.
std::optional<Duration> wait_of_address(Service& service, const Call& call) {
  return service.sign_ins_by_address.take(client_of(call.head.address), call.now);
}

struct Credentials {
  std::string email, password;
};
/// What is no address is nobody's: who signs in with it is told what anybody else is told.
std::optional<std::string> email_or_nobodys(std::string_view text) {
  return people::parse_email(text).value_or("");
}

Result<Credentials> read_credentials(const Call& call,
                                     std::optional<std::string> (*parse)(std::string_view)) {
  FieldReader fields(call.body, {"email", "password"});
  auto email = fields.read("email", parse, of_email);
  auto password = fields.read("password", people::parse_password, of_password);
  if (fields.error()) return std::unexpected(*fields.error());
  return Credentials{*std::move(email), *std::move(password)};
}

/// The token of a browser that has shown who it is, in the place of the one it had.
struct Renewed {
  people::Token token = people::new_token();
  people::Rotation rotation;
};
Renewed renew(const Service& service, const Call& call) {
  Renewed renewed;
  renewed.rotation = {call.caller ? call.caller->token_hash : "", people::hash_of(renewed.token), call.now,
                      call.now + Duration(service.limits.session)};
  return renewed;
}

Result<net::Response> answer_renewed(Service& service, const Call& call, const Renewed& renewed,
                                     const people::Session& session, int status) {
  if (call.caller) service.events.close_session(call.caller->token_hash);
  service.events.wake(session.owner);
  auto response = session_response(service, session, status);
  if (response)
    response->fields.add("Set-Cookie", session_cookie(renewed.token, under_tls(service, call.head),
                                                      Duration(service.limits.session)));
  return response;
}

/// Whose wrong passwords count together. A browser that is signed in to this account counts by itself: nobody
/// else can make it wait.
std::string key_of(const Call& call, const std::string& email, const std::optional<Account>& account) {
  const bool known = call.caller && account && call.caller->session.owner == account->owner;
  return known ? "session " + call.caller->token_hash : client_of(call.head.address) + " " + email;
}

std::unexpected<Error> wrong_credentials() {
  return fail(ErrorKind::rejected, "wrong_credentials", "The e-mail address or the password is wrong.");
}

/// Nothing where there is none. Errors: retry.
Result<std::optional<Account>> find_account(Service& service, const std::string& email) {
  auto account = service.accounts.account_by(email);
  if (account) return *std::move(account);
  if (account.error().kind == ErrorKind::not_found) return std::nullopt;
  return std::unexpected(std::move(account.error()));
}

}  // namespace

Result<net::Response> sign_up(Service& service, const Call& call) {
  const auto given = read_credentials(call, people::parse_email);
  if (!given) return std::unexpected(given.error());
  if (const auto wait = wait_of_address(service, call)) return too_many_sign_ins(call, *wait);
  auto hash = service.passwords.hash(given->password);
  if (!hash) return std::unexpected(std::move(hash.error()));
  const auto renewed = renew(service, call);
  const auto session =
      service.accounts.sign_up({call.owner(), call.now, given->email, *std::move(hash)}, renewed.rotation);
  if (!session) return std::unexpected(session.error());
  return answer_renewed(service, call, renewed, *session, 201);
}

Result<net::Response> sign_in(Service& service, const Call& call) {
  const auto given = read_credentials(call, email_or_nobodys);
  if (!given) return std::unexpected(given.error());
  if (const auto wait = wait_of_address(service, call)) return too_many_sign_ins(call, *wait);
  const auto account = find_account(service, given->email);
  if (!account) return std::unexpected(account.error());
  const auto key = key_of(call, given->email, *account);
  if (const auto wait = service.wrong_passwords.take(key, call.now)) return too_many_sign_ins(call, *wait);
  // As long for an address that nobody has.
  const auto right = service.passwords.verify(
      given->password, account->transform([](const Account& a) { return a.password; }));
  if (!right) return std::unexpected(right.error());
  if (!*right) return wrong_credentials();
  service.wrong_passwords.forgive(key);
  const auto renewed = renew(service, call);
  const auto here = call.caller ? std::optional(call.owner()) : std::nullopt;
  const auto session =
      people::sign_in(service.uploads, service.accounts, here, (*account)->owner, renewed.rotation);
  if (!session && session.error().kind == ErrorKind::not_found)
    return wrong_credentials();  // it left just now
  if (!session) return std::unexpected(session.error());
  return answer_renewed(service, call, renewed, *session, 200);
}

Result<net::Response> change_password(Service& service, const Call& call) {
  FieldReader fields(call.body, {"current", "password"});
  const auto current = fields.read("current", people::parse_password, of_password);
  const auto password = fields.read("password", people::parse_password, of_password);
  if (fields.error()) return std::unexpected(*fields.error());
  if (const auto wait = wait_of_address(service, call)) return too_many_sign_ins(call, *wait);
  const auto account = service.accounts.account(call.owner());
  if (!account) return std::unexpected(account.error());
  const auto key = key_of(call, account->email, *account);
  if (const auto wait = service.wrong_passwords.take(key, call.now)) return too_many_sign_ins(call, *wait);
  const auto right = service.passwords.verify(*current, account->password);
  if (!right) return std::unexpected(right.error());
  if (!*right) return wrong_credentials();
  service.wrong_passwords.forgive(key);
  const auto hash = service.passwords.hash(*password);
  if (!hash) return std::unexpected(hash.error());
  const auto renewed = renew(service, call);
  const auto session = service.accounts.change_password(call.owner(), *hash, renewed.rotation);
  if (!session) return std::unexpected(session.error());
  service.events.close_person(call.owner());
  return answer_renewed(service, call, renewed, *session, 200);
}

Result<net::Response> list_sessions(Service& service, const Call& call) {
  const auto sessions = service.people.sessions(call.owner(), call.now);
  if (!sessions) return std::unexpected(sessions.error());
  Json items = Json::array();
  for (const auto& [hash, session] : *sessions)
    items.push_back({{"id", hash},
                     {"since", to_rfc3339(session.created)},
                     {"seen", to_rfc3339(session.seen)},
                     {"expires", to_rfc3339(session.expires)},
                     {"this_one", hash == call.caller->token_hash}});
  return json_response(200, {{"items", items}});
}

Result<net::Response> end_one_session(Service& service, const Call& call) {
  const auto& hash = call.captured[0];
  if (hash == call.caller->token_hash) return sign_out(service, call);
  if (auto ended = service.people.end_session_of(call.owner(), hash); !ended)
    return std::unexpected(std::move(ended.error()));
  service.events.close_session(hash);
  return no_content();
}

Result<net::Response> end_other_sessions(Service& service, const Call& call) {
  if (auto ended = service.people.end_other_sessions(call.owner(), call.caller->token_hash); !ended)
    return std::unexpected(std::move(ended.error()));
  service.events.close_person(call.owner());  // this browser's comes back by itself
  return no_content();
}

}  // namespace orakgarak::http
