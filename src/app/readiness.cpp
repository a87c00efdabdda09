#include "app/readiness.h"

namespace orakgarak::app {

std::function<Result<void>()> store_probe(uploads::UploadStore& store) {
  return [&store]() -> Result<void> {
    const auto found = store.find(uploads::UploadId::make(system_now()));
    if (found || found.error().kind == ErrorKind::not_found) return {};
    return std::unexpected(found.error());
  };
}

}  // namespace orakgarak::app
