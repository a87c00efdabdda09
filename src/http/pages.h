#pragma once
// What a browser sees: the built page, and the documentation of the API.
#include "http/call.h"

namespace orakgarak::http {

/// Everything outside of /v1.
net::Response page_response(Service& service, const Call& call);

/// Is this an address inside the page, which its script shows? "/", "/songs/0123456789abcdef".
bool is_page_address(std::string_view path);

/// /docs/openapi.yaml, as this program was built with it.
std::string_view openapi_text();

}  // namespace orakgarak::http
