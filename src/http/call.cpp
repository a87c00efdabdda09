#include "http/call.h"

#include "uploads/upkeep.h"

namespace orakgarak::http {
namespace {

std::string_view scheme_of(const net::RequestHead& head) { return head.secure ? "https://" : "http://"; }

/// Without its port; an IPv6 address keeps its brackets.
std::string_view name_of(std::string_view host) {
  const auto bracket = host.rfind(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return host.substr(0, colon);
}

}  // namespace

net::Response json_response(int status, const Json& json) {
  net::Response response;
  response.status = status;
  response.fields = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = formats::to_line(json) + "\n";
  return response;
}

net::Response no_content() {
  net::Response response;
  response.status = 204;
  response.fields = {{"Cache-Control", "no-store"}};
  return response;
}

void remove_erased(Service& service, Time now) {
  if (auto removed = uploads::remove_erased(service.uploads, service.objects, now); !removed)
    service.complain(removed.error());
}

std::string origin_of(const Service& service, const net::RequestHead& head) {
  if (!service.public_url.empty()) return service.public_url;
  return std::string(scheme_of(head)) + head.host;
}

std::string objects_origin_of(const Service& service, const net::RequestHead& head) {
  if (!service.public_objects_url.empty()) return service.public_objects_url;
  return own_origin(head, service.objects_port);
}

std::string own_origin(const net::RequestHead& head, std::uint16_t port) {
  const bool usual = port == (head.secure ? 443 : 80);  // an origin leaves it out
  return std::string(scheme_of(head)) + std::string(name_of(head.host)) +
         (usual ? "" : ":" + std::to_string(port));
}

}  // namespace orakgarak::http
