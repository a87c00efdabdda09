#include "songs/profile.h"

#include <gtest/gtest.h>

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

TEST(Profile, NoTakesAreNoProfile) {
  const SingerProfile profile = merge_profile({});
  EXPECT_EQ(profile.takes, 0);
  EXPECT_FALSE(profile.lowest || profile.highest || profile.comfortable_low || profile.comfortable_high);
}

}  // namespace
}  // namespace orakgarak::songs
