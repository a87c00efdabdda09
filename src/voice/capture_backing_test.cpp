#include "voice/capture_backing.h"

#include <gtest/gtest.h>

#include "voice/testing/track.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

/// Ten seconds of phrases with pauses.
DrawnTrack phrases() {
  DrawnTrack drawn;
  for (int i = 0; i < 5; ++i) drawn.jitter(12).hold(60 + i, 1).rest(1);
  return drawn;
}
constexpr Seconds length{10};

Samples chord(double first, Seconds from = Seconds(0), Seconds to = length) {
  Samples out = sounds::silence(analysis_rate, length);
  const auto begin = static_cast<std::ptrdiff_t>(sounds::sample_count(analysis_rate, from));
  for (double midi : {60.0, 64.0, 67.0}) {
    const Samples tone = sounds::harmonics(to_hertz(Midi(midi)), analysis_rate, to - from, first);
    for (std::size_t i = 0; i < tone.size(); ++i) out.at(static_cast<std::size_t>(begin) + i) += tone[i];
  }
  return out;
}

BackingEvidence beside_phrases(const Samples& other) {
  const DrawnTrack drawn = phrases();
  return find_backing(drawn.frames(), sounds::mixed(sounds::sound_of(drawn.frames()), other), false);
}

TEST(Backing, AQuietRoomIsNone) {
  const BackingEvidence found = beside_phrases(sounds::noise(analysis_rate, length, 1e-4));
  EXPECT_LT(found.tonal_pauses, 0.1);  // noise passes for tonal by chance
  EXPECT_EQ(found.soft_voice, 0);
  EXPECT_LT(backing_suspicion(found), 0.1);
}

TEST(Backing, LoudNoiseIsNone) {
  const BackingEvidence found = beside_phrases(sounds::noise(analysis_rate, length, 0.1));
  EXPECT_LT(found.tonal_pauses, 0.1);
  EXPECT_LT(backing_suspicion(found), 0.1);
}

TEST(Backing, MusicInThePausesIsOne) {
  for (double first : {0.03, 0.003}) {  // from 10 dB to 30 dB below the voice
    const BackingEvidence found =
        beside_phrases(sounds::mixed(chord(first), sounds::noise(analysis_rate, length, first / 300)));
    EXPECT_GT(found.tonal_pauses, 0.9) << first;
    EXPECT_GT(backing_suspicion(found), 0.9) << first;
  }
}

TEST(Backing, WhatFollowsThePhraseAtOnceIsItsOwnEcho) {
  const DrawnTrack drawn = phrases();
  Samples signal =
      sounds::mixed(sounds::sound_of(drawn.frames()), sounds::noise(analysis_rate, length, 1e-4));
  for (int i = 0; i < 5; ++i) {  // 0.2 s of the note go on, softer
    const Samples tail = sounds::harmonics(to_hertz(Midi(60 + i)), analysis_rate, Seconds(0.2), 0.02);
    for (std::size_t t = 0; t < tail.size(); ++t)
      signal[static_cast<std::size_t>(8000 + 16000 * i) + t] += tail[t];
  }
  EXPECT_LT(backing_suspicion(find_backing(drawn.frames(), signal, false)), 0.1);
}

TEST(Backing, WhatAnEchoingRoomKeepsRingingIsNone) {
  DrawnTrack drawn;
  for (int i = 0; i < 5; ++i) {
    drawn.jitter(12).hold(60 + i, 1);
    for (int t = 1; t <= 50; ++t)
      drawn.level(static_cast<float>(-20 - 1.2 * t)).hold(60 + i, 0.01);  // 60 dB in 0.5 s
    drawn.level(-20).rest(0.5);
  }
  Samples signal =
      sounds::mixed(sounds::sound_of(drawn.frames()), sounds::noise(analysis_rate, length, 1e-6));
  std::vector<PitchFrame> heard(drawn.frames());  // the tracker lets go where the note ends
  for (std::size_t i = 0; i < heard.size(); ++i)
    if (i % 200 >= 100) heard[i] = {};
  EXPECT_GT(backing_suspicion(find_backing(heard, signal, false)), 0.5);
  EXPECT_LT(backing_suspicion(find_backing(heard, signal, false, Seconds(0.5))), 0.1);
}

TEST(Backing, EvidenceSaysWhatItRestsOn) {
  const BackingEvidence found = beside_phrases({});
  // Five pauses of 1 s, less 250 ms after each phrase and 150 ms before all but the last's.
  EXPECT_NEAR(found.pause_share, (5 * 0.75 - 4 * 0.15) / 10, 0.01);
  EXPECT_NEAR(found.pause_frames, 158, 8);  // one in 20 ms, and a window lies inside the take
  const BackingEvidence none = find_backing({}, {}, false);
  EXPECT_EQ(none.pause_frames, 0);
  EXPECT_EQ(backing_suspicion(none), 0);
}

/// A singer with hardly a pause, in whose place something softer sounds for `seconds`.
BackingEvidence without_pauses(double soft_db, double seconds, double midi = 67, bool hum = false) {
  DrawnTrack drawn;
  drawn.jitter(12)
      .hold(60, 8)
      .level(static_cast<float>(-20 - soft_db))
      .hold(midi, seconds)
      .level(-20)
      .hold(60, 4);
  return find_backing(drawn.frames(), sounds::sound_of(drawn.frames()), hum);
}

TEST(Backing, ASofterVoiceWhereTheSingerPausesIsOne) {
  const BackingEvidence found = without_pauses(20, 3);
  EXPECT_NEAR(found.soft_voice, (3 - 0.4) / 15, 0.005);  // 200 ms beside the singer are not counted
  EXPECT_GT(backing_suspicion(found), 0.9);
}

TEST(Backing, AVoiceOnlyALittleSofterIsTheSinger) {
  EXPECT_EQ(without_pauses(12, 3).soft_voice, 0);
  EXPECT_GT(without_pauses(14, 3).soft_voice, 0);
}

TEST(Backing, ASoftMomentIsTheSinger) {
  EXPECT_EQ(without_pauses(20, 0.8).soft_voice, 0);  // half a second is not enough to tell
}

TEST(Backing, HumThatWasTakenForAVoiceIsNone) {
  const double on_the_line = to_midi(Hertz(120)).value;
  EXPECT_GT(without_pauses(20, 3, on_the_line, false).soft_voice, 0);
  EXPECT_EQ(without_pauses(20, 3, on_the_line, true).soft_voice, 0);
}

TEST(Suspicion, AVoiceThatIsSoftNowAndThenCountsOnlyWithoutPauses) {
  EXPECT_GT(backing_suspicion({.pause_share = 0.02, .soft_voice = 0.1}), 0.9);
  EXPECT_EQ(backing_suspicion({.pause_share = 0.04, .soft_voice = 0.1}), 0);
}

TEST(Suspicion, RisesWithTheTonalPausesAndNeedsEnoughOfThem) {
  EXPECT_LT(backing_suspicion({.tonal_pauses = 0.15, .pause_frames = 100}), 0.5);
  EXPECT_GT(backing_suspicion({.tonal_pauses = 0.35, .pause_frames = 100}), 0.5);
  EXPECT_EQ(backing_suspicion({.tonal_pauses = 1, .pause_frames = 3}), 0);
  EXPECT_GT(backing_suspicion({.tonal_pauses = 1, .pause_frames = 4}), 0.9);
}

TEST(Backing, IsTheSameOnEveryInstructionSet) {
  const DrawnTrack drawn = phrases();
  const Samples signal =
      sounds::mixed(sounds::mixed(sounds::sound_of(drawn.frames()), chord(0.003, Seconds(3), Seconds(7))),
                    sounds::noise(analysis_rate, length, 0.001));
  const BackingEvidence plain =
      find_backing(drawn.frames(), signal, false, Seconds(0), InstructionSet::baseline);
  for (InstructionSet set : available_instruction_sets())
    EXPECT_EQ(find_backing(drawn.frames(), signal, false, Seconds(0), set).tonal_pauses, plain.tonal_pauses);
}

}  // namespace
}  // namespace orakgarak::voice
