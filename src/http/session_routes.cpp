#include <fmt/format.h>

#include "http/problem.h"
#include "http/routes.h"
#include "http/session.h"
#include "http/session_json.h"
#include "people/forget.h"

namespace orakgarak::http {
namespace {

std::int64_t seconds_of(Duration duration) {
  return std::chrono::ceil<std::chrono::seconds>(duration).count();
}

}  // namespace

Result<net::Response> about(Service& service, const Call&) {
  const auto& limits = service.limits;
  return json_response(200, {{"version", service.version},
                             {"consent_version", consent_version},
                             {"limits",
                              {{"upload_bytes", limits.upload_bytes},
                               {"image_bytes", limits.image_bytes},
                               {"image_pixels", limits.image_pixels},
                               {"take_seconds", limits.take.count()},
                               {"part_bytes", uploads::part_bytes},
                               {"presign_seconds", limits.presign.count()},
                               {"keep_failed_days", limits.keep_failed.count()},
                               {"keep_guest_days", limits.keep_guest.count()}}}});
}

Result<net::Response> get_session(Service& service, const Call& call) {
  if (!call.caller) return json_response(200, {{"consented", false}});
  return session_response(service, call.caller->session, 200);
}

Result<net::Response> consent(Service& service, const Call& call) {
  FieldReader fields(call.body, {"consent"});
  const auto version = fields.integer("consent", 1, INT64_MAX);
  if (fields.error()) return std::unexpected(*fields.error());
  if (version != consent_version)
    return fail(ErrorKind::conflict, "wrong_consent",
                fmt::format("The current words have version {}; read them and consent to that one.",
                            consent_version));
  if (call.caller) {
    auto renewed = service.people.consent(call.caller->token_hash, consent_version, call.now);
    if (renewed) return session_response(service, *renewed, 201);
    if (renewed.error().kind != ErrorKind::not_found) return std::unexpected(std::move(renewed.error()));
  }
  if (const auto wait = service.sessions_by_address.take(client_of(call.head.address), call.now))
    return too_many(
        "too_many_sessions",
        fmt::format("More than {} sessions an hour were begun from this address; try again later.",
                    service.limits.sessions_an_hour),
        seconds_of(*wait), call.head.trace.id());
  const auto token = people::new_token();
  const auto lives = Duration(service.limits.session);
  const auto begun = service.people.begin(uploads::OwnerId::make(call.now), people::hash_of(token),
                                          consent_version, call.now, call.now + lives);
  if (!begun) return std::unexpected(begun.error());
  auto response = session_response(service, *begun, 201);
  if (response)
    response->fields.add("Set-Cookie", session_cookie(token, under_tls(service, call.head), lives));
  return response;
}

Result<net::Response> sign_out(Service& service, const Call& call) {
  if (auto ended = service.people.end_session(call.caller->token_hash); !ended)
    return std::unexpected(std::move(ended.error()));
  service.events.close_session(call.caller->token_hash);
  auto response = no_content();
  response.fields.add("Set-Cookie", ended_cookie(under_tls(service, call.head)));
  return response;
}

Result<net::Response> delete_everything(Service& service, const Call& call) {
  service.events.close_person(call.owner());
  if (auto gone = people::forget(service.uploads, service.people, call.owner(), call.now); !gone)
    return std::unexpected(std::move(gone.error()));
  remove_erased(service, call.now);
  service.events.close_person(call.owner());  // one that opened meanwhile
  auto response = no_content();
  response.fields.add("Set-Cookie", ended_cookie(under_tls(service, call.head)));
  return response;
}

}  // namespace orakgarak::http
