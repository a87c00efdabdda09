#pragma once
// A session as its person sees it.
#include "http/call.h"

namespace orakgarak::http {

/// Session of docs/openapi.yaml. Errors: retry.
Result<net::Response> session_response(Service& service, const people::Session& session, int status);

}  // namespace orakgarak::http
