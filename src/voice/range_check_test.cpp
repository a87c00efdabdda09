#include "voice/range_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "voice/testing/track.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

std::vector<PitchFrame> claimed(Hertz f0, std::size_t count = 100) {
  return std::vector<PitchFrame>(count, {f0, 0.9F, 0.9F, -20});
}

/// What is said of frames 20 to 79 of `signal` if the tracker takes it for f0.
std::vector<OctaveVerdict> verdicts(const Samples& signal, Hertz f0) {
  std::vector<std::size_t> which(60);
  std::iota(which.begin(), which.end(), std::size_t{20});
  return check_octaves(signal, claimed(f0), which);
}

double share(const std::vector<OctaveVerdict>& all, OctaveVerdict verdict) {
  return static_cast<double>(std::ranges::count(all, verdict)) / static_cast<double>(all.size());
}

Samples voice(Hertz f0) { return sounds::harmonics(f0, analysis_rate, Seconds(1)); }

class OctaveCheck : public testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(Pitches, OctaveCheck, testing::Values(70, 98, 147, 220, 330, 523, 784));

TEST_P(OctaveCheck, AgreesWithTheRightOctave) {
  const Hertz f0(GetParam());
  EXPECT_EQ(share(verdicts(voice(f0), f0), OctaveVerdict::agrees), 1);
  // A tracker is some cents off where the pitch moves.
  EXPECT_EQ(share(verdicts(voice(f0), f0 * 1.005), OctaveVerdict::agrees), 1);
}

TEST_P(OctaveCheck, FindsThatAnOctaveAboveSounds) {
  const Hertz f0(GetParam());
  EXPECT_EQ(share(verdicts(voice(f0), f0 / 2), OctaveVerdict::higher), 1);
}

TEST_P(OctaveCheck, FindsThatAnOctaveBelowSounds) {
  const Hertz f0(GetParam());
  // Between the harmonics that were claimed lie equally strong ones: `lower`, or else too many to tell.
  EXPECT_EQ(share(verdicts(voice(f0), f0 * 2), OctaveVerdict::agrees), 0);
}

TEST_P(OctaveCheck, DoesNotDependOnLevel) {
  const Hertz f0(GetParam());
  const Samples loud = voice(f0), soft = sounds::scaled(loud, 0.001);
  EXPECT_EQ(verdicts(loud, f0), verdicts(soft, f0));
  EXPECT_EQ(verdicts(loud, f0 / 2), verdicts(soft, f0 / 2));
}

TEST(OctaveCheck, NoiseHasNoHarmonics) {
  const Samples hiss = sounds::noise(analysis_rate, Seconds(1), 0.1);
  // A comb over few lines may stand out of noise by chance now and then.
  EXPECT_LE(share(verdicts(hiss, Hertz(220)), OctaveVerdict::agrees), 0.1);
  EXPECT_GT(share(verdicts(hiss, Hertz(220)), OctaveVerdict::unclear), 0.5);
}

TEST(OctaveCheck, SilenceIsUnclear) {
  EXPECT_EQ(share(verdicts(sounds::silence(analysis_rate, Seconds(1)), Hertz(220)), OctaveVerdict::unclear),
            1);
}

TEST(OctaveCheck, AVoiceWithoutItsFundamentalKeepsItsOctave) {
  // As through a telephone: harmonics 1 and 2 are missing, the others are still 150 Hz apart.
  Samples telephone = voice(Hertz(150));
  for (double k : {1.0, 2.0})
    telephone = sounds::mixed(telephone, sounds::sine(Hertz(150 * k), analysis_rate, Seconds(1), -0.1 / k));
  EXPECT_EQ(share(verdicts(telephone, Hertz(150)), OctaveVerdict::agrees), 1);
}

TEST(OctaveCheck, EveryFrameIsJudgedForItself) {
  // 37 frames, so that the last batch of 16 is not full; every third is claimed an octave too low.
  auto track = claimed(Hertz(262));
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < 37; ++i) which.push_back(90 - 2 * i);
  for (std::size_t i = 0; i < which.size(); i += 3) track[which[i]].f0 = Hertz(131);
  const auto found = check_octaves(voice(Hertz(262)), track, which);
  ASSERT_EQ(found.size(), which.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(found[i], i % 3 == 0 ? OctaveVerdict::higher : OctaveVerdict::agrees) << i;
}

TEST(OctaveCheck, NoFramesNoVerdicts) { EXPECT_TRUE(check_octaves({}, {}, {}).empty()); }

}  // namespace
}  // namespace orakgarak::voice
