#include "http/router.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "http/health.h"
#include "http/pages.h"
#include "http/problem.h"
#include "http/session.h"
#include "net/text.h"
#include "telemetry/doing.h"
#include "telemetry/stack.h"
#include "uploads/storage_event.h"

namespace orakgarak::http {
namespace {

std::string_view next_segment(std::string_view& rest) {
  rest.remove_prefix(1);  // the slash
  const auto segment = rest.substr(0, rest.find('/'));
  rest.remove_prefix(segment.size());
  return segment;
}

net::Method as_routed(net::Method method) { return method == net::Method::head ? net::Method::get : method; }

constexpr RouteName other_route{"other", "other"}, page_route{"GET", "page"};
constexpr std::array<RouteName, 3> own_routes{{{"GET", "/healthz"}, {"GET", "/readyz"}, {"GET", "/docs"}}};

struct Found {
  const Route* route = nullptr;
  std::vector<std::string> captured;
  std::vector<std::string_view> allowed;  ///< methods of this address
};

Found find_route(const net::RequestHead& head) {
  Found found;
  for (const auto& route : routes()) {
    auto captured = match_path(route.pattern, head.path);
    if (!captured) continue;
    found.allowed.push_back(net::to_string(route.method));
    if (route.method == net::Method::get) found.allowed.push_back("HEAD");
    if (route.method != as_routed(head.method)) continue;
    found.route = &route;
    found.captured = std::move(*captured);
  }
  return found;
}

/// "application/json", with whatever parameters.
bool is_json(const net::RequestHead& head) {
  const auto type = head.fields.get("Content-Type").value_or("");
  return net::equal_ignoring_case(net::trimmed(type.substr(0, type.find(';'))), "application/json");
}

/// Sets who asks, or says why not.
Result<void> admit(Service& service, Access access, Call& call) {
  if (access == Access::store) return check_api_key(service, call.head);  // its holder is no browser
  if (auto ours = check_same_site(service, call.head); !ours) return ours;
  if (access == Access::operators) {
    auto who = find_operator(service.people, call.head);
    if (!who) return std::unexpected(std::move(who.error()));
    call.operator_name = std::move(who->name);
    return {};
  }
  auto caller = find_caller(service, call.head, call.now);
  if (!caller && (caller.error().kind == ErrorKind::retry || access != Access::anyone))
    return std::unexpected(std::move(caller.error()));
  if (caller) call.caller = std::move(*caller);
  if (access == Access::anyone) return {};
  if (!call.caller)
    return fail(ErrorKind::not_found, "no_session",
                "There is no session: consent with POST /v1/session first, and send its cookie.");
  if (access == Access::consented && call.caller->session.consent != consent_version)
    return rejected("consent_needed",
                    fmt::format("Consent was given to older words; read the current ones and consent to "
                                "version {} with POST /v1/session.",
                                consent_version));
  return {};
}

net::Response answer_error(Service& service, const Call& call, const Error& error) {
  if (status_of(error) >= 500) service.complain(error);
  auto response = problem(error, call.head.trace.id());
  if (error.code == "no_operator") response.fields.set("WWW-Authenticate", "Bearer");
  if (error.code == "no_api_key") response.fields.set("WWW-Authenticate", "X-Api-Key");
  return response;
}

net::Response handle(Service& service, const Route& route, const Call& call) {
  const telemetry::DoingNow doing(
      {.traceparent = call.head.trace.traceparent, .route = std::string(route.pattern)});
  try {
    auto response = route.handle(service, call);
    return response ? std::move(*response) : answer_error(service, call, response.error());
  } catch (...) {
    return answer_error(
        service, call,
        telemetry::thrown_error(ErrorKind::retry, "internal", "a request met a fault of ours"));
  }
}

std::unique_ptr<net::Exchange> serve_route(Service& service, const Route& route, Call call) {
  if (auto admitted = admit(service, route.access, call); !admitted)
    return net::answer(answer_error(service, call, admitted.error()));
  auto query = Query::parse(call.head.query, route.query);
  if (!query) return net::answer(problem(query.error(), call.head.trace.id()));
  call.query = std::move(*query);
  const bool brings = call.head.chunked || call.head.content_length.value_or(0) > 0;
  if (route.takes == Takes::nothing && !brings) return net::answer(handle(service, route, call));
  if (route.takes != Takes::nothing && !is_json(call.head))
    return net::answer(problem(415, "body_not_json",
                               "Send the body as JSON and say so: Content-Type: application/json.",
                               call.head.trace.id()));
  auto shared = std::make_shared<Call>(std::move(call));
  const std::size_t most =
      route.takes == Takes::event
          ? std::min<std::size_t>(service.limits.body_bytes, uploads::most_storage_event_bytes)
          : service.limits.body_bytes;
  return net::gather(
      shared->head, most,
      [&service, &route, shared](std::string body) {
        if (route.takes == Takes::json) {
          auto json = parse_json(body);
          if (!json) return problem(json.error(), shared->head.trace.id());
          shared->body = std::move(*json);
        } else if (route.takes == Takes::event) {
          shared->text = std::move(body);
        }
        return handle(service, route, *shared);
      },
      [most, shared] {
        return problem(413, "body_too_large",
                       fmt::format("The body has more than {} bytes; send a smaller one.", most),
                       shared->head.trace.id());
      });
}

}  // namespace

std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path) {
  std::vector<std::string> captured;
  while (!pattern.empty() && !path.empty()) {
    const auto expected = next_segment(pattern), segment = next_segment(path);
    if (expected.starts_with('{')) {
      if (segment.empty()) return std::nullopt;
      captured.emplace_back(segment);
    } else if (expected != segment) {
      return std::nullopt;
    }
  }
  return pattern.empty() && path.empty() ? std::optional(std::move(captured)) : std::nullopt;
}

RouteName route_name(const net::RequestHead& head) {
  if (head.path == "/v1" || head.path.starts_with("/v1/")) {
    const auto found = find_route(head);
    if (!found.route) return other_route;
    return {net::to_string(found.route->method), found.route->pattern};
  }
  if (as_routed(head.method) != net::Method::get || head.path.empty()) return other_route;
  for (const auto& name : own_routes)
    if (head.path == name.route || (name.route == "/docs" && head.path.starts_with("/docs/"))) return name;
  return page_route;
}

std::vector<RouteName> route_names() {
  std::vector<RouteName> names{other_route, page_route};
  names.insert(names.end(), own_routes.begin(), own_routes.end());
  for (const auto& route : routes()) names.push_back({net::to_string(route.method), route.pattern});
  return names;
}

net::Handler make_handler(Service& service) {
  return [&service](const net::RequestHead& head) -> std::unique_ptr<net::Exchange> {
    Call call{.head = head, .now = service.clock()};
    if (auto health = health_response(service.health, head, call.head.trace.id()))
      return net::answer(std::move(*health));
    if (head.path != "/v1" && !head.path.starts_with("/v1/"))
      return net::answer(page_response(service, call));
    auto found = find_route(head);
    if (found.allowed.empty())
      return net::answer(problem(404, "not_found",
                                 "There is nothing at this address; /docs lists what there is.",
                                 call.head.trace.id()));
    if (!found.route) {
      auto response = problem(405, "method_not_allowed",
                              fmt::format("This address takes {} only.", fmt::join(found.allowed, ", ")),
                              call.head.trace.id());
      response.fields.set("Allow", fmt::format("{}", fmt::join(found.allowed, ", ")));
      return net::answer(std::move(response));
    }
    call.captured = std::move(found.captured);
    return serve_route(service, *found.route, std::move(call));
  };
}

net::Fields security_fields(bool secure) {
  net::Fields fields{{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
                     {"X-Content-Type-Options", "nosniff"},
                     {"X-Frame-Options", "DENY"},
                     {"Referrer-Policy", "no-referrer"},
                     {"Permissions-Policy",
                      "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), interest-cohort=()"},
                     {"Cross-Origin-Opener-Policy", "same-origin"},
                     {"Cross-Origin-Resource-Policy", "same-origin"}};
  if (secure) fields.add("Strict-Transport-Security", "max-age=31536000");
  return fields;
}

net::Response refusal(const net::RequestHead& head, int status, const std::string& code,
                      const std::string& detail) {
  return problem(status, code, detail, head.trace.id());
}

}  // namespace orakgarak::http
