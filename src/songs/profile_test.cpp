#include "songs/profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace orakgarak::songs {
namespace {

using voice::RangeDecline;
using voice::RangeEnd;
using voice::VoiceReport;

RangeEnd end_at(double midi, double uncertainty) {
  return {Midi(midi), Seconds(1), {Seconds(0), Seconds(1)}, Semitones(uncertainty)};
}

VoiceReport take(double low, double comfortable_low, double comfortable_high, double high,
                 double uncertainty = 0.2) {
  VoiceReport report;
  report.range = {end_at(low, uncertainty), end_at(high, uncertainty), end_at(comfortable_low, uncertainty),
                  end_at(comfortable_high, uncertainty)};
  report.tessitura.seconds[60] = 5;
  return report;
}

SungTake on_day(int day, double comfortable_high, double high, double uncertainty = 0.3) {
  SungTake take;
  take.lowest = SungEnd{Midi(45), Semitones(uncertainty)};
  take.comfortable_low = SungEnd{Midi(48), Semitones(uncertainty)};
  take.comfortable_high = SungEnd{Midi(comfortable_high), Semitones(uncertainty)};
  take.highest = SungEnd{Midi(high), Semitones(uncertainty)};
  take.seconds[60] = 8;
  take.when = Time(std::chrono::days(20'000 + day));
  return take;
}

TEST(Profile, EachEndIsTheOutermostOfAllTakesWithItsOwnUncertainty) {
  const std::vector takes{take(50, 52, 60, 66, 0.1), take(48, 53, 63, 64, 0.7)};
  const SingerProfile profile = merge_profile(takes);
  EXPECT_EQ(profile.takes, 2);
  EXPECT_EQ(profile.lowest->pitch, Midi(48));
  EXPECT_EQ(profile.lowest->uncertainty, Semitones(0.7));
  EXPECT_EQ(profile.highest->pitch, Midi(66));
  EXPECT_EQ(profile.highest->uncertainty, Semitones(0.1));
  EXPECT_EQ(profile.comfortable_low->pitch, Midi(52));
  EXPECT_EQ(profile.comfortable_high->pitch, Midi(63));
  EXPECT_EQ(profile.seconds[60], 10);
}

TEST(Profile, AnEndThatNoTakeToldIsAbsent) {
  VoiceReport report = take(50, 52, 60, 66);
  report.range.highest = std::unexpected(RangeDecline::second_voice);
  report.range.comfortable_high = std::unexpected(RangeDecline::second_voice);
  const SingerProfile profile = merge_profile(std::vector{report});
  EXPECT_FALSE(profile.highest);
  EXPECT_FALSE(profile.comfortable_high);
  EXPECT_TRUE(profile.lowest);
}

TEST(Profile, ADeclinedEndNeitherWidensNorNarrowsWhatAnotherTakeTold) {
  VoiceReport declined = take(40, 42, 70, 72);
  declined.range.highest = std::unexpected(RangeDecline::noise);
  const SingerProfile profile = merge_profile(std::vector{take(50, 52, 60, 66), declined});
  EXPECT_EQ(profile.lowest->pitch, Midi(40));
  EXPECT_EQ(profile.comfortable_high->pitch, Midi(70));
  EXPECT_EQ(profile.highest->pitch, Midi(70)) << "what was comfortable was reached";
}

TEST(Profile, OneTakeIsThatTake) {
  const SungTake take = on_day(0, 62.3, 67.1, 0.37);
  const SingerProfile profile = merge_takes(std::vector{take});
  EXPECT_EQ(profile.takes, 1);
  EXPECT_EQ(profile.highest->pitch, take.highest->pitch);
  EXPECT_EQ(profile.highest->uncertainty, take.highest->uncertainty);
  EXPECT_EQ(profile.comfortable_high->pitch, take.comfortable_high->pitch);
  EXPECT_EQ(profile.lowest->pitch, take.lowest->pitch);
  EXPECT_EQ(profile.seconds, take.seconds);
  EXPECT_EQ(profile.highest->moved, Semitones());
}

TEST(Profile, TheOrderOfTakesDoesNotMatter) {
  std::vector takes{on_day(0, 64, 70, 0.1), on_day(40, 60, 66, 0.5), on_day(90, 62, 65, 0.2),
                    on_day(90, 61, 68)};
  const SingerProfile first = merge_takes(takes);
  std::ranges::sort(takes, {}, [](const SungTake& t) { return t.highest->pitch; });
  do {
    const SingerProfile profile = merge_takes(takes);
    EXPECT_EQ(profile.highest->pitch, first.highest->pitch);
    EXPECT_EQ(profile.highest->uncertainty, first.highest->uncertainty);
    EXPECT_EQ(profile.comfortable_high->pitch, first.comfortable_high->pitch);
    EXPECT_EQ(profile.seconds, first.seconds);
  } while (
      std::ranges::next_permutation(takes, {}, [](const SungTake& t) { return t.highest->pitch; }).found);
}

TEST(Profile, AnOldWideTakeWidensLessThanANewOneAndNeverNarrows) {
  double before = 100;
  for (const int days_ago : {0, 1, 30, 90, 365, 2000}) {
    const SingerProfile profile = merge_takes(std::vector{on_day(0, 66, 72), on_day(days_ago, 60, 65)});
    const double high = profile.highest->pitch.value;
    EXPECT_LT(high, before) << days_ago;
    EXPECT_GT(high, 65) << days_ago;
    before = high;
  }
}

TEST(Profile, TheFullRangeFadesByHalfInAYearTheComfortableOneIn90Days) {
  const SingerProfile year = merge_takes(std::vector{on_day(0, 60, 71), on_day(365, 60, 65)});
  EXPECT_NEAR(year.highest->pitch.value, 68, 1e-12);
  const SingerProfile season = merge_takes(std::vector{on_day(0, 64, 71), on_day(90, 60, 71)});
  EXPECT_NEAR(season.comfortable_high->pitch.value, 62, 1e-12);
}

TEST(Profile, WhileAnOldEndFadesTheUncertaintyIsLarger) {
  const auto after = [](int days) {
    return merge_takes(std::vector{on_day(0, 60, 71, 0.3), on_day(days, 60, 65, 0.3)}).highest->uncertainty;
  };
  EXPECT_NEAR(after(0).value, 0.3, 1e-12) << "of one day: the outermost, with its own";
  // Half of it reaches 71, half 65: 3 semitones either way, and each its own 0.3.
  EXPECT_NEAR(after(365).value, std::sqrt(9 + 0.09), 1e-12);
  EXPECT_LT(after(36'500).value, 0.31) << "forgotten";
}

TEST(Profile, NoEndLiesInsideTheNewestTake) {
  const SingerProfile profile =
      merge_takes(std::vector{on_day(0, 60, 64), on_day(10, 61, 66), on_day(200, 63, 69, 0.9)});
  EXPECT_EQ(profile.highest->pitch, Midi(69));
  EXPECT_EQ(profile.highest->uncertainty, Semitones(0.9));
  EXPECT_EQ(profile.comfortable_high->pitch, Midi(63));
}

TEST(Profile, ATakeMoreNeverNarrowsWhatTakesOfTheSameDaySaid) {
  std::vector takes{on_day(0, 62, 67), on_day(300, 60, 64)};
  const double before = merge_takes(takes).highest->pitch.value;
  for (const double high : {50.0, 63.0, 66.0, 80.0}) {
    takes.push_back(on_day(300, 49, high));
    EXPECT_GE(merge_takes(takes).highest->pitch.value, before) << high;
    takes.pop_back();
  }
}

TEST(Profile, ATakeThatTellsNoUpperEndMakesNoOtherOlderThere) {
  SungTake low_song = on_day(365, 60, 65);
  low_song.highest.reset();
  EXPECT_EQ(merge_takes(std::vector{on_day(0, 60, 71), low_song}).highest->pitch, Midi(71));
}

TEST(Profile, SecondsOfOldTakesCountLess) {
  const SingerProfile profile = merge_takes(std::vector{on_day(0, 60, 65), on_day(90, 60, 65)});
  EXPECT_FLOAT_EQ(profile.seconds[60], 8 + 4);
}

TEST(Profile, EndsOfDifferentTakesThatCrossWereAllSung) {
  SungTake low = on_day(0, 60, 65), high = on_day(0, 60, 65);
  low.lowest = low.comfortable_low = low.comfortable_high = {};
  low.highest = SungEnd{Midi(50), Semitones(0.1)};
  high.highest = high.comfortable_low = high.comfortable_high = {};
  high.lowest = SungEnd{Midi(58), Semitones(0.2)};
  const SingerProfile profile = merge_takes(std::vector{low, high});
  EXPECT_EQ(profile.lowest->pitch, Midi(50));
  EXPECT_EQ(profile.highest->pitch, Midi(58));
}

TEST(Profile, AStruckEndDoesNotCountNorWhatRestsOnTheSameNotes) {
  SungTake take = on_day(0, 64, 72);
  take.seconds[71] = 1;
  take.seconds[72] = 2;
  take.seconds[73] = 3;
  const SungTake struck = without_struck(take, false, true);
  EXPECT_FALSE(struck.highest);
  EXPECT_EQ(struck.comfortable_high->pitch, Midi(64)) << "elsewhere: it stays";
  EXPECT_EQ(struck.seconds[71], 1);
  EXPECT_EQ(struck.seconds[72] + struck.seconds[73], 0);
  EXPECT_TRUE(struck.lowest);
  take.comfortable_high = SungEnd{Midi(71.5), Semitones(0.1)};
  EXPECT_FALSE(without_struck(take, false, true).comfortable_high);
  EXPECT_FALSE(without_struck(take, true, false).lowest);
  EXPECT_EQ(without_struck(take, false, false).highest->pitch, Midi(72));
}

TEST(Profile, ATakeWhoseEndsAreAllDeclinedIsNotUsable) {
  EXPECT_TRUE(is_usable(on_day(0, 60, 65)));
  SungTake silent;
  silent.seconds[60] = 1;
  EXPECT_FALSE(is_usable(silent));
}

TEST(Profile, NoTakesAreNoProfile) {
  const SingerProfile profile = merge_profile({});
  EXPECT_EQ(profile.takes, 0);
  EXPECT_FALSE(profile.lowest || profile.highest || profile.comfortable_low || profile.comfortable_high);
}

}  // namespace
}  // namespace orakgarak::songs
