#include "voice/pitch_gate.h"

#include <gtest/gtest.h>

namespace orakgarak::voice {
namespace {

constexpr float unknown_background = -200;

/// `count` frames at one level.
void add(std::vector<CandidateFrame>& frames, std::size_t count, float level_db) {
  CandidateFrame frame;
  frame.level_db = frame.kept_db = level_db;
  frames.insert(frames.end(), count, frame);
}

/// A second of singing at −20 dB, then a second at another level.
std::vector<CandidateFrame> loud_then(float level_db, float gain_db = 0) {
  std::vector<CandidateFrame> frames;
  add(frames, 100, -20 + gain_db);
  add(frames, 100, level_db + gain_db);
  return frames;
}

TEST(PitchGate, OfNothingIsNothing) { EXPECT_TRUE(level_gate({}, unknown_background, frame_hop).empty()); }

TEST(PitchGate, LetsTheLoudFramesThrough) {
  const auto gate = level_gate(loud_then(-30), unknown_background, frame_hop);
  for (std::size_t i = 0; i < gate.size(); ++i) EXPECT_EQ(gate[i], 0) << i;
}

TEST(PitchGate, LetsASoftPhraseThroughButNotTheTailOfALoudOne) {
  // 25 dB below the loud second: within 0.4 s of it a tail of the room, later a softly sung phrase.
  const auto gate = level_gate(loud_then(-45), unknown_background, frame_hop);
  EXPECT_GT(gate[110], 0.5F);
  EXPECT_GT(gate[135], 0.5F);
  EXPECT_EQ(gate[145], 0);
  EXPECT_EQ(gate[199], 0);
}

TEST(PitchGate, HoldsBackWhatIsFarBelowTheTake) {
  const auto gate = level_gate(loud_then(-70), unknown_background, frame_hop);
  EXPECT_GT(gate[199], 0.5F);
}

TEST(PitchGate, HoldsBackTheBackground) {
  const auto frames = loud_then(-45);
  EXPECT_EQ(level_gate(frames, -52, frame_hop)[199], 0);     // 7 dB above it
  EXPECT_GT(level_gate(frames, -50, frame_hop)[199], 0);     // 5 dB above it
  EXPECT_GT(level_gate(frames, -45, frame_hop)[199], 0.5F);  // it is the background
}

TEST(PitchGate, WeighsByTheDecibelsThatAreMissing) {
  const float a = level_gate(loud_then(-65), unknown_background, frame_hop)[199],
              b = level_gate(loud_then(-70), unknown_background, frame_hop)[199],
              c = level_gate(loud_then(-75), unknown_background, frame_hop)[199];
  EXPECT_GT(a, 0);
  EXPECT_NEAR(c - b, b - a, 1e-5);  // single precision
}

TEST(PitchGate, DoesNotDependOnTheLevelOfTheTake) {
  const auto loud = level_gate(loud_then(-60), -62, frame_hop);
  const auto soft = level_gate(loud_then(-60, -40), -102, frame_hop);
  ASSERT_EQ(loud.size(), soft.size());
  for (std::size_t i = 0; i < loud.size(); ++i) EXPECT_NEAR(soft[i], loud[i], 1e-5) << i;  // as above
}

/// A second at −20 dB that then falls by 60 dB in `decay` seconds, for 0.3 s.
std::vector<CandidateFrame> falling(double decay) {
  std::vector<CandidateFrame> frames;
  add(frames, 100, -20);
  for (int i = 1; i <= 30; ++i) add(frames, 1, static_cast<float>(-20 - 60 * 0.01 * i / decay));
  return frames;
}

float gate_in_fall(double decay, Seconds reverberation) {  // 0.15 s into it, where level alone says nothing
  return level_gate(falling(decay), unknown_background, frame_hop, reverberation)[115];
}

TEST(PitchGate, HoldsBackTheTailsOfAnEchoingRoom) {
  EXPECT_GT(gate_in_fall(0.8, Seconds(0.8)), 0.35F);  // more than the strength of a clear pitch is worth
  EXPECT_EQ(gate_in_fall(0.8, Seconds(0)), 0);        // the room is not known
  EXPECT_EQ(gate_in_fall(0.8, Seconds(0.44)), 0);     // nor does it echo
}

TEST(PitchGate, LetsADiminuendoThroughThatIsSlowerThanTheRoom) {
  EXPECT_EQ(gate_in_fall(1.6, Seconds(0.8)), 0);
}

TEST(PitchGate, LooksEquallyFarInTimeWhateverTheHop) {
  std::vector<CandidateFrame> coarse;
  add(coarse, 25, -20);
  add(coarse, 25, -45);
  const auto gate = level_gate(coarse, unknown_background, frame_hop * 4);
  EXPECT_GT(gate[33], 0.5F);  // 0.36 s after the loud second
  EXPECT_EQ(gate[36], 0);     // 0.48 s after it
}

}  // namespace
}  // namespace orakgarak::voice
