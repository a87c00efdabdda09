#pragma once
// Errors as callers see them: problem details (RFC 9457), and the one mapping from codes to statuses.
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace orakgarak::http {

/// One kind of problem, as /docs/problems lists it.
struct KnownProblem {
  std::string_view code;  ///< stable
  int status;
  std::string_view title;  ///< of the kind, not of the occurrence
};
/// Sorted by status, then as they come up in the life of a request.
std::span<const KnownProblem> known_problems();

/// The status of the table where the code is there; else 400 rejected, 404 not_found, 409 conflict, 503
/// retry.
int status_of(const Error& error);

/// trace_id: 32 hexadecimal digits; empty: none.
net::Response problem(int status, std::string_view code, std::string_view detail, std::string_view trace_id);
/// A failing peer (503, 507) is described in general words: its detail names our folders and hosts.
net::Response problem(const Error& error, std::string_view trace_id);
/// 429 with Retry-After.
net::Response too_many(std::string_view code, std::string_view detail, std::int64_t retry_after_seconds,
                       std::string_view trace_id);

}  // namespace orakgarak::http
