#include "events/kafka/hand_over.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace orakgarak::events {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::Pair;

const Partition one{"t", 0}, two{"t", 1};

class HandOverTest : public testing::Test {
 protected:
  void assign() { hand_over.assigned(std::array{one, two}); }
  void arrive(const Partition& partition, std::int64_t offset) { hand_over.arrived(partition, {offset, {}}); }
  std::vector<std::pair<Partition, std::int64_t>> due() {
    std::vector<std::pair<Partition, std::int64_t>> all;
    for (const auto& [partition, fetched] : hand_over.due(now)) all.emplace_back(partition, fetched.offset);
    return all;
  }
  std::optional<std::int64_t> finish(const Partition& partition, std::int64_t offset, bool done = true) {
    return hand_over.finished(partition, offset, done, now);
  }

  HandOver::Instant now{1h};
  HandOver hand_over{{.again_after = 1s, .most_waiting = 4}};
};

TEST_F(HandOverTest, APartitionHandsOverOneAtATimeAndInOrder) {
  assign();
  arrive(one, 7);
  arrive(one, 9);
  arrive(two, 3);
  EXPECT_THAT(due(), ElementsAre(Pair(one, 7), Pair(two, 3)));
  EXPECT_THAT(due(), IsEmpty());
  EXPECT_THAT(finish(one, 7), Optional(8));
  EXPECT_THAT(due(), ElementsAre(Pair(one, 9)));
}

TEST_F(HandOverTest, AnEventThatIsNotDoneIsToldAgainLaterAndTheOthersWait) {
  assign();
  arrive(one, 7);
  arrive(one, 8);
  due();
  EXPECT_EQ(finish(one, 7, false), std::nullopt);
  EXPECT_THAT(due(), IsEmpty());
  EXPECT_THAT(hand_over.next_due(), Optional(now + 1s));
  now += 1s;
  EXPECT_THAT(due(), ElementsAre(Pair(one, 7)));
}

TEST_F(HandOverTest, WhatArrivesForAPartitionThatIsNotOursIsIgnored) {
  arrive(one, 7);
  EXPECT_THAT(due(), IsEmpty());
  assign();
  hand_over.revoked();
  arrive(one, 8);
  EXPECT_THAT(due(), IsEmpty());
}

TEST_F(HandOverTest, OfAPartitionThatHasLeftNoOffsetIsStored) {
  assign();
  arrive(one, 7);
  arrive(one, 8);
  due();
  hand_over.revoked();
  EXPECT_TRUE(hand_over.anything_running());
  EXPECT_EQ(finish(one, 7), std::nullopt);
  EXPECT_FALSE(hand_over.anything_running());
  EXPECT_THAT(due(), IsEmpty());
}

TEST_F(HandOverTest, APartitionThatComesBackWaitsForWhatIsStillHandedOver) {
  assign();
  arrive(one, 7);
  due();
  hand_over.revoked();
  assign();
  arrive(one, 7);
  arrive(one, 8);
  EXPECT_THAT(due(), IsEmpty());
  EXPECT_THAT(finish(one, 7), Optional(8)) << "nobody had the partition in between";
  EXPECT_THAT(due(), ElementsAre(Pair(one, 8)));
}

TEST_F(HandOverTest, AnEventThatAnotherHasPassedIsNotStored) {
  assign();
  arrive(one, 7);
  due();
  hand_over.revoked();
  assign();
  arrive(one, 12);
  EXPECT_EQ(finish(one, 7), std::nullopt);
  EXPECT_THAT(due(), ElementsAre(Pair(one, 12)));
}

TEST_F(HandOverTest, APartitionIsPausedWhenEnoughWaitAndGoesOnWhenHalfHaveGone) {
  assign();
  for (int offset = 0; offset < 3; ++offset) arrive(one, offset);
  EXPECT_THAT(hand_over.to_pause(), IsEmpty());
  arrive(one, 3);
  EXPECT_THAT(hand_over.to_pause(), ElementsAre(one));
  EXPECT_THAT(hand_over.to_pause(), IsEmpty());
  due();
  finish(one, 0);
  EXPECT_THAT(hand_over.to_resume(), IsEmpty());
  due();
  finish(one, 1);
  EXPECT_THAT(hand_over.to_resume(), ElementsAre(one));
  EXPECT_THAT(hand_over.to_resume(), IsEmpty());
}

TEST_F(HandOverTest, APausedPartitionThatLeavesIsNotPausedWhenItComesBack) {
  assign();
  for (int offset = 0; offset < 4; ++offset) arrive(one, offset);
  hand_over.to_pause();
  EXPECT_THAT(hand_over.paused(), ElementsAre(one));
  hand_over.revoked();
  assign();
  EXPECT_THAT(hand_over.paused(), IsEmpty());
}

TEST_F(HandOverTest, NothingIsDueWhereNothingWaits) {
  assign();
  EXPECT_EQ(hand_over.next_due(), std::nullopt);
  arrive(one, 7);
  EXPECT_NE(hand_over.next_due(), std::nullopt);
  due();
  EXPECT_EQ(hand_over.next_due(), std::nullopt) << "it is handed over";
}

}  // namespace
}  // namespace orakgarak::events
