#pragma once
// What Prometheus's Alertmanager says of the alerts that fire, in the words of its API v2.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace orakgarak::http {

inline constexpr std::size_t most_alerts_bytes = std::size_t{1} << 20;
inline constexpr std::size_t most_alerts = 500;

/// A text is empty where the alert has no such label or annotation.
struct Alert {
  std::string name, severity, instance;
  std::string summary;  ///< what people feel
  std::string action;   ///< the first thing to do
  std::string runbook;  ///< http:// or https://, else empty: it becomes a link
  std::string since;    ///< RFC 3339, as Alertmanager writes it
  bool muted = false;   ///< silenced, or inhibited by another one: nobody is told
};

/// json: the answer of GET /api/v2/alerts. Those that page first, then by name and instance; the longest
/// there first. Errors: retry "alerts_unavailable": over a limit, or no such answer.
Result<std::vector<Alert>> read_alerts(std::string_view json);

}  // namespace orakgarak::http
