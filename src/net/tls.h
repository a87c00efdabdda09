#pragma once
// What a server shows of itself under TLS.
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "net/server.h"

struct ssl_ctx_st;

namespace orakgarak::net {

struct FreeTlsContext {
  void operator()(ssl_ctx_st* context) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, FreeTlsContext>;

/// TLS 1.2 and newer, forward-secret ciphers only. Errors: rejected "bad_certificate" (which file, and why).
Result<TlsContext> load_tls(const TlsFiles& files);

/// When the certificate ends that is shown; nothing where there is none.
std::optional<Time> certificate_end(const TlsContext& context);

}  // namespace orakgarak::net
