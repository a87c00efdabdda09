#include "voice/range.h"

#include <gtest/gtest.h>

#include "voice/demo_singer.h"
#include "voice/pitch_tracker.h"
#include "voice/testing/track.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

constexpr double exact = 1e-3;  // semitones; an end is the pitch of one frame, as it was drawn

/// What a perfect tracker heard in a quiet room, and its sound.
struct Take {
  explicit Take(const DrawnTrack& drawn) : signal(sounds::sound_of(drawn.frames())) {
    track.frames = drawn.frames();
    track.voice_db = -20;
    track.background_db = -80;
    track.coherence = 0.99F;
  }
  Range range() const { return measure_range(track, signal); }

  PitchTrack track;
  Samples signal;
};

Range range_of(const DrawnTrack& drawn) { return Take(drawn).range(); }

double pitch(const std::expected<RangeEnd, RangeDecline>& end) { return end ? end->pitch.value : -1; }

TEST(Range, TellsBothEndsOfWhatWasHeld) {
  const Range range = range_of(DrawnTrack().hold(60, 2).hold(50, 1).hold(60, 1).hold(69, 0.5).hold(60, 1));
  EXPECT_NEAR(pitch(range.lowest), 50, exact);
  EXPECT_NEAR(pitch(range.highest), 69, exact);
}

TEST(Range, IgnoresAnOctaveJumpShorterThanAHold) {
  // 80 ms are no steady stretch, however often they come; 0.2 s in all are no hold.
  DrawnTrack often;
  for (int i = 0; i < 20; ++i) often.hold(60, 0.4).hold(72, 0.08);
  EXPECT_NEAR(pitch(range_of(often).highest), 60, exact);
  EXPECT_NEAR(pitch(range_of(DrawnTrack().hold(60, 3).hold(72, 0.2).hold(60, 3)).highest), 60, exact);
  EXPECT_NEAR(pitch(range_of(DrawnTrack().hold(60, 3).hold(72, 0.3).hold(60, 3)).highest), 72, exact);
}

TEST(Range, ANoteMayBeHeldInPieces) {
  const Range range =
      range_of(DrawnTrack().hold(60, 2).hold(65, 0.13).hold(60, 2).hold(65, 0.13).hold(60, 2));
  EXPECT_NEAR(pitch(range.highest), 65, exact);
}

TEST(Range, APitchBetweenTwoSemitonesIsOnePitch) {
  // Sung 0.15 s a little below and 0.15 s a little above 55.5: neither semitone has 0.25 s of its own.
  const Range range = range_of(DrawnTrack().hold(62, 2).hold(55.3, 0.15).hold(55.7, 0.15).hold(62, 1));
  EXPECT_NEAR(pitch(range.lowest), 55.5, 0.2 + exact);  // the outermost middle is a frame of one or the other
}

TEST(Range, VibratoDoesNotHideANote) {
  const Range range = range_of(DrawnTrack().hold(60, 2).hold(67, 1, 5.5, 40).hold(60, 1));
  EXPECT_NEAR(pitch(range.highest), 67, 0.4);  // half of peak to peak of the vibrato
}

TEST(Range, AGlideReachesNothing) {
  // Twelve semitones a second: 100 ms of it are spread over more than a semitone.
  const Range range = range_of(DrawnTrack().hold(60, 2).line(60, 78, 1.5).line(78, 44, 2.8).hold(60, 1));
  EXPECT_NEAR(pitch(range.lowest), 60, 1.0);  // the frames of the glide next to the note
  EXPECT_NEAR(pitch(range.highest), 60, 1.0);
}

TEST(Range, AFewHighNotesOfALongTakeAreStillReached) {
  // 0.3 s of it are less than its last percent.
  const Range range = range_of(DrawnTrack().hold(76, 40).hold(79, 0.3));
  EXPECT_NEAR(pitch(range.highest), 79, exact);
}

TEST(Range, ComfortableIsWhatIsSungOften) {
  const Range range =
      range_of(DrawnTrack().hold(55, 0.4).hold(57, 3).hold(60, 6).hold(64, 3).hold(67, 0.5).hold(60, 2));
  EXPECT_NEAR(pitch(range.lowest), 55, exact);
  EXPECT_NEAR(pitch(range.comfortable_low), 57, exact);
  EXPECT_NEAR(pitch(range.comfortable_high), 64, exact);
  EXPECT_NEAR(pitch(range.highest), 67, exact);
}

TEST(Range, ComfortableIsAtLeastASecondHoweverShortTheTake) {
  const auto comfortable = [](double seconds) {
    return pitch(range_of(DrawnTrack().hold(60, 3).hold(64, seconds)).comfortable_high);
  };
  EXPECT_NEAR(comfortable(0.9), 60, exact);
  EXPECT_NEAR(comfortable(1.1), 64, exact);
}

TEST(Range, ComfortableLiesWithinTheFullRange) {
  for (VoiceType voice : {VoiceType::bass, VoiceType::mezzo}) {
    const Samples signal = sing(voice, demo_melody(voice), analysis_rate).audio.samples;
    const Range range = measure_range(track_pitch(signal), signal);
    ASSERT_TRUE(range.lowest && range.highest && range.comfortable_low && range.comfortable_high);
    EXPECT_LE(range.lowest->pitch, range.comfortable_low->pitch);
    EXPECT_LT(range.comfortable_low->pitch, range.comfortable_high->pitch);
    EXPECT_LE(range.comfortable_high->pitch, range.highest->pitch);
  }
}

TEST(Range, SaysWhereToListen) {
  const Range range =
      range_of(DrawnTrack().hold(60, 2).hold(67, 0.3).hold(60, 1).hold(67, 0.8).rest(0.5).hold(67.2, 0.5));
  ASSERT_TRUE(range.highest);
  EXPECT_NEAR(range.highest->longest.start.value, 3.3, 1e-6);
  EXPECT_NEAR(range.highest->longest.end.value, 4.1, 1e-6);
  EXPECT_NEAR(range.highest->steady.value, 1.6, 1e-6);  // all three
}

TEST(Range, DoesNotDependOnLevel) {
  const auto melody = demo_melody(VoiceType::tenor);
  const Samples loud = sing(VoiceType::tenor, melody, analysis_rate).audio.samples;
  const Samples soft = sounds::scaled(loud, 0.01);  // voice at −60 dBFS
  const Range a = measure_range(track_pitch(loud), loud), b = measure_range(track_pitch(soft), soft);
  // A frame at the edge of a note may be voiced in one and not in the other.
  EXPECT_NEAR(pitch(a.lowest), pitch(b.lowest), 0.05);
  EXPECT_NEAR(pitch(a.highest), pitch(b.highest), 0.05);
  EXPECT_NEAR(pitch(a.comfortable_low), pitch(b.comfortable_low), 0.05);
  EXPECT_NEAR(pitch(a.comfortable_high), pitch(b.comfortable_high), 0.05);
  EXPECT_GT(pitch(a.lowest), 0);
}

TEST(Range, UncertaintyGrowsWithNoise) {
  Take quiet(DrawnTrack().hold(60, 3)), noisy = quiet;
  noisy.track.background_db = noisy.track.voice_db - 9;
  ASSERT_TRUE(quiet.range().lowest && noisy.range().lowest);
  EXPECT_GT(noisy.range().lowest->uncertainty.value, quiet.range().lowest->uncertainty.value + 0.1);
}

}  // namespace
}  // namespace orakgarak::voice
