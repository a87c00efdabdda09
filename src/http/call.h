#pragma once
// One request on its way to its handler.
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/fields.h"
#include "http/service.h"
#include "net/http.h"

namespace orakgarak::http {

/// Who asks.
struct Caller {
  people::Session session;
  std::string token_hash;
};

struct Call {
  net::RequestHead head;
  std::vector<std::string> captured{};  ///< what stands in the path for {…}, in order
  Query query{};                        ///< held to the names that the route knows
  Json body{};                          ///< null where the route takes none
  std::string text{};                   ///< the body as it came, where the handler reads it itself
  Time now;
  std::optional<Caller> caller{};  ///< set wherever the route asks for a session
  std::string operator_name{};     ///< of the routes for operators

  const uploads::OwnerId& owner() const { return caller->session.owner; }
};

using Handle = Result<net::Response> (*)(Service&, const Call&);

net::Response json_response(int status, const Json& json);
net::Response no_content();
/// After something was erased: "deleted" is said once the bytes are gone too. What cannot be had now, upkeep
/// removes.
void remove_erased(Service& service, Time now);

/// "https://sing.example:8443": by which the client reaches this server, and the objects. From --public-url
/// and --public-objects-url, or else the request's Host.
std::string origin_of(const Service& service, const net::RequestHead& head);
std::string objects_origin_of(const Service& service, const net::RequestHead& head);
/// The scheme and host of this request with another port, as a browser writes an origin.
std::string own_origin(const net::RequestHead& head, std::uint16_t port);

}  // namespace orakgarak::http
