#include "telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <thread>

namespace orakgarak::telemetry {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// Of a series without labels, as the text has it.
double value_of(const std::string& text, const std::string& name) {
  const auto at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

TEST(Metrics, AreToldInPrometheusTextFormat) {
  Metrics metrics;
  metrics.counters("takes_total", "Takes.").Add({{"kind", "take"}}).Increment(2);
  metrics.histograms("wait_seconds", "Waits.").Add({}, Histogram::BucketBoundaries{0.5, 1}).Observe(0.7);
  const auto text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# HELP takes_total Takes.\n# TYPE takes_total counter\n"
                              "takes_total{kind=\"take\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{le=\"0.5\"} 0\nwait_seconds_bucket{le=\"1\"} 1\n"
                              "wait_seconds_bucket{le=\"+Inf\"} 1\n"));
}

TEST(Metrics, FamiliesOfOneNameAreOne) {
  Metrics metrics;
  EXPECT_EQ(&metrics.counters("takes_total", "Takes."), &metrics.counters("takes_total", "Takes."));
}

TEST(Metrics, ALabelHoldsAnyText) {
  Metrics metrics;
  metrics.gauges("g", "G.").Add({{"l", "a\"b\\c\nd"}}).Set(1);
  EXPECT_THAT(metrics.text(), HasSubstr(R"(g{l="a\"b\\c\nd"} 1)"));
}

TEST(Metrics, WhatIsLookedAtIsOfNow) {
  Metrics metrics;
  auto& gauge = metrics.gauges("g", "G.").Add({});
  metrics.at_each_look([&] { gauge.Increment(); });
  EXPECT_EQ(value_of(metrics.text(), "g"), 1);
  EXPECT_EQ(value_of(metrics.text(), "g"), 2);
}

TEST(Metrics, AFamilyWithoutSeriesIsNotTold) {
  Metrics metrics;
  metrics.gauges("empty", "E.");
  EXPECT_THAT(metrics.text(), Not(HasSubstr("empty")));
}

TEST(Metrics, NothingIsLostBetweenThreads) {
  Metrics metrics;
  auto& family = metrics.counters("n_total", "N.");
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 1000; ++n) family.Add({}).Increment();
      });
    for (int i = 0; i < 20; ++i) metrics.text();
  }
  EXPECT_EQ(value_of(metrics.text(), "n_total"), 4000);
}

TEST(Metrics, AProcessTellsOfItself) {
  Metrics metrics;
  measure_process(metrics);
  const auto text = metrics.text();
  EXPECT_GT(value_of(text, "process_resident_memory_bytes"), 1 << 20);
  EXPECT_GE(value_of(text, "process_open_fds"), 3);
  EXPECT_GE(value_of(text, "process_max_fds"), value_of(text, "process_open_fds"));
  EXPECT_GE(value_of(text, "process_threads"), 1);
  EXPECT_GE(value_of(text, "process_cpu_seconds_total"), 0);
  const double now = static_cast<double>(std::time(nullptr));
  EXPECT_NEAR(value_of(text, "process_start_time_seconds"), now, 600);  // of this very test
}

}  // namespace
}  // namespace orakgarak::telemetry
