#include "voice/pitch_background.h"

#include <gtest/gtest.h>

#include "voice/testing/sounds.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

void add(std::vector<CandidateFrame>& frames, std::size_t count, float level_db, float strength) {
  CandidateFrame frame;
  frame.level_db = frame.kept_db = level_db;
  frame.items[0] = {8, strength};
  frame.count = 1;
  frames.insert(frames.end(), count, frame);
}

TEST(PitchBackground, OfNothingThereAreNoPauses) { EXPECT_TRUE(find_pauses({}).empty()); }

TEST(PitchBackground, PausesAreTheQuietFramesBetweenPhrases) {
  std::vector<CandidateFrame> frames;
  add(frames, 50, -20, 0.97F);
  add(frames, 20, -60, 0.3F);
  add(frames, 50, -25, 0.97F);
  const auto pauses = find_pauses(frames);
  ASSERT_EQ(pauses.size(), 20U);
  EXPECT_EQ(pauses.front(), 50U);
  EXPECT_EQ(pauses.back(), 69U);
}

TEST(PitchBackground, AHeldNoteThatFillsTheTakeIsNoPause) {
  std::vector<CandidateFrame> frames;
  add(frames, 60, -20, 0.97F);
  add(frames, 60, -22, 0.97F);  // its soft half
  EXPECT_TRUE(find_pauses(frames).empty());
}

TEST(PitchBackground, NoiseThatFillsTheTakeIsAPause) {
  std::vector<CandidateFrame> frames;
  add(frames, 100, -30, 0.25F);
  EXPECT_EQ(find_pauses(frames).size(), 100U);
}

TEST(PitchBackground, HumThatGoesOnBetweenPhrasesIsAPause) {
  std::vector<CandidateFrame> frames;
  add(frames, 50, -20, 0.97F);
  add(frames, 20, -45, 0.98F);
  EXPECT_EQ(find_pauses(frames).size(), 20U);
}

TEST(PitchBackground, ASoftlyHeldNoteIsNoPause) {
  std::vector<CandidateFrame> frames;
  add(frames, 75, -20, 0.97F);
  add(frames, 15, -30, 0.97F);
  add(frames, 75, -20, 0.97F);
  EXPECT_TRUE(find_pauses(frames).empty());
  add(frames, 15, -30, 0.97F);  // what comes again and again sounds on under the voice
  add(frames, 50, -20, 0.97F);
  add(frames, 15, -30, 0.97F);
  add(frames, 50, -20, 0.97F);
  EXPECT_EQ(find_pauses(frames).size(), 45U);
}

TEST(PitchBackground, SoftNotesBetweenTheSilencesOfAGateAreNoPauses) {
  std::vector<CandidateFrame> frames;
  for (int i = 0; i < 4; ++i) {
    add(frames, 50, -20, 0.97F);
    add(frames, 10, -32, 0.97F);
    add(frames, 10, -200, 0);
  }
  EXPECT_TRUE(find_pauses(frames).empty());
}

TEST(PitchBackground, DigitalSilenceTellsNothing) {
  // A gate's silence is not the room that sounds on under the voice.
  std::vector<CandidateFrame> frames;
  add(frames, 50, -20, 0.97F);
  add(frames, 80, -200, 0);
  add(frames, 20, -60, 0.3F);
  const auto pauses = find_pauses(frames);
  ASSERT_EQ(pauses.size(), 20U);
  EXPECT_EQ(pauses.front(), 130U);
}

TEST(PitchBackground, PausesDoNotDependOnTheLevelOfTheTake) {
  std::vector<CandidateFrame> loud, soft;
  for (auto [frames, gain] : {std::pair(&loud, 0.0F), std::pair(&soft, -60.0F)}) {
    add(*frames, 50, -20 + gain, 0.97F);
    add(*frames, 20, -60 + gain, 0.3F);
    add(*frames, 20, -48 + gain, 0.3F);
  }
  EXPECT_EQ(find_pauses(loud), find_pauses(soft));
}

/// Measured on a window of 640 samples, every 160.
Background measured(const Samples& signal) {
  CandidateFinder finder(analysis_rate * 4 / 640, best_instruction_set());
  std::vector<std::ptrdiff_t> centres;
  for (std::size_t at = 400; at + 400 < signal.size(); at += 160)
    centres.push_back(static_cast<std::ptrdiff_t>(at));
  return measure_background(finder, signal, centres);
}

double mean_density(const Background& background, double from_hz, double to_hz) {
  const double bin = analysis_rate.value / Background::grid_size;
  double sum = 0;
  int count = 0;
  for (int k = static_cast<int>(from_hz / bin); k <= static_cast<int>(to_hz / bin); ++k, ++count)
    sum += background.density.at(static_cast<std::size_t>(k));
  return sum / count;
}

TEST(PitchBackground, OfWhiteNoiseIsItsPowerEverywhere) {
  const Background background = measured(sounds::noise(analysis_rate, Seconds(5), 0.03));
  ASSERT_EQ(background.density.size(), static_cast<std::size_t>(Background::grid_size / 2 + 1));
  // The power of 192 windows has a median that is good to a tenth; over many bins it is better.
  for (double from : {100.0, 1000.0, 3000.0})
    EXPECT_NEAR(mean_density(background, from, from + 800) / (0.03 * 0.03), 1, 0.1) << from;
}

TEST(PitchBackground, AStrayNoteAmongThePausesDoesNotCount) {
  const Samples room = sounds::noise(analysis_rate, Seconds(5), 0.003);
  Samples with_note = room;
  const Samples note = sounds::harmonics(Hertz(220), analysis_rate, Seconds(1));
  for (std::size_t i = 0; i < note.size(); ++i) with_note[16000 + i] += note[i];
  // A fifth of the windows hold it: they push the median up by a third, the mean by 20 dB and more.
  EXPECT_LT(mean_density(measured(with_note), 200, 1000), 2 * mean_density(measured(room), 200, 1000));
}

TEST(PitchBackground, HumStandsOnItsLine) {
  const Background background = measured(sounds::sine(Hertz(150), analysis_rate, Seconds(3), 0.1));
  EXPECT_GT(mean_density(background, 145, 155), 1000 * mean_density(background, 250, 1000));
}

}  // namespace
}  // namespace orakgarak::voice
