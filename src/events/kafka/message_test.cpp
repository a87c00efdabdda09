#include "events/kafka/message.h"

#include <gtest/gtest.h>

#include "uploads/envelope.h"

namespace orakgarak::events {
namespace {

const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Traceparent, IsTakenFromOurEnvelopes) {
  const uploads::Job job{
      .id = uploads::JobId::make(Time{}), .upload = uploads::UploadId::make(Time{}), .run_after = Time{}};
  EXPECT_EQ(traceparent_of(uploads::job_requested_envelope(job, trace, Time{})), trace);
  EXPECT_EQ(traceparent_of(uploads::job_requested_envelope(job, "", Time{})), "");
}

TEST(Traceparent, WhatIsNotWellFormedIsNone) {
  EXPECT_EQ(traceparent_of(""), "");
  EXPECT_EQ(traceparent_of("{}"), "");
  EXPECT_EQ(traceparent_of("{\"traceparent\":\""), "");
  EXPECT_EQ(traceparent_of("{\"traceparent\":\"" + trace + "0\"}"), "");
  EXPECT_EQ(traceparent_of("{\"traceparent\":\"" + trace.substr(1) + "\"}"), "");
  EXPECT_EQ(traceparent_of("{\"traceparent\":\"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01\"}"),
            "");
}

TEST(Traceparent, OneThatIsOnlyQuotedInTextIsNone) {
  EXPECT_EQ(traceparent_of(R"({"why":"\"traceparent\":\")" + trace + R"(\""})"), "");
}

}  // namespace
}  // namespace orakgarak::events
