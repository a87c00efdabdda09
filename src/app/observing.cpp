#include "app/observing.h"

#include "http/problem.h"
#include "http/router.h"

namespace orakgarak::app {

Result<std::unique_ptr<net::Server>> start_observing(const Listen& listen, http::Health& health,
                                                     Meters& meters) {
  net::ServerOptions options;
  options.address = listen.address;
  options.port = listen.port;
  options.always = http::security_fields(false);
  options.refuse = http::refusal;
  options.handler_threads = 1;
  options.most_connections = 64;
  return net::Server::start(options,
                            http::observing_handler(health, [&meters] { return meters.metrics().text(); }));
}

}  // namespace orakgarak::app
