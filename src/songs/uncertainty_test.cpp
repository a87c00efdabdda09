#include "songs/uncertainty.h"

#include <gtest/gtest.h>

namespace orakgarak::songs {
namespace {

Reach tenor(double uncertainty) {
  return {{Midi(48), Midi(51), Semitones(uncertainty)}, {Midi(70), Midi(65), Semitones(uncertainty)}};
}

IndexedSong song_up_to(int highest) {
  Song song;
  for (int p = highest - 10; p <= highest; ++p) song.seconds_per_semitone[p] = 5;
  return *weigh(song);
}

double uncertainty(const Reach& reach, const IndexedSong& song, bool octave_uncertain = false) {
  return FitUncertainty(reach).of(song, octave_uncertain, 0, 0);
}

TEST(FitUncertainty, IsNeverUnderAPoint) { EXPECT_EQ(uncertainty(tenor(0), song_up_to(64)), 1); }

TEST(FitUncertainty, GrowsWithThatOfTheSingersEnds) {
  const IndexedSong song = song_up_to(70);
  EXPECT_LT(uncertainty(tenor(0.1), song), uncertainty(tenor(1), song));
  EXPECT_LT(uncertainty(tenor(1), song), uncertainty(tenor(3), song));
}

TEST(FitUncertainty, GrowsTheLessIsKnownOfTheSong) {
  Song ends;
  ends.lowest = Midi(55);
  ends.highest = Midi(65);
  Song top;
  top.highest = Midi(65);
  const double transcribed = uncertainty(tenor(0.3), song_up_to(65));
  EXPECT_LT(transcribed, uncertainty(tenor(0.3), *weigh(ends)));
  EXPECT_LT(uncertainty(tenor(0.3), *weigh(ends)), uncertainty(tenor(0.3), *weigh(top)));
}

TEST(FitUncertainty, AnUncertainOctaveIsAtLeastThirtyPoints) {
  EXPECT_GE(uncertainty(tenor(0.3), song_up_to(64), true), 30);
}

}  // namespace
}  // namespace orakgarak::songs
