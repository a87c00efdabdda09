#include "voice/capture_room.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "voice/testing/track.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

TEST(LevelContour, IsTheLevelOfEach10Milliseconds) {
  const Samples signal = sounds::joined({sounds::sine(Hertz(1000), analysis_rate, Seconds(0.1), 0.1),
                                         sounds::silence(analysis_rate, Seconds(0.05)), Samples(40, 0.5F)});
  const auto levels = level_contour(signal);
  ASSERT_EQ(levels.size(), 16U);         // the last one is half as long
  EXPECT_NEAR(levels[3], -23.01, 0.01);  // ten whole periods
  EXPECT_EQ(levels[12], -200);           // silence has a floor
  EXPECT_NEAR(levels[15], -6.02, 0.01);
  EXPECT_TRUE(level_contour({}).empty());
}

/// A contour that goes along a track: one level where voiced, another elsewhere.
std::vector<float> contour(const DrawnTrack& drawn, float voice_db, float pause_db) {
  std::vector<float> out;
  for (const PitchFrame& f : drawn.frames()) out.push_back(f.voiced() ? voice_db : pause_db);
  return out;
}

TEST(Levels, AreThoseOfTheVoiceAndOfThePauses) {
  const DrawnTrack drawn = DrawnTrack().rest(1).hold(60, 2).rest(1);
  const Levels levels = measure_levels(drawn.frames(), contour(drawn, -20, -60));
  EXPECT_NEAR(levels.active.value, -20, 1e-4);
  EXPECT_NEAR(levels.background.value, -60, 1e-4);
  EXPECT_NEAR(levels.snr.value, 40, 1e-3);  // the background taken off the voice is one part in 10,000
}

TEST(Levels, TheBackgroundUnderTheVoiceIsTakenOff) {
  const DrawnTrack drawn = DrawnTrack().rest(1).hold(60, 2).rest(1);
  // Twice the power of the background: the voice is as loud as it.
  EXPECT_NEAR(measure_levels(drawn.frames(), contour(drawn, -20, -23.01F)).snr.value, 0, 0.01);
  EXPECT_EQ(measure_levels(drawn.frames(), contour(drawn, -20, -20)).snr.value, -20);  // the floor
}

TEST(Levels, BreathBeforeAndReverberationAfterTheVoiceAreNoBackground) {
  const DrawnTrack drawn = DrawnTrack().rest(1).hold(60, 2).rest(1);
  auto levels = contour(drawn, -20, -60);
  for (std::size_t i = 86; i < 100; ++i) levels[i] = -30;   // 140 ms of breath
  for (std::size_t i = 300; i < 324; ++i) levels[i] = -30;  // 240 ms of reverberation
  // A second of each would be the median; with both left out 1.6 s of quiet remain.
  for (std::size_t i = 0; i < 60; ++i) levels[i] = -30;
  EXPECT_NEAR(measure_levels(drawn.frames(), levels).background.value, -60, 1e-4);
}

TEST(Levels, WithoutPausesTheQuietestTenthIsTheBackground) {
  const DrawnTrack drawn = DrawnTrack().hold(60, 2);
  auto levels = contour(drawn, -20, -60);
  for (std::size_t i = 0; i < 30; ++i) levels[i] = -35;
  EXPECT_NEAR(measure_levels(drawn.frames(), levels).background.value, -35, 1e-4);
}

TEST(Levels, OfNothingAreFloors) {
  const Levels none = measure_levels({}, {});
  EXPECT_EQ(none.active.value, -200);
  EXPECT_EQ(none.background.value, -200);
}

/// Ten seconds of phrases at −20 dB with long pauses, and a line in them.
Samples phrases_with(Hertz line, double peak) {
  DrawnTrack drawn;
  for (int i = 0; i < 5; ++i) drawn.jitter(15).hold(60 + i % 3, 0.6).rest(1.4);
  return sounds::mixed(sounds::sound_of(drawn.frames()),
                       sounds::sine(line, analysis_rate, Seconds(10), peak));
}

constexpr Decibels voice_level{-20};
constexpr double none = -200;

TEST(Hum, OfACleanTakeIsNone) {
  EXPECT_EQ(measure_hum(phrases_with(Hertz(50), 0), voice_level).value, none);
  EXPECT_EQ(measure_hum({}, voice_level).value, none);
}

TEST(Hum, IsTheLevelOfTheLineAgainstTheVoice) {
  for (double line : {50.0, 60.0, 100.0, 120.0, 150.0, 180.0})
    for (double db : {-15.0, -35.0, -50.0}) {
      const double peak = 1.41421356 * sounds::amplitude(Decibels(db) + voice_level);
      // In some of the half seconds the edge of a note falls on the line, and the quietest fifth is told.
      EXPECT_NEAR(measure_hum(phrases_with(Hertz(line), peak), voice_level).value, db, 1.5) << line;
    }
}

TEST(Hum, OtherLinesAreNone) {
  for (double line : {41.0, 70.0, 88.0, 220.0})
    EXPECT_EQ(measure_hum(phrases_with(Hertz(line), 0.01), voice_level).value, none) << line;
}

TEST(Hum, ANoteOnALineIsNone) {
  // Sung at 100 Hz, but not while nobody sings.
  DrawnTrack drawn;
  for (int i = 0; i < 6; ++i) drawn.hold(to_midi(Hertz(100)).value, 0.5).rest(0.6);
  EXPECT_EQ(measure_hum(sounds::sound_of(drawn.frames()), voice_level).value, none);
}

TEST(Hum, ASteadyToneThatFoldsOntoALineIsTooSoftToCount) {
  for (double tone :
       {850.0, 880.0, 940.0, 1050.0, 1060.0, 1120.0})  // as loud as the voice; hum counts from −40 dB
    EXPECT_LT(measure_hum(phrases_with(Hertz(tone), 0.1), voice_level).value, -40) << tone;
}

TEST(Hum, NoiseIsNone) {
  EXPECT_EQ(measure_hum(sounds::noise(analysis_rate, Seconds(10), 0.05), voice_level).value, none);
}

TEST(Hum, NeedsASecondAndAHalf) {
  EXPECT_EQ(measure_hum(sounds::sine(Hertz(50), analysis_rate, Seconds(1.49)), voice_level).value, none);
  EXPECT_GT(measure_hum(sounds::sine(Hertz(50), analysis_rate, Seconds(1.5)), voice_level).value, -10);
}

TEST(Hum, IsTheSameOnEveryInstructionSet) {
  const Samples signal = phrases_with(Hertz(60), 0.003);
  const Decibels plain = measure_hum(signal, voice_level, InstructionSet::baseline);
  for (InstructionSet set : available_instruction_sets())
    EXPECT_EQ(measure_hum(signal, voice_level, set).value, plain.value);
}

/// Notes that fade by 60 dB in `rt60` seconds, over a floor.
std::vector<float> fading(double rt60, int notes = 6, double floor_db = -90) {
  std::vector<float> out;
  for (int n = 0; n < notes; ++n) {
    out.insert(out.end(), 50, -20);
    for (int i = 0; i < 100; ++i) {
      const double power = math::exp2(0.33219281 * (-20 - 60 * (i + 1) * 0.01 / rt60)) +
                           math::exp2(0.33219281 * floor_db);  // 10^(dB/10)
      out.push_back(static_cast<float>(math::power_to_db(power)));
    }
  }
  return out;
}

TEST(Reverberation, IsTheTimeInWhichTheSoundFalls60Decibels) {
  for (double rt60 : {0.3, 0.45, 0.8, 1.5})
    EXPECT_NEAR(measure_reverberation(fading(rt60), Decibels(-20)).value, rt60, 0.05 * rt60) << rt60;
}

TEST(Reverberation, DoesNotDependOnTheLevel) {
  auto soft = fading(0.6);
  for (float& db : soft) db -= 40;
  EXPECT_NEAR(measure_reverberation(soft, Decibels(-60)).value,
              measure_reverberation(fading(0.6), Decibels(-20)).value, 1e-4);
}

TEST(Reverberation, CannotBeToldFromFourFalls) {
  EXPECT_EQ(measure_reverberation(fading(0.6, 4), Decibels(-20)).value, 0);
  EXPECT_GT(measure_reverberation(fading(0.6, 5), Decibels(-20)).value, 0.5);
}

TEST(Reverberation, CannotBeToldWhereTheNoiseHidesTheFall) {
  EXPECT_EQ(measure_reverberation(fading(0.6, 6, -32), Decibels(-20)).value, 0);
}

TEST(Reverberation, OfASteadySoundIsNone) {
  EXPECT_EQ(measure_reverberation(std::vector<float>(500, -20), Decibels(-20)).value, 0);
  EXPECT_EQ(measure_reverberation({}, Decibels(-20)).value, 0);
}

}  // namespace
}  // namespace orakgarak::voice
