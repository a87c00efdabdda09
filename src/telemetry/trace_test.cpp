#include "telemetry/trace.h"

#include <gtest/gtest.h>

namespace orakgarak::telemetry {
namespace {

constexpr std::string_view known = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Trace, GoesOnUnderASpanOfItsOwn) {
  const auto trace = begin_trace(known);
  EXPECT_EQ(trace.id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_TRUE(trace.traceparent.ends_with("-01"));
  EXPECT_NE(trace.traceparent, known);
  EXPECT_EQ(trace.traceparent.size(), known.size());
}

TEST(Trace, WhatIsNotValidBeginsANewOne) {
  for (const std::string_view bad : {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                                     "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                                     "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                                     "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                                     "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                                     "00-4bf92f3577b34da6a3ce929d0e0e473\"-00f067aa0ba902b7-01"}) {
    const auto trace = begin_trace(bad);
    EXPECT_NE(trace.id(), "4bf92f3577b34da6a3ce929d0e0e4736") << bad;
    EXPECT_EQ(trace_id_of(trace.traceparent), trace.id()) << bad;
  }
  EXPECT_NE(begin_trace("").id(), begin_trace("").id());
}

TEST(Trace, ALaterVersionIsUnderstood) {
  EXPECT_EQ(begin_trace("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more").id(),
            "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST(Trace, OfARowThatHasNoneIsEmpty) { EXPECT_EQ(trace_id_of(""), ""); }

TEST(Trace, ASpanIsNamedByItsOwnPart) {
  EXPECT_EQ(span_id_of(known), "00f067aa0ba902b7");
  EXPECT_EQ(span_id_of("00-"), "");
}

}  // namespace
}  // namespace orakgarak::telemetry
