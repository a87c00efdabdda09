#include "http/routes.h"
#include "uploads/storage_event.h"

namespace orakgarak::http {

/// EventBridge asks no more than whether to send it again.
Result<net::Response> storage_event(Service& service, const Call& call) {
  const auto taken =
      uploads::take_storage_event(service.uploads, service.objects, call.text, service.bucket, call.now);
  if (!taken) return std::unexpected(taken.error());
  return no_content();
}

}  // namespace orakgarak::http
