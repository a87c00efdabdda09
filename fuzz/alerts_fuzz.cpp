// Any bytes as what Alertmanager says: what is read keeps to the limits, and a link is one.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/alerts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak::http;
  const auto alerts = read_alerts({reinterpret_cast<const char*>(data), size});
  if (!alerts) return 0;
  if (alerts->size() > most_alerts || size > most_alerts_bytes) std::abort();
  for (const auto& alert : *alerts)
    if (alert.name.empty() || (!alert.runbook.empty() && !alert.runbook.starts_with("http"))) std::abort();
  return 0;
}
