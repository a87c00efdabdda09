#pragma once
// Alertmanager as the operators' page asks it: GET /api/v2/alerts.
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "http/alerts.h"

namespace orakgarak::app {

/// Safe from any thread. However many ask, Alertmanager is asked once at a time and not again within a
/// second.
class Alertmanager {
 public:
  /// url: "http://127.0.0.1:9093", maybe with a path before /api.
  explicit Alertmanager(std::string url, std::chrono::milliseconds patience = std::chrono::seconds(2));

  /// Errors: retry "alerts_unavailable" (no answer within `patience`, another status than 200, or one of
  /// http::read_alerts).
  Result<std::vector<http::Alert>> firing();

 private:
  Result<std::vector<http::Alert>> ask() const;

  const std::string url_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> asked_;
  Result<std::vector<http::Alert>> answer_;
};

}  // namespace orakgarak::app
