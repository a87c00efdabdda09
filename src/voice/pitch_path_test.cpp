#include "voice/pitch_path.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace orakgarak::voice {
namespace {

float octave(double hertz) { return static_cast<float>(math::log2(hertz)); }

CandidateFrame frame_of(std::initializer_list<PitchCandidate> candidates) {
  CandidateFrame frame;
  for (const PitchCandidate& c : candidates) frame.items[frame.count++] = c;
  return frame;
}

/// A frame in which a period at `hertz` and its double are seen, as in every periodic sound.
CandidateFrame voice(double hertz, float strength = 0.97F, float half = 0.96F) {
  return frame_of({{octave(hertz), strength}, {octave(hertz / 2), half}});
}

using Frames = std::vector<CandidateFrame>;

Frames repeated(const CandidateFrame& frame, std::size_t count) { return Frames(count, frame); }
Frames operator+(Frames a, const Frames& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<std::int8_t> path(const Frames& frames, const PathOptions& options = {}) {
  return best_path(frames, std::vector<float>(frames.size()), options);
}

/// The chosen pitch of a frame, 0 where unvoiced.
double chosen(const Frames& frames, const std::vector<std::int8_t>& path, std::size_t i) {
  return path[i] < 0 ? 0 : math::exp2(frames[i].items[static_cast<std::size_t>(path[i])].octave);
}

TEST(PitchPath, OfNothingIsNothing) { EXPECT_TRUE(path({}).empty()); }

TEST(PitchPath, AFrameWithoutCandidatesIsUnvoiced) {
  const auto found = path(repeated(voice(200), 20) + repeated({}, 30) + repeated(voice(200), 20));
  for (std::size_t i = 20; i < 50; ++i) EXPECT_EQ(found[i], -1) << i;
  EXPECT_GE(found[10], 0);
  EXPECT_GE(found[60], 0);
}

TEST(PitchPath, OfAPeriodAndItsDoubleTheShorterIsMeant) {
  for (float half : {0.94F, 0.96F, 0.97F}) {
    const Frames frames = repeated(voice(200, 0.97F, half), 20);
    EXPECT_NEAR(chosen(frames, path(frames), 10), 200, 0.1);  // octaves are kept as floats
  }
}

TEST(PitchPath, WhereNoiseWasTakenOutTheShorterPeriodNeedsLess) {
  // What subtraction leaves is sparse and repeats as well after two periods as after one.
  CandidateFrame frame = frame_of({{octave(100), 0.99F}, {octave(200), 0.9F}});
  EXPECT_NEAR(chosen(repeated(frame, 20), path(repeated(frame, 20)), 10), 100, 0.1);
  frame.noise = 0.15F;
  EXPECT_NEAR(chosen(repeated(frame, 20), path(repeated(frame, 20)), 10), 200, 0.1);
}

TEST(PitchPath, DoesNotFollowAnOctaveErrorOfAFewFrames) {
  // For 30 ms the double of the period looks better by more than anything but a jump would cost.
  const Frames frames = repeated(voice(200), 30) +
                        repeated(frame_of({{octave(100), 0.97F}, {octave(200), 0.85F}}), 3) +
                        repeated(voice(200), 30);
  const auto found = path(frames);
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_NEAR(chosen(frames, found, i), 200, 0.1) << i;
}

TEST(PitchPath, FollowsALeapThatIsHeld) {
  const Frames frames = repeated(voice(200), 30) + repeated(voice(400), 30);
  const auto found = path(frames);
  EXPECT_NEAR(chosen(frames, found, 29), 200, 0.1);
  EXPECT_NEAR(chosen(frames, found, 30), 400, 0.1);
}

TEST(PitchPath, AWeakMomentDoesNotBreakANote) {
  const Frames frames =
      repeated(voice(200), 30) + repeated(voice(200, 0.5F, 0.4F), 1) + repeated(voice(200), 30);
  EXPECT_GE(path(frames)[30], 0);
}

TEST(PitchPath, AStrongMomentIsNoNote) {
  const Frames weak = repeated(voice(200, 0.3F, 0.2F), 30);
  const auto found = path(weak + repeated(voice(200, 0.7F, 0.6F), 1) + weak);
  for (std::int8_t choice : found) EXPECT_EQ(choice, -1);
}

TEST(PitchPath, WhereSilenceIsWorthMoreNothingIsVoiced) {
  const Frames frames = repeated(voice(200), 60);
  std::vector<float> unvoiced(60);
  for (std::size_t i = 20; i < 40; ++i) unvoiced[i] = 1;  // more than any strength
  const auto found = best_path(frames, unvoiced, {});
  for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(found[i] < 0, i >= 20 && i < 40) << i;
}

TEST(PitchPath, AwayFromHomeCosts) {
  const Frames frames = repeated(frame_of({{octave(800), 0.97F}, {octave(210), 0.95F}}), 20);
  EXPECT_NEAR(chosen(frames, path(frames), 10), 800, 0.5);
  const auto at_home = path(frames, {.home_low = octave(150), .home_high = octave(300), .away_cost = 0.8F});
  EXPECT_NEAR(chosen(frames, at_home, 10), 210, 0.2);
}

TEST(PitchPath, ScoresDoNotWearOutOverALongTake) {
  // After twenty minutes a sum of floats would have lost the digits by which the second pitch is the better.
  const Frames note = repeated(frame_of({{octave(203), 0.967F}, {octave(200), 0.970F}}), 30);
  EXPECT_EQ(std::ranges::count(path(repeated({}, 120000) + note), 1), 30);
}

}  // namespace
}  // namespace orakgarak::voice
