#include "formats/kern.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "formats/kern_token.h"

namespace orakgarak::formats {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const auto seconds = [](double value) { return DoubleNear(value, 1e-9); };

ImportedSong song_of(std::string_view text) {
  auto song = read_kern(text);
  EXPECT_TRUE(song) << song.error().detail;
  return song.value_or(ImportedSong{});
}
Error error_of(std::string_view text) {
  const auto song = read_kern(text);
  EXPECT_FALSE(song);
  return song ? Error{} : song.error();
}
/// One spine at 60 quarters a minute, so that seconds are quarters.
ImportedSong spine(const std::string& data) { return song_of("**kern\n*MM60\n" + data + "*-\n"); }

TEST(KernToken, PitchAndDuration) {
  const auto pitch = [](std::string_view token) { return read_kern_token(token).value().midi.at(0); };
  EXPECT_EQ(pitch("4c"), 60);
  EXPECT_EQ(pitch("4cc"), 72);
  EXPECT_EQ(pitch("4C"), 48);
  EXPECT_EQ(pitch("4BB"), 47);
  EXPECT_EQ(pitch("4f#"), 66);
  EXPECT_EQ(pitch("(4b--L/"), 69);
  EXPECT_EQ(pitch("4a"), 69);
  const auto quarters = [](std::string_view token) { return read_kern_token(token).value().quarters; };
  EXPECT_DOUBLE_EQ(quarters("4c"), 1);
  EXPECT_DOUBLE_EQ(quarters("2.c"), 3);
  EXPECT_DOUBLE_EQ(quarters("4..c"), 1.75);
  EXPECT_DOUBLE_EQ(quarters("12c"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(quarters("3%2c"), 8.0 / 3);
  EXPECT_DOUBLE_EQ(quarters("0c"), 8);
  EXPECT_DOUBLE_EQ(quarters("00c"), 16);
  EXPECT_DOUBLE_EQ(quarters("8qe"), 0) << "grace notes take no time";
  EXPECT_DOUBLE_EQ(quarters("2r"), 2);
  EXPECT_THAT(read_kern_token("2r").value().midi, IsEmpty());
  EXPECT_THAT(read_kern_token("2c 2e 2g").value().midi, ElementsAre(60, 64, 67));
}

TEST(KernToken, WhatIsNoNoteIsNamed) {
  for (const char* token : {"", " ", "c", "L", "4cd", "0000c", "65537c", "99999999999c", "3%c", "3%0c",
                            "4ccccccccc", "4CCCCCC", "4ggggggg"})
    EXPECT_FALSE(read_kern_token(token)) << token;
}

TEST(Kern, SumsNotes) {
  const ImportedSong song = song_of(
      "!!!COM: Tide, The\n!!!OTL@@EN: Slow Boat\n!!!RRD: 1971/05/\n!!!TXO: German\n"
      "**kern\n*clefG2\n*M4/4\n*MM60\n=1\n4c\n8e\n8r\n2.g\n==\n*-\n!!!MPN: The Tides\n");
  EXPECT_EQ(song.facts.title, "Slow Boat");
  EXPECT_EQ(song.facts.artist, "The Tides");
  EXPECT_EQ(song.facts.year, 1971);
  EXPECT_EQ(song.facts.language, "de");
  EXPECT_THAT(song.facts.seconds_per_semitone,
              ElementsAre(Pair(60, seconds(1)), Pair(64, seconds(0.5)), Pair(67, seconds(3))));
  EXPECT_EQ(song.facts.octave, songs::OctaveEvidence::uncertain);
}

TEST(Kern, TiesGraceNotesAndChords) {
  EXPECT_THAT(spine("[4c\n4c_\n4c]\n8qdd\n4c 4e 4g\n").facts.seconds_per_semitone,
              ElementsAre(Pair(60, seconds(3)), Pair(67, seconds(1))));
}

TEST(Kern, ASplitSpineKeepsItsTimeAndItsTopLineIsTheMelody) {
  EXPECT_THAT(
      spine("4c\n*^\n4e\t2c\n4g\t.\n*v\t*v\n4d\n").facts.seconds_per_semitone,
      ElementsAre(Pair(60, seconds(1)), Pair(62, seconds(1)), Pair(64, seconds(1)), Pair(67, seconds(1))));
}

TEST(Kern, SpinesJoinInTheirOwnParts) {
  const ImportedSong song = song_of(
      "**kern\t**kern\n*I\"Piano\t*I\"Voice\n*MM60\t*\n4C\t4c\n*^\t*^\n4C\t4E\t4c\t4e\n*v\t*v\t*v\t*"
      "v\n4C\t4d\n*-\t*-\n");
  EXPECT_THAT(song.facts.seconds_per_semitone,
              ElementsAre(Pair(60, seconds(1)), Pair(62, seconds(1)), Pair(64, seconds(1))));
  EXPECT_THAT(song.reason, HasSubstr("spine 2 'Voice'"));
}

TEST(Kern, SpinesMayBeExchangedAddedAndClosed) {
  const ImportedSong song = song_of(
      "**kern\t**dynam\n*MM60\t*\n4c\tf\n*x\t*x\np\t4d\n*\t*+\n*\t*\t**kern\n.\t4e\t4C\n*-\t*\t*-\n4f\n*-"
      "\n4not read\n");
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(1)), Pair(62, seconds(1)),
                                                           Pair(64, seconds(1)), Pair(65, seconds(1))));
}

TEST(Kern, TheSpineWithSyllablesIsTheMelody) {
  std::string text = "**kern\t**kern\t**text\t**text\n*MM60\t*MM60\t*\t*\n";
  for (int i = 0; i < 8; ++i) text += "4c\t4g\tla\tli\n";
  const ImportedSong song = song_of(text + "*-\t*-\t*-\t*-\n");
  EXPECT_EQ(song.facts.highest, Midi(67));
  EXPECT_THAT(song.reason, HasSubstr("100 % of its notes carry a syllable"));
}

TEST(Kern, TransposingInstrumentsAndClefsOnlyChangeThePrint) {
  EXPECT_EQ(spine("*ITrd1c2\n*8va\n4c\n").facts.highest, Midi(60));
}

TEST(Kern, AVoiceTypeWithWordsProvesTheOctave) {
  const auto octave = [](std::string_view marks, std::string_view note) {
    return song_of(fmt::format("**kern\t**text\n{}\t*\n{}\tla\n*-\t*-\n", marks, note)).facts.octave;
  };
  EXPECT_EQ(octave("*Isoprn", "4cc"), songs::OctaveEvidence::as_sung);
  EXPECT_EQ(octave("*clefGv2", "4C"), songs::OctaveEvidence::as_sung);
  EXPECT_EQ(octave("*clefG2", "4c"), songs::OctaveEvidence::uncertain);
  EXPECT_EQ(octave("*Itenor", "4c"), songs::OctaveEvidence::uncertain);
}

TEST(Kern, TempoChangesHoldForTheNotesThatFollow) {
  EXPECT_THAT(spine("4c\n*MM120\n4d\n*MM[Lento]\n4e\n").facts.seconds_per_semitone,
              ElementsAre(Pair(60, seconds(1)), Pair(62, seconds(0.5)), Pair(64, seconds(0.5))));
  EXPECT_THAT(song_of("**kern\n4c\n*-\n").reason, HasSubstr("120 a minute is assumed"));
}

TEST(Kern, AnyLineEndAndEncodingIsUnderstood) {
  const ImportedSong song = song_of("\xEF\xBB\xBF!!!OTL: a\xE7on\r\n**kern\r\n*MM60\r\n4c\r\n*-");
  EXPECT_EQ(song.facts.title, "açon");
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(1))));
}

TEST(Kern, ErrorsNameLineAndColumn) {
  EXPECT_EQ(error_of("!! comment\n4c\n").detail,
            "Humdrum, line 2, column 1: a Humdrum file starts with the kind of each column, like **kern.");
  EXPECT_THAT(error_of("**kern\t**kern\n4c\n").detail,
              HasSubstr("line 2, column 1: the line has 1 columns, but 2 spines are open"));
  EXPECT_THAT(error_of("**kern\t**kern\n4c\tc\n").detail,
              HasSubstr("line 2, column 4: a note or rest needs"));
  EXPECT_THAT(error_of("**kern\n4c\n*v\n").detail, HasSubstr("line 3, column 1: *v joins spines"));
  EXPECT_THAT(error_of("**kern\t**kern\n*x\t*\n").detail, HasSubstr("*x exchanges"));
  EXPECT_THAT(error_of("**kern\t**kern\n*\t4c\n").detail, HasSubstr("line 2, column 3: every column"));
  EXPECT_THAT(error_of("**kern\n*MM0\n").detail, HasSubstr("tempo"));
}

TEST(Kern, SongsBeyondTheLimitsAreRefused) {
  EXPECT_EQ(error_of("**kern\n*-\n").code, "no_notes");
  EXPECT_EQ(error_of("").code, "no_notes");
  EXPECT_EQ(error_of("**kern\n4CC\n4ddddd\n*-\n").code, "not_a_voice");
  EXPECT_EQ(error_of(std::string(limits::song_file_bytes + 1, '!')).code, "too_large");
  std::string lines = "**kern\n";
  for (int i = 0; i < 7201; ++i) lines += "2c\n";
  EXPECT_EQ(error_of(lines).code, "too_long");
  std::string chords = "**kern\n";
  for (std::size_t i = 0; i <= limits::notes / 4; ++i) chords += "4c 4e 4g 4b\n";
  EXPECT_EQ(error_of(chords).code, "too_many_notes");
  std::string wide = "**kern";
  for (int i = 0; i < 1024; ++i) wide += "\t**kern";
  EXPECT_THAT(error_of(wide).detail, HasSubstr("more than 1024 spines"));
  std::string growing = "**kern\n";
  std::string split = "*^";
  for (int i = 0; i < 11; ++i) {
    growing += split + "\n";
    split += "\t" + split;
  }
  EXPECT_THAT(error_of(growing).detail, HasSubstr("line 12, column 1: more than 1024 spines"));
  std::string renewed;
  for (int i = 0; i < 1026; ++i) renewed += "**kern\n";
  EXPECT_THAT(error_of(renewed).detail, HasSubstr("line 1025"));
}

}  // namespace
}  // namespace orakgarak::formats
