// When no end is told: each reason, on its near and its far side.
#include <gtest/gtest.h>

#include <set>

#include "voice/pitch_tracker.h"
#include "voice/range.h"
#include "voice/testing/track.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

PitchTrack quiet_room(const DrawnTrack& drawn) {
  PitchTrack track;
  track.frames = drawn.frames();
  track.voice_db = -20;
  track.background_db = -80;
  track.coherence = 0.99F;
  return track;
}

/// A take in which background sounds at a level below the voice.
Range over_background(double below_db, float tone) {
  const DrawnTrack drawn = DrawnTrack().hold(60, 2).hold(64, 1);
  PitchTrack track = quiet_room(drawn);
  track.background_db = track.voice_db - static_cast<float>(below_db);
  track.background_tone = tone;
  return measure_range(track, sounds::sound_of(drawn.frames()));
}

std::string_view reason(const std::expected<RangeEnd, RangeDecline>& end) {
  return end ? "told" : to_string(end.error());
}

TEST(RangeDeclines, WhereNothingWasSung) {
  EXPECT_EQ(reason(measure_range({}, {}).lowest), "too_little_singing");
  EXPECT_EQ(reason(measure_range({}, {}).comfortable_high), "too_little_singing");
}

TEST(RangeDeclines, WhereLessThanASecondWasHeld) {
  const auto held = [](double seconds) {
    const DrawnTrack drawn = DrawnTrack().hold(60, seconds).rest(1);
    return reason(measure_range(quiet_room(drawn), sounds::sound_of(drawn.frames())).lowest);
  };
  EXPECT_EQ(held(0.99), "too_little_singing");
  EXPECT_EQ(held(1.0), "told");
}

TEST(RangeDeclines, WhereNoiseCoversTheVoice) {
  EXPECT_EQ(reason(over_background(6.9, 0.2F).lowest), "noise");
  EXPECT_EQ(reason(over_background(6.9, 0.2F).highest), "noise");
  EXPECT_EQ(reason(over_background(7.1, 0.2F).lowest), "told");
}

TEST(RangeDeclines, WhereAGuideMelodySingsOn) {
  EXPECT_EQ(reason(over_background(6.9, 0.9F).lowest), "second_voice");
  EXPECT_EQ(reason(over_background(6.9, 0.9F).comfortable_high), "second_voice");
  EXPECT_EQ(reason(over_background(7.1, 0.9F).lowest), "told");
}

TEST(RangeDeclines, AGuideMelodyThatIsHeardInThePauses) {
  // The singer pauses; the guide, 8 dB softer, does not.
  DrawnTrack singer, guide;
  guide.level(-28);
  for (int i = 0; i < 4; ++i) {
    singer.jitter(10).hold(57, 0.8).hold(60, 0.7).rest(1);
    guide.hold(69 + i, 1.3).hold(72 - i, 1.2);
  }
  const Samples signal = sounds::mixed(sounds::sound_of(singer.frames()), sounds::sound_of(guide.frames()));
  const PitchTrack track = track_pitch(signal);
  const Range range = measure_range(track, signal);
  EXPECT_EQ(reason(range.lowest), "second_voice");
  EXPECT_EQ(reason(range.highest), "second_voice");
}

TEST(RangeDeclines, WhereTheSpectrumShowsAnotherOctave) {
  // The tracker says 48 for what sounds at 60.
  const DrawnTrack sounding = DrawnTrack().hold(60, 1).hold(64, 2),
                   heard = DrawnTrack().hold(48, 1).hold(64, 2);
  const Samples signal = sounds::sound_of(sounding.frames());
  const Range range = measure_range(quiet_room(heard), signal);
  EXPECT_EQ(reason(range.lowest), "methods_disagree");
  EXPECT_EQ(reason(range.highest), "told");  // each end stands for itself
}

/// Much singing at 60 and half a second far above it.
Range with_a_stray(double midi, float level_db, float background_db) {
  const DrawnTrack drawn = DrawnTrack().hold(60, 4).level(level_db).hold(midi, 0.5).level(-20).hold(60, 2);
  PitchTrack track = quiet_room(drawn);
  track.background_db = background_db;
  return measure_range(track, sounds::sound_of(drawn.frames()));
}

TEST(RangeDeclines, ABriefSoftPitchFarFromEverythingElse) {
  EXPECT_EQ(reason(with_a_stray(72, -33, -80).highest), "methods_disagree");
  EXPECT_EQ(reason(with_a_stray(72, -33, -80).lowest), "told");
  EXPECT_EQ(reason(with_a_stray(66, -33, -80).highest), "told");  // not far
}

TEST(RangeDeclines, ABriefPitchFarFromEverythingElseInAnAudibleBackground) {
  EXPECT_EQ(reason(with_a_stray(72, -20, -38).highest), "methods_disagree");
  EXPECT_EQ(reason(with_a_stray(72, -20, -42).highest), "told");  // a leap, loud and alone
}

TEST(RangeDeclines, ABriefEndBesideAnotherSource) {
  const auto told = [](double held_seconds, float background_db, float tone) {
    const DrawnTrack drawn = DrawnTrack().hold(60, 4).hold(65, held_seconds).hold(60, 2);
    PitchTrack track = quiet_room(drawn);
    track.background_db = background_db;
    track.background_tone = tone;
    return reason(measure_range(track, sounds::sound_of(drawn.frames())).highest);
  };
  EXPECT_EQ(told(0.40, -34, 0.6F), "second_voice");
  EXPECT_EQ(told(0.50, -34, 0.6F), "told");  // long enough
  EXPECT_EQ(told(0.40, -36, 0.6F), "told");  // the other is soft
  EXPECT_EQ(told(0.40, -34, 0.4F), "told");  // noise, no other voice
}

TEST(RangeDeclines, ABriefEndInAnEchoingRoom) {
  const auto told = [](double held_seconds, Seconds reverberation) {
    const DrawnTrack drawn = DrawnTrack().hold(60, 4).hold(65, held_seconds).hold(60, 2);
    PitchTrack track = quiet_room(drawn);
    track.reverberation = reverberation;
    return reason(measure_range(track, sounds::sound_of(drawn.frames())).highest);
  };
  EXPECT_EQ(told(0.40, Seconds(0.5)), "methods_disagree");
  EXPECT_EQ(told(0.50, Seconds(0.5)), "told");
  EXPECT_EQ(told(0.40, Seconds(0.4)), "told");
}

TEST(RangeDeclines, ALongSoftPitchFarFromEverythingElseIsSung) {
  const DrawnTrack drawn = DrawnTrack().hold(60, 4).level(-33).hold(72, 1.2).level(-20).hold(60, 2);
  EXPECT_EQ(reason(measure_range(quiet_room(drawn), sounds::sound_of(drawn.frames())).highest), "told");
}

TEST(RangeDeclines, WithACodeForProgramsAndASentenceForSingers) {
  std::set<std::string_view> codes, sentences;
  for (RangeDecline d : {RangeDecline::too_little_singing, RangeDecline::second_voice, RangeDecline::noise,
                         RangeDecline::methods_disagree, RangeDecline::not_singing}) {
    codes.insert(to_string(d));
    sentences.insert(explain(d));
    EXPECT_TRUE(explain(d).ends_with('.')) << to_string(d);
  }
  EXPECT_EQ(codes.size(), 5U);
  EXPECT_EQ(sentences.size(), 5U);
  EXPECT_TRUE(codes.contains("second_voice"));
}

}  // namespace
}  // namespace orakgarak::voice
