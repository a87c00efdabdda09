#include "voice/pitch_candidates.h"

#include <gtest/gtest.h>

#include "voice/testing/sounds.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

constexpr PitchBounds everything{Hertz{50}, Hertz{1600}};

/// One window in the middle of a second of sound.
CandidateFrame look(CandidateFinder& finder, const Samples& signal, const PitchBounds& bounds = everything) {
  const std::ptrdiff_t centre[] = {4000};
  CandidateFrame frame[1];
  finder.run(signal, centre, bounds, frame);
  return frame[0];
}
CandidateFrame look(const Samples& signal, const PitchBounds& bounds = everything) {
  CandidateFinder finder(Hertz(50), best_instruction_set());
  return look(finder, signal, bounds);
}

Samples voice(Hertz f0, double first = 0.1) {
  return sounds::harmonics(f0, analysis_rate, Seconds(1), first);
}

/// The candidate nearest to a pitch, in cents of distance; 1e6 where there is none.
double distance(const CandidateFrame& frame, Hertz f0) {
  double nearest = 1e6;
  for (const PitchCandidate& c : frame.candidates())
    nearest = std::min(nearest, std::abs(sounds::cents(Hertz(math::exp2(c.octave)), f0)));
  return nearest;
}

class Candidates : public testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(Pitches, Candidates,
                         testing::Values(51, 73.4, 110, 207.65, 330, 523.25, 880, 1234.5, 1590));

TEST_P(Candidates, HoldThePitchToACentAndNearlyFullStrength) {
  const Hertz f0(GetParam());
  const CandidateFrame frame = look(voice(f0));
  ASSERT_GT(frame.count, 0);
  // A single window; the interpolation of an autocorrelation of a band up to 1.5 kHz is good to a cent, and
  // the pull of the low cut is taken back to the first order.
  EXPECT_LT(distance(frame, f0), 2);
  EXPECT_GT(frame.strongest(), 0.95F);
}

TEST_P(Candidates, DoNotDependOnLevel) {
  const Hertz f0(GetParam());
  const CandidateFrame loud = look(voice(f0)), soft = look(voice(f0, 0.1 * 0.0009765625));  // 2^−10
  ASSERT_EQ(loud.count, soft.count);
  for (int i = 0; i < loud.count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_NEAR(loud.items[at].octave, soft.items[at].octave, 1e-5);  // single precision
    EXPECT_NEAR(loud.items[at].strength, soft.items[at].strength, 1e-4);
  }
  EXPECT_NEAR(loud.level_db - soft.level_db, 60.2, 0.01);
}

TEST(Candidates, KnowTheLevelOfTheWindow) {
  const CandidateFrame frame = look(sounds::sine(Hertz(500), analysis_rate, Seconds(1), 0.1));
  // −20 dB peak is −23 dB RMS; the soft band takes off less than 0.1 dB in its middle.
  EXPECT_NEAR(frame.level_db, -23, 0.2);
  EXPECT_NEAR(frame.kept_db, frame.level_db, 1e-3);  // no background is known
}

TEST(Candidates, LieWithinTheBounds) {
  const CandidateFrame frame = look(voice(Hertz(220)), {Hertz(100), Hertz(200)});
  for (const PitchCandidate& c : frame.candidates()) {
    EXPECT_GE(math::exp2(c.octave), 100);
    EXPECT_LE(math::exp2(c.octave), 200);
  }
  EXPECT_LT(distance(frame, Hertz(110)), 2);  // the double of the period is a peak too
}

TEST(Candidates, SilenceHasNone) {
  const CandidateFrame frame = look(sounds::silence(analysis_rate, Seconds(1)));
  EXPECT_EQ(frame.count, 0);
  EXPECT_EQ(frame.level_db, -200);
  EXPECT_EQ(frame.strongest(), 0);
}

TEST(Candidates, NoiseHasNoStrongOne) {
  CandidateFinder finder(Hertz(50), best_instruction_set());
  float strongest = 0;
  for (std::uint32_t seed = 1; seed <= 20; ++seed)
    strongest =
        std::max(strongest, look(finder, sounds::noise(analysis_rate, Seconds(1), 0.1, seed)).strongest());
  EXPECT_LT(strongest, 0.6F);  // 80 ms of noise below 1.5 kHz repeat themselves by chance up to a half
}

TEST(Candidates, AKnownHumIsTakenOutOfTheVoice) {
  // Hum at 100 Hz, louder than a voice at 233 Hz: without the background nothing repeats well.
  const Samples hum = sounds::sine(Hertz(100), analysis_rate, Seconds(1), 0.4);
  const Samples both = sounds::mixed(voice(Hertz(233), 0.1), hum);
  CandidateFinder finder(Hertz(50), best_instruction_set());
  const float before = look(finder, both).strongest();
  // The hum's power spectrum on the grid of the background, per unit of window energy.
  CandidateFinder grid(analysis_rate * 4 / 640, best_instruction_set());
  const std::ptrdiff_t centre[] = {4000};
  Background background;
  const auto power = grid.spectra(hum, centre);
  for (int k = 0; k < grid.bins(); ++k)
    background.density.push_back(power[static_cast<std::size_t>(k) * lanes] / grid.window_energy());
  finder.set_weights(CandidateFinder::usual_low_cut, background);
  const CandidateFrame after = look(finder, both);
  EXPECT_GT(after.strongest(), before + 0.05F);
  EXPECT_GT(after.strongest(), 0.97F);
  EXPECT_LT(distance(after, Hertz(233)), 5);
  EXPECT_LT(look(finder, hum).kept_db, look(finder, hum).level_db - 20);  // hum alone leaves nothing
}

TEST(Candidates, WindowsOverTheEdgesOfTheTakeSeeSilenceThere) {
  const Samples signal = voice(Hertz(330));
  const std::ptrdiff_t centres[] = {-5000, 0, 4000, 7999, 20000};
  CandidateFrame frames[5];
  CandidateFinder(Hertz(200), best_instruction_set()).run(signal, centres, everything, frames);
  EXPECT_EQ(frames[0].count, 0);
  EXPECT_EQ(frames[4].count, 0);
  for (int i : {1, 2, 3}) EXPECT_LT(distance(frames[i], Hertz(330)), i == 2 ? 1.5 : 30) << i;  // half windows
}

TEST(Candidates, AreTheSameInEveryLaneAndOnEveryInstructionSet) {
  const Samples signal = sounds::mixed(voice(Hertz(247)), sounds::noise(analysis_rate, Seconds(1), 0.02));
  const CandidateFrame expected = [&] {
    CandidateFinder finder(Hertz(100), InstructionSet::baseline);
    return look(finder, signal);
  }();
  for (InstructionSet set : available_instruction_sets()) {
    CandidateFinder finder(Hertz(100), set);
    for (std::size_t count : {1U, 7U, 16U}) {
      std::vector<std::ptrdiff_t> centres(count, 1000);
      centres.back() = 4000;
      std::vector<CandidateFrame> frames(count);
      finder.run(signal, centres, everything, frames);
      const CandidateFrame& got = frames.back();
      ASSERT_EQ(got.count, expected.count);
      EXPECT_EQ(got.level_db, expected.level_db);
      for (std::size_t i = 0; i < got.count; ++i) {
        EXPECT_EQ(got.items[i].octave, expected.items[i].octave);
        EXPECT_EQ(got.items[i].strength, expected.items[i].strength);
      }
    }
  }
}

}  // namespace
}  // namespace orakgarak::voice
