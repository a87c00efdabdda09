#include "telemetry/metrics.h"

#include <prometheus/text_serializer.h>

namespace orakgarak::telemetry {

Family<Counter>& Metrics::counters(const std::string& name, const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
}

Family<Gauge>& Metrics::gauges(const std::string& name, const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
}

Family<Histogram>& Metrics::histograms(const std::string& name, const std::string& help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_);
}

void Metrics::at_each_look(std::function<void()> look) {
  const std::lock_guard lock(mutex_);
  looks_.push_back(std::move(look));
}

std::string Metrics::text() {
  const std::lock_guard lock(mutex_);
  for (const auto& look : looks_) look();
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace orakgarak::telemetry
