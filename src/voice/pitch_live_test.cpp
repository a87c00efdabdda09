#include "voice/pitch_live.h"

#include <gtest/gtest.h>

#include "voice/demo_singer.h"
#include "voice/testing/track.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

/// All frames of a take that grows by `step` samples at a time.
std::vector<PitchFrame> live(const Samples& signal, std::size_t step = 80,
                             InstructionSet set = best_instruction_set()) {
  LivePitch pitch(set);
  std::vector<PitchFrame> out;
  for (std::size_t known = step; known < signal.size() + step; known += step)
    pitch.run(std::span(signal).first(std::min(known, signal.size())), out);
  return out;
}

TEST(PitchLive, FramesComeAsSoonAsTheirLookAheadIsHeard) {
  const Samples signal = sounds::harmonics(Hertz(220), analysis_rate, Seconds(1));
  LivePitch pitch(best_instruction_set());
  std::vector<PitchFrame> out;
  for (std::size_t known = 0; known <= signal.size(); ++known) {
    pitch.run(std::span(signal).first(known), out);
    const double seconds = static_cast<double>(known) / analysis_rate.value;
    // Frame i is due at i · 10 ms + look_ahead.
    const double due = (Seconds(seconds) - LivePitch::look_ahead) / frame_hop;
    ASSERT_EQ(static_cast<int>(out.size()), due < -1e-9 ? 0 : static_cast<int>(due + 1e-9) + 1) << seconds;
  }
}

TEST(PitchLive, LooksAheadNoFurtherThanASingerWillWait) {
  EXPECT_LT(LivePitch::look_ahead.value, 0.06);  // the engine promises 80 ms, resampling included
}

TEST(PitchLive, HearsTheVoiceFromItsFirstTenthOfASecond) {
  for (double midi : {38.0, 48.0, 60.0, 72.0, 84.0, 90.0}) {
    const DrawnTrack drawn = DrawnTrack().rest(0.5).hold(midi, 1).rest(0.5);
    const auto frames = live(sounds::sound_of(drawn.frames()));
    for (std::size_t i = 60; i < 140; ++i)
      ASSERT_NEAR(to_midi(frames.at(i).f0).value, midi, 0.1) << midi << " at frame " << i;
    for (std::size_t i = 0; i < 45; ++i) ASSERT_FALSE(frames.at(i).voiced()) << midi << " at frame " << i;
    for (std::size_t i = 160; i < frames.size(); ++i) ASSERT_FALSE(frames[i].voiced()) << i;
  }
}

TEST(PitchLive, FollowsASingerAsTheTruthHasIt) {
  const SungTake take = sing(VoiceType::alto, demo_melody(VoiceType::alto), analysis_rate);
  const auto frames = live(take.audio.samples);
  std::size_t both = 0, sung = 0, wrong = 0;
  for (std::size_t i = 0; i < std::min(frames.size(), take.truth.f0.size()); ++i) {
    sung += take.truth.f0[i] > 0;
    if (take.truth.f0[i] <= 0 || !frames[i].voiced()) continue;
    ++both;
    wrong += std::abs(sounds::cents(frames[i].f0, Hertz(take.truth.f0[i]))) > 50;
  }
  EXPECT_GT(static_cast<double>(both), 0.95 * static_cast<double>(sung));
  EXPECT_LT(static_cast<double>(wrong),
            0.02 * static_cast<double>(both));  // provisional: the take corrects it
}

TEST(PitchLive, DoesNotDependOnHowTheSoundArrivesNorOnTheInstructionSet) {
  const Samples signal = sounds::mixed(sounds::harmonics(Hertz(196), analysis_rate, Seconds(1)),
                                       sounds::noise(analysis_rate, Seconds(1), 0.01));
  const auto expected = live(signal, 80, InstructionSet::baseline);
  ASSERT_GT(expected.size(), 90U);
  for (InstructionSet set : available_instruction_sets())
    for (std::size_t step : {1U, 37U, 1600U, 8000U}) {
      const auto got = live(signal, step, set);
      ASSERT_EQ(got.size(), expected.size());
      for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(got[i].f0.value, expected[i].f0.value) << i;
        ASSERT_EQ(got[i].level_db, expected[i].level_db) << i;
      }
    }
}

TEST(PitchLive, ASoftSingerIsHeardToo) {
  const Samples soft =
      sounds::scaled(sounds::sound_of(DrawnTrack().rest(0.3).hold(60, 1).frames()), 0.1);  // −40 dBFS
  EXPECT_NEAR(to_midi(live(soft).at(100).f0).value, 60, 0.1);
}

TEST(PitchLive, WhatIsFarSofterThanTheVoiceIsNotTheSinger) {
  // A radio next door, 45 dB below, before a second has passed since the last note.
  const DrawnTrack drawn = DrawnTrack().hold(60, 1).level(-65).hold(66, 0.8);
  const auto frames = live(sounds::sound_of(drawn.frames()));
  for (std::size_t i = 115; i < frames.size(); ++i) EXPECT_FALSE(frames[i].voiced()) << i;
}

TEST(PitchLive, NoiseIsUnvoiced) {
  std::size_t voiced = 0;
  const auto frames = live(sounds::noise(analysis_rate, Seconds(4), 0.01));
  for (const PitchFrame& f : frames) voiced += f.voiced();
  EXPECT_LT(voiced, frames.size() / 20);
}

}  // namespace
}  // namespace orakgarak::voice
