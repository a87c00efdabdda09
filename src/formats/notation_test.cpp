#include "formats/notation.h"

#include <gtest/gtest.h>

namespace orakgarak::formats {
namespace {

TEST(Notation, ScientificCountsOctavesFromC) {
  EXPECT_EQ(note_name(Midi(60), Notation::scientific), "C4");
  EXPECT_EQ(note_name(Midi(59), Notation::scientific), "B3");
  EXPECT_EQ(note_name(Midi(67), Notation::scientific), "G4");
  EXPECT_EQ(note_name(Midi(0), Notation::scientific), "C-1");
  EXPECT_EQ(note_name(Midi(-1), Notation::scientific), "B-2");
}

TEST(Notation, SemitonesAreCountedBetweenTheNotesNamed) {
  EXPECT_EQ(semitones_between(Midi(47.8), Midi(72.4)), 24) << "C3 to C5, though 24.6 apart";
  EXPECT_EQ(semitones_between(Midi(60), Midi(60)), 0);
}

TEST(Notation, KoreanSecondOctaveOpensAtMiddleC) {
  EXPECT_EQ(note_name(Midi(60), Notation::korean), "2옥타브 도");
  EXPECT_EQ(note_name(Midi(67), Notation::korean), "2옥타브 솔");
  EXPECT_EQ(note_name(Midi(59), Notation::korean), "1옥타브 시");
  EXPECT_EQ(note_name(Midi(72), Notation::korean), "3옥타브 도");
  EXPECT_EQ(note_name(Midi(47), Notation::korean), "0옥타브 시");
}

TEST(Notation, JapaneseOctavesTurnOverAtA) {
  EXPECT_EQ(note_name(Midi(67), Notation::japanese), "mid2G");
  EXPECT_EQ(note_name(Midi(68), Notation::japanese), "mid2G#");
  EXPECT_EQ(note_name(Midi(69), Notation::japanese), "hiA");
  EXPECT_EQ(note_name(Midi(72), Notation::japanese), "hiC");
  EXPECT_EQ(note_name(Midi(81), Notation::japanese), "hihiA");
  EXPECT_EQ(note_name(Midi(57), Notation::japanese), "mid2A");
  EXPECT_EQ(note_name(Midi(56), Notation::japanese), "mid1G#");
  EXPECT_EQ(note_name(Midi(45), Notation::japanese), "mid1A");
  EXPECT_EQ(note_name(Midi(44), Notation::japanese), "lowG#");
  EXPECT_EQ(note_name(Midi(32), Notation::japanese), "lowlowG#");
}

TEST(Notation, AFractionalPitchIsNamedByTheNearestSemitone) {
  EXPECT_EQ(note_name(Midi(66.6), Notation::scientific), "G4");
  EXPECT_NEAR(cents_off(Midi(66.6)).value, -40, 1e-9);
  EXPECT_NEAR(cents_off(Midi(67.2)).value, 20, 1e-9);
}

TEST(Notation, ComesFromTheLanguageOfTheLocale) {
  EXPECT_EQ(notation_of_locale("ko_KR.UTF-8"), Notation::korean);
  EXPECT_EQ(notation_of_locale("ko"), Notation::korean);
  EXPECT_EQ(notation_of_locale("ja_JP.eucJP"), Notation::japanese);
  EXPECT_EQ(notation_of_locale("kok_IN"), Notation::scientific);
  EXPECT_EQ(notation_of_locale("C.UTF-8"), Notation::scientific);
  EXPECT_EQ(notation_of_locale(""), Notation::scientific);
}

TEST(Notation, AnUnknownWordIsNoNotation) {
  EXPECT_EQ(parse_notation("japanese"), Notation::japanese);
  EXPECT_FALSE(parse_notation("Korean"));
  EXPECT_FALSE(parse_notation(""));
}

}  // namespace
}  // namespace orakgarak::formats
