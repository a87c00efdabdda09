#pragma once
// A session as its person sees it.
#include "http/call.h"

namespace orakgarak::http {

/// Account of docs/openapi.yaml; null of a guest. Errors: retry.
Result<Json> account_json(Service& service, const people::OwnerId& owner);

/// Session of docs/openapi.yaml. Errors: retry.
Result<net::Response> session_response(Service& service, const people::Session& session, int status);

}  // namespace orakgarak::http
