#include "uploads/admission.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;
constexpr auto live = Priority::live, batch = Priority::batch;

/// Who enters, by place in the list; -1: nobody.
int next(std::vector<Waiting> waiting, Room room) {
  for (std::size_t i = 0; i < waiting.size(); ++i)
    if (waiting[i].least == 0) waiting[i].least = waiting[i].usual;
  const auto who = next_to_enter(waiting, room);
  return who ? static_cast<int>(*who) : -1;
}

TEST(Admission, WhatIsLeftIsEnoughToTheByte) {
  EXPECT_EQ(next({{live, 1, 0s, 400}}, {1000, 600}), 0);
  EXPECT_EQ(next({{live, 1, 0s, 401}}, {1000, 600}), -1);
  EXPECT_EQ(next({}, {1000, 0}), -1);
}

TEST(Admission, ABudgetThatWasLoweredBelowWhatIsGrantedLetsNobodyIn) {
  EXPECT_EQ(next({{live, 1, 0s, 1}}, {500, 600}), -1);
}

TEST(Admission, LiveGoesBeforeBatchThatCameEarlierAndEachInTheOrderOfItsComing) {
  EXPECT_EQ(next({{batch, 1, 9s, 10}, {live, 3, 0s, 10}, {live, 2, 1s, 10}}, {1000, 0}), 2);
  EXPECT_EQ(next({{batch, 2, 8s, 10}, {batch, 1, 9s, 10}}, {1000, 0}), 1);
}

TEST(Admission, OneThatDoesNotFitIsPassedForAWhileAndThenNoLonger) {
  EXPECT_EQ(next({{live, 1, passed_for - 1us, 500}, {live, 2, 0s, 300}}, {1000, 600}), 1);
  EXPECT_EQ(next({{live, 1, passed_for, 500}, {live, 2, 0s, 300}}, {1000, 600}), -1)
      << "what comes back is kept for it";
}

TEST(Admission, BatchNeverPassesLive) {
  EXPECT_EQ(next({{live, 2, 0s, 500}, {batch, 1, 9s, 300}}, {1000, 600}), -1);
  EXPECT_EQ(next({{batch, 1, 0s, 500}, {batch, 2, 0s, 300}}, {1000, 600}), 1);
}

TEST(Admission, ASmallerSizeIsTakenRatherThanWaitingForEver) {
  EXPECT_EQ(next({{live, 1, shrinks_after - 1us, 500, 250}}, {1000, 600}), -1);
  EXPECT_EQ(next({{live, 1, shrinks_after, 500, 250}}, {1000, 600}), 0);
  EXPECT_EQ(next({{live, 1, shrinks_after, 500, 401}}, {1000, 600}), -1);
}

TEST(Admission, BatchThatHasWaitedLongGoesOnceAfterSomeLiveOnes) {
  const std::vector<Waiting> both{{live, 2, 0s, 10}, {batch, 1, batch_patience, 10}};
  EXPECT_EQ(next(both, {1000, 0, live_before_batch}), 1);
  EXPECT_EQ(next(both, {1000, 0, live_before_batch - 1}), 0);
  EXPECT_EQ(next({{live, 2, 0s, 10}, {batch, 1, batch_patience - 1us, 10}}, {1000, 0, 100}), 0);
}

TEST(Admission, BatchThatHasWaitedLongAndDoesNotFitKeepsLiveOutUntilItDoes) {
  EXPECT_EQ(next({{live, 2, 0s, 10}, {batch, 1, batch_patience, 500}}, {1000, 600, live_before_batch}), -1);
}

TEST(Admission, NobodyWaitsForEverUnderAnEndlessStreamOfOthers) {
  // One job at a time fits, a live one comes every second, and one batch job was there before them all.
  std::vector<Waiting> waiting{{batch, 0, 0s, 100}};
  Room room{100, 0, 0};
  std::uint64_t ticket = 1;
  for (int second = 0; second < 120; ++second) {
    waiting.push_back({live, ticket++, 0s, 100});
    for (auto& one : waiting) one.least = one.usual;
    const auto who = next_to_enter(waiting, room);
    ASSERT_TRUE(who);
    if (waiting[*who].priority == batch) {
      EXPECT_LE(second, 60 + 1 + static_cast<int>(live_before_batch));
      return;
    }
    ++room.live_in_a_row;
    waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(*who));
    for (auto& one : waiting) one.waited += 1s;
  }
  FAIL() << "it starved";
}

TEST(Admission, EveryStageOfATakeOfTwentyMinutesFitsIntoAMachineOfOneGibibyte) {
  for (const Stage stage : every_stage) {
    const Need need = need_of(stage, live, {Seconds(1200), false});
    ASSERT_FALSE(need.sizes.empty());
    EXPECT_GT(need.sizes.back(), 0U);
    EXPECT_LE(need.sizes.front(), 512ULL << 20);
    EXPECT_TRUE(std::ranges::is_sorted(need.sizes, std::greater()));
  }
}

TEST(Admission, ATakeOverABackingNeedsRoomForBoth) {
  const auto bytes = [](double seconds, bool over_backing) {
    return need_of(Stage::analyze, live, {Seconds(seconds), true, over_backing}).sizes.front();
  };
  EXPECT_GT(bytes(1200, true), 438ULL << 20) << "measured";
  EXPECT_LE(bytes(1200, true), 512ULL << 20) << "half of a machine of one gibibyte";
  EXPECT_LT(bytes(30, true), 128ULL << 20);
  EXPECT_GT(bytes(30, true), bytes(30, false));
}

TEST(Admission, ALongerTakeNeedsMoreAndOneAtHandNeedsNoDecoder) {
  const auto bytes = [](double seconds, bool at_hand) {
    return need_of(Stage::analyze, batch, {Seconds(seconds), at_hand}).sizes;
  };
  EXPECT_GT(bytes(1200, true).front(), bytes(60, true).front());
  EXPECT_EQ(bytes(60, true).size(), 1U);
  ASSERT_EQ(bytes(60, false).size(), 2U);
  EXPECT_GT(bytes(60, false)[0], bytes(60, false)[after_each_other]);
}

TEST(Admission, ATakeIsNoLongerThanItsBytesAllow) {
  Declared declared;
  declared.size = 75'000;
  EXPECT_EQ(longest_take(declared, Seconds(1200)), Seconds(100));
  declared.size = 100 << 20;
  EXPECT_EQ(longest_take(declared, Seconds(1200)), Seconds(1200));
}

TEST(Admission, WhatWasMeasuredCorrectsAnEstimateUpwardsAtOnceAndDownwardsSlowly) {
  const auto up = corrected(Engine::voice, no_correction, 1000, 2000);
  EXPECT_EQ(up, 2250U) << "an eighth above what was seen";
  auto down = corrected(Engine::voice, up, 1000, 1000);
  EXPECT_LT(down, up);
  EXPECT_GT(down, up - 50);
  for (int i = 0; i < 1000; ++i) down = corrected(Engine::voice, down, 1000, 1000);
  EXPECT_EQ(down, 1125U);
}

TEST(Admission, ACorrectionHasBoundsOnBothSides) {
  EXPECT_EQ(corrected(Engine::voice, no_correction, 1, ~std::uint64_t{0}), most_correction);
  EXPECT_EQ(corrected(Engine::voice, no_correction, 0, 1'000'000), most_correction);
  auto low = no_correction;
  for (int i = 0; i < 10'000; ++i) low = corrected(Engine::voice, low, 1'000'000, 1);
  EXPECT_EQ(low, least_correction(Engine::voice));
  EXPECT_EQ(corrected(Engine::picture, no_correction, 1'000'000, 1), no_correction)
      << "small pictures say nothing of the next large one";
  EXPECT_EQ(corrected(Engine::backing, no_correction, 1'000'000, 1), no_correction)
      << "nor a take whose backing was never sent of one whose was";
}

}  // namespace
}  // namespace orakgarak::uploads
