#include "http/session.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "net/text.h"

namespace orakgarak::http {
namespace {

constexpr std::string_view attributes = "Path=/; HttpOnly; SameSite=Lax";

std::unexpected<Error> cross_site() {
  return rejected(
      "cross_site",
      "Another site sent this request; send it from this server's own page, or without Origin and "
      "Sec-Fetch-Site from a program.");
}

}  // namespace

bool under_tls(const Service& service, const net::RequestHead& head) {
  return head.secure || service.public_url.starts_with("https:");
}

std::string_view cookie_name(bool secure) {
  return secure ? "__Host-orakgarak_session" : "orakgarak_session";
}

std::string session_cookie(const people::Token& token, bool secure, Duration lives) {
  return fmt::format("{}={}; {}{}; Max-Age={}", cookie_name(secure), token.text, attributes,
                     secure ? "; Secure" : "",
                     std::chrono::duration_cast<std::chrono::seconds>(lives).count());
}

std::string ended_cookie(bool secure) {
  return fmt::format("{}=; {}{}; Max-Age=0", cookie_name(secure), attributes, secure ? "; Secure" : "");
}

Result<std::optional<Caller>> find_caller(const Service& service, const net::RequestHead& head, Time now) {
  const auto text = net::cookie(head, cookie_name(under_tls(service, head)));
  const auto token = text ? people::parse_token(*text) : std::nullopt;
  if (!token) return std::nullopt;
  auto hash = people::hash_of(*token);
  auto session = service.people.session(hash, now);
  if (!session) return std::unexpected(std::move(session.error()));
  return Caller{std::move(*session), std::move(hash)};
}

Result<void> check_same_site(const Service& service, const net::RequestHead& head) {
  if (head.method == net::Method::get || head.method == net::Method::head) return {};
  std::size_t origins = 0, sites = 0;
  for (const auto& [name, value] : head.fields.all()) {
    if (net::equal_ignoring_case(name, "Sec-Fetch-Site")) {
      if (++sites > 1 || (value != "same-origin" && value != "none")) return cross_site();
    } else if (net::equal_ignoring_case(name, "Origin")) {
      const auto own = fmt::format("{}://{}", head.secure ? "https" : "http", head.host);
      const bool ours = net::equal_ignoring_case(value, own) ||
                        (!service.public_url.empty() && net::equal_ignoring_case(value, service.public_url));
      if (++origins > 1 || !ours) return cross_site();
    }
  }
  return {};
}

Result<void> check_api_key(const Service& service, const net::RequestHead& head) {
  if (service.storage_event_keys.empty())
    return fail(ErrorKind::not_found, "not_found",
                "This server takes no events of an object store: --storage-events-key-file names no keys.");
  const auto given = people::hash_of({std::string(head.fields.get("X-Api-Key").value_or(""))});
  bool known = false;  // every key is compared, each in constant time
  for (const auto& key : service.storage_event_keys)
    known |= key.size() == given.size() && CRYPTO_memcmp(key.data(), given.data(), given.size()) == 0;
  if (known) return {};
  return fail(ErrorKind::not_found, "no_api_key",
              "This address needs a key of --storage-events-key-file: send it as X-Api-Key.");
}

Result<people::Operator> find_operator(people::PeopleStore& people, const net::RequestHead& head) {
  constexpr std::string_view scheme = "Bearer ";
  const auto field = head.fields.get("Authorization").value_or("");
  const bool bearer =
      field.size() > scheme.size() && net::equal_ignoring_case(field.substr(0, scheme.size()), scheme);
  const auto token = people::parse_token(bearer ? field.substr(scheme.size()) : "");
  auto found = people.operator_of(people::hash_of(token.value_or(people::Token{std::string(43, 'A')})));
  if (token && found) return found;
  if (!found && found.error().kind == ErrorKind::retry) return found;
  return fail(ErrorKind::not_found, "no_operator",
              "This address needs an operator's token: send it as Authorization: Bearer TOKEN "
              "(orakgarak operators add NAME makes one).");
}

}  // namespace orakgarak::http
