#include "formats/musicxml_repeats.h"

#include <gmock/gmock.h>

namespace orakgarak::formats {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::vector<std::size_t> order(std::vector<RepeatMarks> marks) { return playing_order(marks); }

constexpr RepeatMarks plain{};
constexpr RepeatMarks forward{.forward = true};
constexpr RepeatMarks backward{.backward = true};

RepeatMarks ending(std::uint32_t numbers, bool back) {
  return {.backward = back, .endings = numbers, .ending_stops = true};
}

TEST(Repeats, WithoutMarksTheOrderIsTheScores) { EXPECT_THAT(order({plain, plain}), ElementsAre(0, 1)); }

TEST(Repeats, APassageIsPlayedTwice) {
  EXPECT_THAT(order({plain, forward, backward, plain}), ElementsAre(0, 1, 2, 1, 2, 3));
  EXPECT_THAT(order({plain, backward, plain, backward}), ElementsAre(0, 1, 0, 1, 2, 3, 2, 3))
      << "without a forward mark it begins after the last one";
}

TEST(Repeats, TimesCountsAllPasses) {
  EXPECT_THAT(order({RepeatMarks{.backward = true, .times = 3}}), ElementsAre(0, 0, 0));
  EXPECT_THAT(order({RepeatMarks{.backward = true, .times = 1}}), ElementsAre(0));
}

TEST(Repeats, EachPassTakesItsEnding) {
  EXPECT_THAT(order({forward, ending(0b10, true), ending(0b100, false), plain}), ElementsAre(0, 1, 0, 2, 3));
  EXPECT_THAT(order({forward, ending(0b110, true), ending(0b1000, false), plain}),
              ElementsAre(0, 1, 0, 1, 0, 2, 3));
}

TEST(Repeats, AFirstEndingAloneClosesItsPassage) {
  EXPECT_THAT(order({forward, ending(0b10, true), plain, backward}), ElementsAre(0, 1, 0, 2, 3, 2, 3));
}

TEST(Repeats, PlayingStopsAtItsLimit) {
  EXPECT_THAT(order(std::vector<RepeatMarks>(max_played_measures, backward)), SizeIs(max_played_measures));
  EXPECT_THAT(order({RepeatMarks{.backward = true, .times = 1000}}), SizeIs(max_repeat_times));
}

}  // namespace
}  // namespace orakgarak::formats
