#include "voice/notes.h"

#include <gtest/gtest.h>

#include <random>

#include "voice/testing/track.h"

namespace orakgarak::voice {
namespace {

using Track = DrawnTrack;

constexpr double frame_s = frame_hop.value;

TEST(Notes, SilenceHasNone) {
  EXPECT_TRUE(find_notes({}).notes.empty());
  EXPECT_TRUE(Track().rest(2).notes().notes.empty());
}

TEST(Notes, AHeldPitchIsOneNoteWithItsTimeAndPitch) {
  auto notes = Track().rest(0.5).hold(60.37, 1.0).rest(0.3).notes().notes;
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NEAR(notes[0].span.start.value, 0.5, frame_s);  // a frame is 10 ms wide
  EXPECT_NEAR(notes[0].span.end.value, 1.5, frame_s);
  EXPECT_NEAR(notes[0].pitch.value, 60.37, 1e-4);  // pitches are kept as floats
  EXPECT_NEAR(notes[0].instability.value, 0, 0.01);
  EXPECT_FALSE(notes[0].vibrato);
}

TEST(Notes, ASemitoneStepWithoutABreakMakesTwoNotes) {
  auto notes = Track().hold(60, 0.4).hold(61, 0.4).notes().notes;
  ASSERT_EQ(notes.size(), 2u);
  EXPECT_NEAR(notes[0].span.end.value, 0.4, 2 * frame_s);  // the outlier filter blurs a step by two frames
  EXPECT_NEAR(notes[1].pitch.value, 61, 1e-4);
}

TEST(Notes, AnOctaveJumpOfTwoFramesIsNoNote) {
  auto notes = Track().hold(60, 0.4).hold(72, 0.02).hold(60, 0.4).notes().notes;
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NEAR(notes[0].pitch.value, 60, 1e-4);
}

TEST(Notes, APitchShorterThan70MillisecondsIsNoNote) {
  EXPECT_TRUE(Track().hold(60, 0.06).rest(0.2).notes().notes.empty());
  EXPECT_EQ(Track().hold(60, 0.07).rest(0.2).notes().notes.size(), 1u);
}

TEST(Notes, ABreakOfVoicingUpTo30MillisecondsIsBridged) {
  EXPECT_EQ(Track().hold(60, 0.3).rest(0.03).hold(60, 0.3).notes().notes.size(), 1u);
  EXPECT_EQ(Track().hold(60, 0.3).rest(0.04).hold(60, 0.3).notes().notes.size(), 2u);
}

TEST(Notes, ALevelDipPartsTwoNotesOfOnePitch) {
  auto dip = [](float db) {
    return Track().hold(60, 0.3).level(-20 - db).hold(60, 0.05).level(-20).hold(60, 0.3).notes().notes.size();
  };
  EXPECT_EQ(dip(8), 2u);
  EXPECT_EQ(dip(6), 1u);
}

TEST(Notes, VibratoIsMeasuredAndDoesNotSplitTheNote) {
  for (double rate : {4.5, 5.5, 7.0})
    for (double extent : {20.0, 50.0, 100.0}) {
      auto notes = Track().jitter(3).hold(57, 1.5, rate, extent).notes().notes;
      ASSERT_EQ(notes.size(), 1u) << rate << " Hz, " << extent << " cents";
      ASSERT_TRUE(notes[0].vibrato) << rate << " Hz, " << extent << " cents";
      EXPECT_NEAR(notes[0].vibrato->rate.value, rate, 0.03 * rate);
      // The outlier filter flattens the tips of a fast vibrato by a few per cent.
      EXPECT_NEAR(notes[0].vibrato->extent.value, extent, 0.12 * extent);
      EXPECT_LT(notes[0].instability.value, 3 + 0.1 * extent);
    }
}

TEST(Notes, UnsteadinessIsNotVibrato) {
  auto notes = Track().jitter(20).hold(57, 2).notes().notes;
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_FALSE(notes[0].vibrato);
  // The median of five takes about half of the deviation of independent errors away.
  EXPECT_NEAR(notes[0].instability.value, 11, 3);
}

TEST(Notes, AMovementBelow12CentsOrFewerThanTwoAndAHalfPeriodsIsNotVibrato) {
  EXPECT_FALSE(Track().hold(57, 1.5, 5.5, 10).notes().notes.at(0).vibrato);
  EXPECT_FALSE(Track().hold(57, 0.35, 5.5, 50).notes().notes.at(0).vibrato);
}

TEST(Notes, AGlideIsSetApartFromTheNotesItJoins) {
  auto found = Track().hold(55, 0.5).line(55, 62, 0.4).hold(62, 0.5).notes();
  ASSERT_EQ(found.notes.size(), 2u);
  EXPECT_NEAR(found.notes[0].pitch.value, 55, 0.1);
  EXPECT_NEAR(found.notes[1].pitch.value, 62, 0.1);
  ASSERT_EQ(found.glides.size(), 1u);
  // Its ends lie where it comes within 0.8 semitone of the notes.
  EXPECT_NEAR(found.glides[0].from.value, 55.9, 0.3);
  EXPECT_NEAR(found.glides[0].to.value, 61.1, 0.3);
}

TEST(Notes, ASirenIsOneGlideAndNoNote) {
  auto found = Track().line(48, 72, 2.0).notes();
  EXPECT_TRUE(found.notes.empty());
  ASSERT_EQ(found.glides.size(), 1u);
  EXPECT_NEAR((found.glides[0].to - found.glides[0].from).value, 24, 0.5);  // a frame is 0.12 semitone
}

TEST(Notes, AMovementOfLessThanTwoSemitonesIsNoGlide) {
  EXPECT_TRUE(Track().hold(55, 0.5).line(55, 57, 0.2).hold(57, 0.5).notes().glides.empty());
}

TEST(Notes, ASlowSinkingNoteStaysANote) {
  auto found = Track().line(60.4, 59.6, 2.0).notes();
  EXPECT_EQ(found.notes.size(), 1u);
  EXPECT_TRUE(found.glides.empty());
}

TEST(Notes, ComeInOrderAndDoNotOverlap) {
  Track track;
  std::mt19937 random(3);
  for (int i = 0; i < 200; ++i) {
    track.jitter(30).hold(45 + static_cast<double>(random() % 30),
                          0.05 + 0.01 * static_cast<double>(random() % 40));
    if (random() % 3 == 0) track.rest(0.1);
  }
  auto notes = track.notes().notes;
  ASSERT_GT(notes.size(), 100u);
  for (std::size_t i = 1; i < notes.size(); ++i)
    EXPECT_GE(notes[i].span.start.value, notes[i - 1].span.end.value - 1e-9);
}

}  // namespace
}  // namespace orakgarak::voice
