#pragma once
// The listener for those who operate a process: /metrics, /healthz and /readyz.
#include <memory>

#include "app/meters.h"
#include "app/serve_options.h"
#include "http/health.h"
#include "net/server.h"

namespace orakgarak::app {

/// health and meters must outlive it. Errors: those of net::Server::start.
Result<std::unique_ptr<net::Server>> start_observing(const Listen& listen, http::Health& health,
                                                     Meters& meters);

}  // namespace orakgarak::app
