#pragma once
// What a process counts and measures, for Prometheus. docs/metrics.md names every family.
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace orakgarak::telemetry {

using Labels = prometheus::Labels;
template <class Metric>
using Family = prometheus::Family<Metric>;
using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;

/// Safe from any thread. Families live as long as it does; those of one name are one.
class Metrics {
 public:
  Family<Counter>& counters(const std::string& name, const std::string& help);
  Family<Gauge>& gauges(const std::string& name, const std::string& help);
  Family<Histogram>& histograms(const std::string& name, const std::string& help);

  /// Called before each text(), one after the other: for what is cheap to look at and waits for nobody.
  void at_each_look(std::function<void()> look);

  /// All of them in Prometheus's text format, version 0.0.4.
  std::string text();

 private:
  prometheus::Registry registry_;
  std::mutex mutex_;
  std::vector<std::function<void()>> looks_;
};

/// The process_* families that every client library has, from /proc.
void measure_process(Metrics& metrics);

}  // namespace orakgarak::telemetry
