#include "voice/pitch_tracker.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "voice/demo_singer.h"
#include "voice/resample.h"
#include "voice/testing/salience.h"
#include "voice/testing/track.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

/// The singer's pitch is known every 10 ms, as the tracker's is.
struct Sung {
  explicit Sung(VoiceType voice) {
    SungTake take = sing(voice, demo_melody(voice), analysis_rate);
    truth = std::move(take.truth.f0);
    signal = std::move(take.audio.samples);
  }
  std::vector<double> truth;
  Samples signal;
};
const Sung& baritone() {
  static const Sung sung(VoiceType::baritone);
  return sung;
}

/// Of the frames in which both hear a voice: the share that is half a semitone off or more.
double share_wrong(const PitchTrack& track, const std::vector<double>& truth) {
  std::size_t both = 0, wrong = 0;
  for (std::size_t i = 0; i < std::min(truth.size(), track.frames.size()); ++i) {
    if (truth[i] <= 0 || !track.frames[i].voiced()) continue;
    ++both;
    wrong += std::abs(sounds::cents(track.frames[i].f0, Hertz(truth[i]))) >= 50;
  }
  return both == 0 ? 1 : static_cast<double>(wrong) / static_cast<double>(both);
}

double share_voiced(const PitchTrack& track, std::size_t from, std::size_t to) {
  std::size_t voiced = 0;
  for (std::size_t i = from; i < to; ++i) voiced += track.frames.at(i).voiced();
  return static_cast<double>(voiced) / static_cast<double>(to - from);
}

TEST(PitchTracker, MakesOneFrameEvery10Milliseconds) {
  for (std::size_t samples : {0U, 1U, 79U, 80U, 81U, 8000U, 8079U})
    EXPECT_EQ(track_pitch(Samples(samples)).frames.size(), 1 + samples / 80) << samples;
}

TEST(PitchTracker, SilenceIsUnvoiced) {
  const PitchTrack track = track_pitch(sounds::silence(analysis_rate, Seconds(2)));
  EXPECT_EQ(share_voiced(track, 0, track.frames.size()), 0);
  EXPECT_EQ(track.voice_db, -200);
  EXPECT_EQ(track.background_db, -200);
}

TEST(PitchTracker, NoiseIsUnvoicedWhateverItsLevel) {
  for (double rms : {0.2, 1e-5}) {
    const PitchTrack track = track_pitch(sounds::noise(analysis_rate, Seconds(5), rms));
    EXPECT_LT(share_voiced(track, 0, track.frames.size()), 0.02) << rms;  // it repeats by chance now and then
  }
}

TEST(PitchTracker, ASoftNoteBetweenLoudOnesIsNotTakenForBackground) {
  const DrawnTrack drawn = DrawnTrack().rest(1.5).hold(72, 3).level(-30).hold(45, 0.6).level(-20).hold(72, 3);
  const PitchTrack track = track_pitch(sounds::sound_of(drawn.frames()));
  for (std::size_t i = 455; i < 505; ++i)  // 50 ms from its ends, where windows hold both
    ASSERT_NEAR(track.frames[i].f0.value, 110, 1) << i;
}

TEST(PitchTracker, VibratoAtTheTopDoesNotDropTheOctave) {
  // 1,567 Hz with 60 cents of vibrato passes 1,600 Hz in every cycle.
  const DrawnTrack drawn = DrawnTrack().rest(0.5).hold(91, 2, 5.5, 60).rest(0.5);
  const PitchTrack track = track_pitch(sounds::sound_of(drawn.frames()));
  for (std::size_t i = 60; i < 240; ++i)
    ASSERT_NEAR(track.frames[i].f0.value, drawn.frames()[i].f0.value, 25) << i;  // the window smooths vibrato
}

TEST(PitchTracker, FramesKeepTheirContract) {
  const PitchTrack track = track_pitch(baritone().signal);
  for (const PitchFrame& f : track.frames) {
    ASSERT_GE(f.confidence, 0);
    ASSERT_LE(f.confidence, 1);
    ASSERT_EQ(f.voiced(), f.confidence >= 0.5F);
    ASSERT_GE(f.periodicity, 0);
    ASSERT_LE(f.periodicity, 1);
    if (f.voiced()) {
      ASSERT_GE(f.f0.value, 50);
      ASSERT_LE(f.f0.value, highest_pitch.value);
    } else {
      ASSERT_EQ(f.periodicity, 0);
    }
  }
}

TEST(PitchTracker, FollowsASinger) {
  const PitchTrack track = track_pitch(baritone().signal);
  EXPECT_LT(share_wrong(track, baritone().truth), 0.003);  // the edges of notes
  EXPECT_GT(track.coherence, 0.97F);
  EXPECT_NEAR(track.voice_db, -21, 3);  // what the demo singer sings at, less what lies above 1.5 kHz
  EXPECT_LT(track.background_db, -50);  // a quiet room and the singer's breaths
}

TEST(PitchTracker, IsUnvoicedInThePausesOfASinger) {
  const PitchTrack track = track_pitch(baritone().signal);
  std::size_t silent = 0, voiced = 0;
  for (std::size_t i = 5; i + 5 < baritone().truth.size(); ++i) {
    // A window of up to 80 ms reaches a few frames into the next note.
    if (std::any_of(baritone().truth.begin() + static_cast<std::ptrdiff_t>(i) - 5,
                    baritone().truth.begin() + static_cast<std::ptrdiff_t>(i) + 6,
                    [](double f) { return f > 0; }))
      continue;
    ++silent;
    voiced += track.frames.at(i).voiced();
  }
  ASSERT_GT(silent, 100U);
  EXPECT_LE(voiced, silent / 50);
}

TEST(PitchTracker, FindsTheVoiceInNoise) {
  const Sung& sung = baritone();
  const Samples noisy = sounds::mixed(sung.signal, sounds::noise(analysis_rate, Seconds(30), 0.018));
  const PitchTrack track = track_pitch(noisy);  // 15 dB below the voice
  EXPECT_LT(share_wrong(track, sung.truth), 0.01);
  const auto heard = std::ranges::count_if(track.frames, &PitchFrame::voiced);
  const auto truly = std::ranges::count_if(sung.truth, [](double f) { return f > 0; });
  EXPECT_GT(static_cast<double>(heard), 0.9 * static_cast<double>(truly));
  EXPECT_LT(static_cast<double>(heard), 1.05 * static_cast<double>(truly));
  EXPECT_LT(track.background_tone, 0.5F);    // noise is no tone
  EXPECT_NEAR(track.background_db, -39, 3);  // −35 dB in all, about −39 dB within the weighted band
}

TEST(PitchTracker, KnowsThatHumIsATone) {
  const Samples hum = sounds::sine(Hertz(120), analysis_rate, Seconds(30), 0.003);
  const PitchTrack track = track_pitch(sounds::mixed(baritone().signal, hum));
  EXPECT_GT(track.background_tone, 0.5F);
  EXPECT_LT(share_wrong(track, baritone().truth), 0.01);
}

TEST(PitchTracker, AWideLeapAndAFastRunAreFollowed) {
  DrawnTrack drawn;
  drawn.rest(0.3).hold(48, 0.6).hold(67, 0.6).hold(48, 0.6).rest(0.3);
  for (int i = 0; i < 12; ++i) drawn.hold(55 + i, 0.12);
  drawn.rest(0.3);
  const PitchTrack track = track_pitch(sounds::sound_of(drawn.frames()));
  std::size_t near = 0, sung = 0;
  for (std::size_t i = 0; i < drawn.frames().size(); ++i) {
    if (!drawn.frames()[i].voiced()) continue;
    ++sung;
    near +=
        track.frames.at(i).voiced() && std::abs(sounds::cents(track.frames[i].f0, drawn.frames()[i].f0)) < 20;
  }
  // A window sees two notes within some frames of each change.
  EXPECT_GT(static_cast<double>(near), 0.85 * static_cast<double>(sung));
}

TEST(PitchTracker, ALowNoteAmongHighOnesKeepsItsOctave) {
  const DrawnTrack drawn = DrawnTrack().rest(1.5).hold(72, 3).level(-30).hold(45, 0.5).level(-20).hold(72, 3);
  const Samples room = sounds::noise(analysis_rate, Seconds(8), 1e-4);
  const PitchTrack track = track_pitch(sounds::mixed(sounds::sound_of(drawn.frames()), room));
  for (std::size_t i = 460; i < 490; ++i)  // the middle of the note at 4.5 to 5 s
    EXPECT_NEAR(to_midi(track.frames.at(i).f0).value, 45, 0.1) << i;
}

TEST(PitchTracker, GivesTheSameBitsOnEveryInstructionSet) {
  const std::span<const float> part = std::span(baritone().signal).first(8 * 8000 + 123);
  const PitchTrack plain = track_pitch(part, {}, InstructionSet::baseline);
  for (InstructionSet set : available_instruction_sets()) {
    const PitchTrack fast = track_pitch(part, {}, set);
    EXPECT_EQ(fast.background_db, plain.background_db);
    EXPECT_EQ(fast.coherence, plain.coherence);
    for (std::size_t i = 0; i < plain.frames.size(); ++i) {
      ASSERT_EQ(fast.frames[i].f0.value, plain.frames[i].f0.value) << i;
      ASSERT_EQ(fast.frames[i].confidence, plain.frames[i].confidence) << i;
      ASSERT_EQ(fast.frames[i].level_db, plain.frames[i].level_db) << i;
    }
  }
}

/// F1 of voiced frames within half a semitone.
double agreement(const PitchTrack& track, const std::vector<double>& truth) {
  std::size_t right = 0, heard = 0, sung = 0;
  for (std::size_t i = 0; i < std::min(truth.size(), track.frames.size()); ++i) {
    const PitchFrame& f = track.frames[i];
    heard += f.voiced();
    sung += truth[i] > 0;
    right += f.voiced() && truth[i] > 0 && std::abs(sounds::cents(f.f0, Hertz(truth[i]))) < 50;
  }
  return 2.0 * static_cast<double>(right) / static_cast<double>(heard + sung);
}

/// The same take with and without what the network hears in it.
struct TwoTracks {
  explicit TwoTracks(const Samples& wide) {  // at network_rate
    Samples narrow;
    Resampler down(16000, 8000);
    down.push(wide, narrow);
    down.finish(narrow);
    alone = track_pitch(narrow);
    together = track_pitch(narrow, salience_of(wide));
  }
  PitchTrack alone, together;
};

std::size_t judged(const PitchTrack& track, Judge judge) {
  return static_cast<std::size_t>(std::ranges::count(track.frames, judge, &PitchFrame::judge));
}

TEST(PitchTrackerWithNetwork, BothVouchForACleanVoice) {
  const SungTake take = sing(VoiceType::alto, demo_melody(VoiceType::alto), network_rate);
  const TwoTracks tracks(take.audio.samples);
  EXPECT_GT(share_judged_by(Judge::both, tracks.together.frames), 0.9);
  EXPECT_EQ(judged(tracks.alone, Judge::both), 0U);
  EXPECT_EQ(share_judged_by(Judge::autocorrelation, tracks.alone.frames), 1);
  EXPECT_GT(agreement(tracks.together, take.truth.f0), agreement(tracks.alone, take.truth.f0) - 0.005);
  for (const PitchFrame& f : tracks.together.frames) ASSERT_EQ(f.voiced(), f.judge != Judge::none);
}

TEST(PitchTrackerWithNetwork, HearsMuchMoreInNoiseLouderThanTheVoice) {
  const SungTake take = sing(VoiceType::baritone, demo_melody(VoiceType::baritone), network_rate);
  const TwoTracks tracks(sounds::mixed(take.audio.samples, sounds::noise(network_rate, Seconds(30), 0.2)));
  EXPECT_GT(agreement(tracks.together, take.truth.f0), agreement(tracks.alone, take.truth.f0) + 0.1);
}

TEST(PitchTrackerWithNetwork, IsNotBelievedWhereItHearsAVoiceInThePauses) {
  const SungTake take = sing(VoiceType::baritone, demo_melody(VoiceType::baritone), network_rate);
  SungTake other = sing(VoiceType::soprano, demo_melody(VoiceType::soprano), network_rate);
  for (float& s : other.audio.samples) s *= 0.05F;
  const TwoTracks tracks(sounds::mixed(take.audio.samples, other.audio.samples));
  EXPECT_GT(agreement(tracks.together, take.truth.f0), agreement(tracks.alone, take.truth.f0) - 0.02);
}

TEST(PitchTrackerWithNetwork, EveryInstructionSetGivesTheSameFrames) {
  const SungTake take = sing(VoiceType::tenor, demo_melody(VoiceType::tenor), network_rate);
  const auto whole = std::span(take.audio.samples).first(64000);
  const Samples part(take.audio.samples.begin(), take.audio.samples.begin() + 32000);
  const PitchTrack plain =
      track_pitch(part, salience_of(whole, InstructionSet::baseline), InstructionSet::baseline);
  for (const InstructionSet set : available_instruction_sets()) {
    const PitchTrack fast = track_pitch(part, salience_of(whole, set), set);
    ASSERT_EQ(fast.frames.size(), plain.frames.size());
    for (std::size_t i = 0; i < plain.frames.size(); ++i) {
      ASSERT_EQ(fast.frames[i].f0.value, plain.frames[i].f0.value) << i;
      ASSERT_EQ(fast.frames[i].judge, plain.frames[i].judge) << i;
    }
  }
}

}  // namespace
}  // namespace orakgarak::voice
