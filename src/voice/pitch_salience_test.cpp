#include "voice/pitch_salience.h"

#include <gmock/gmock.h>

#include "base/math.h"
#include "voice/testing/salience.h"

namespace orakgarak::voice {
namespace {

Salience heard(double hertz, float loudness = 0.1F) {
  std::vector<float> tone;
  for (int i = 0; i < 32000; ++i) {
    double sum = 0;
    for (int k = 1; k <= 8; ++k) sum += math::sin(2 * math::pi * hertz * k * i / 16000) / k;
    tone.push_back(static_cast<float>(loudness * sum));
  }
  return salience_of(tone);
}

CandidateFrame found(std::initializer_list<double> hertz) {
  CandidateFrame frame;
  for (double f : hertz)
    frame.items[frame.count++] = {.octave = static_cast<float>(math::log2(f)), .strength = 0.9F};
  return frame;
}

TEST(Salience, IsHighAtThePitchThatSoundsAndLowElsewhere) {
  const auto moment = heard(220).at(Seconds(1));
  EXPECT_GT(moment.voice, 0.9);
  EXPECT_NEAR(moment.octave, math::log2(220), 0.02);
  EXPECT_NEAR(moment.at(static_cast<float>(math::log2(220))), moment.voice, 0.05);
  for (const double other : {110.0, 147.0, 440.0, 1700.0, 20.0, 4000.0})
    EXPECT_LT(moment.at(static_cast<float>(math::log2(other))), 0.05) << other;
}

TEST(Salience, DoesNotDependOnTheLevel) {
  const auto loud = heard(220).at(Seconds(1)), quiet = heard(220, 0.0001F).at(Seconds(1));
  EXPECT_NEAR(loud.voice, quiet.voice, 0.02);
}

TEST(Salience, IsEmptyForSilence) {
  EXPECT_TRUE(salience_of({}).empty());
  EXPECT_TRUE(salience_of(std::vector<float>(16000)).empty());
}

TEST(Salience, ATimeOutsideIsThatOfTheNearestFrame) {
  const auto salience = heard(220);
  EXPECT_EQ(salience.at(Seconds(100)).voice, salience.at(Seconds(2)).voice);
  EXPECT_EQ(salience.at(Seconds(0)).likelihood, salience.at(Seconds(0)).likelihood);
}

TEST(AddSalience, AddsTheNetworksPitchOnlyWhereNoneIsNear) {
  const auto moment = heard(220).at(Seconds(1));
  CandidateFrame near = found({110, 221}), far = found({110, 440});
  add_salience(moment, 0.5F, near);
  EXPECT_EQ(near.count, 2);
  EXPECT_GT(near.items[1].salience, 0.8);
  EXPECT_LT(near.items[0].salience, 0.1);
  add_salience(moment, 0.5F, far);
  ASSERT_EQ(far.count, 3);
  EXPECT_TRUE(far.guessed);
  EXPECT_FALSE(near.guessed);
  EXPECT_NEAR(far.items[2].octave, math::log2(220), 0.02);
  EXPECT_EQ(far.items[2].strength, 0.5F);
  EXPECT_EQ(far.voice, moment.voice);
}

TEST(AddSalience, AFullFrameHasRoomForIt) {
  CandidateFrame full = found({60, 70, 80, 90, 100, 120});
  ASSERT_EQ(full.count, CandidateFrame::found);
  add_salience(heard(440).at(Seconds(1)), 0.5F, full);
  EXPECT_EQ(full.count, CandidateFrame::most);
}

}  // namespace
}  // namespace orakgarak::voice
