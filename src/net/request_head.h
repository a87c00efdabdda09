#pragma once
// From the request line and fields to what a handler may rely on: one host, one length, a path that does not
// climb, and who asks.
#include "net/proxies.h"
#include "net/request_parser.h"

namespace orakgarak::net {

struct CheckedHead {
  RequestHead head;
  bool keep_alive = true;
  bool expects_continue = false;
  bool chunks_understood = true;  ///< HTTP/1.1
};

/// secure: whether the connection itself is under TLS.
std::expected<CheckedHead, Refusal> check_head(RawHead raw, const IpAddress& peer, bool secure,
                                               const TrustedProxies& proxies);

}  // namespace orakgarak::net
