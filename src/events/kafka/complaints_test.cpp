#include "events/kafka/complaints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orakgarak::events {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class ComplaintsTest : public testing::Test {
 protected:
  std::chrono::steady_clock::time_point now{};
  std::vector<std::string> said;
  Complaints complaints{
      [this](const Error& error) { said.push_back(error.detail); }, {"hunter2", ""}, [this] { return now; }};
};

TEST_F(ComplaintsTest, AKindIsSaidOnceUntilThingsGoWell) {
  for (int i = 0; i < 100; ++i) {
    complaints.tell("FAIL", "refused");
    now += 1min;
  }
  EXPECT_THAT(said, ElementsAre("Kafka: refused"));
  EXPECT_EQ(complaints.errors(), 100U);
  complaints.well();
  complaints.tell("FAIL", "refused again");
  EXPECT_THAT(said, ElementsAre("Kafka: refused", "Kafka: refused again"));
}

TEST_F(ComplaintsTest, WhatComesAndGoesIsSaidOnceAMinute) {
  for (int second = 0; second <= 120; ++second) {
    complaints.tell("FAIL", "refused");
    complaints.well();
    now += 1s;
  }
  EXPECT_EQ(said.size(), 3U);
}

TEST_F(ComplaintsTest, EachKindIsItsOwn) {
  complaints.tell("FAIL", "refused");
  complaints.tell("AUTH", "wrong password");
  EXPECT_EQ(said.size(), 2U);
}

TEST_F(ComplaintsTest, NoSecretIsSaid) {
  complaints.tell("AUTH", "hunter2 is not hunter2hunter2");
  EXPECT_THAT(said, ElementsAre("Kafka: *** is not ******"));
}

}  // namespace
}  // namespace orakgarak::events
