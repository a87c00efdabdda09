#pragma once
// From a request to its handler: the table of routes, and what is the same for all of them. In this order:
// address (404), method (405), where it comes from (403), who asks (401, 403), how often (429 of the route),
// what it brings (413, 415, 400).
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "http/call.h"

namespace orakgarak::http {

enum class Access : std::uint8_t {
  anyone,     ///< a session is looked up where there is one
  session,    ///< needs one
  consented,  ///< needs one that consented to the current words
  operators,  ///< needs an operator's token
  store,      ///< needs a key of the object store's events; nothing is there where none is configured
};
enum class Takes : std::uint8_t {
  nothing,
  json,
  event,  ///< JSON that the handler reads itself: Call::text
};

struct Route {
  net::Method method;        ///< HEAD is answered as GET
  std::string_view pattern;  ///< "/v1/uploads/{id}/sign"; {…} stands for one segment that is not empty
  Access access;
  Takes takes;
  std::span<const std::string_view> query;  ///< the names of its parameters
  Handle handle;
};

/// The segments that stand for {…} where `path` is of this pattern.
std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path);

/// All routes of the API, from every file of handlers.
std::span<const Route> routes();

/// What a request is counted under: the method and the pattern of its route. A few words for all others, so
/// that nobody can make names: "/healthz", "/readyz", "/docs", "page", and "other" of the method "other".
struct RouteName {
  std::string_view method, route;
};
RouteName route_name(const net::RequestHead& head);
/// All of them.
std::vector<RouteName> route_names();

/// Answers every request: the API under /v1, the documentation under /docs, all else from the built page.
/// The service has to outlive it.
net::Handler make_handler(Service& service);

/// Fields of every response of this server that does not set them itself. secure: served over TLS.
net::Fields security_fields(bool secure);

/// For ServerOptions::refuse.
net::Response refusal(const net::RequestHead& head, int status, const std::string& code,
                      const std::string& detail);

}  // namespace orakgarak::http
