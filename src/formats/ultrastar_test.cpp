#include "formats/ultrastar.h"

#include <gmock/gmock.h>

#include "formats/song_catalogue.h"

namespace orakgarak::formats {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

// At BPM 150 a beat lasts 15 / 150 = 0.1 s. Sums of such beats are exact to rounding.
const auto seconds = [](double value) { return DoubleNear(value, 1e-9); };

ImportedSong one(std::string_view text) {
  auto songs = read_ultrastar(text);
  EXPECT_TRUE(songs) << songs.error().detail;
  EXPECT_THAT(*songs, SizeIs(1));
  return songs->front();
}

Error error_of(std::string_view text) {
  const auto songs = read_ultrastar(text);
  EXPECT_FALSE(songs);
  return songs ? Error{} : songs.error();
}

TEST(UltraStar, ReadsHeaderAndNotes) {
  const ImportedSong song =
      one("#VERSION:1.0.0\n#TITLE:Slow Boat\n#ARTIST:The Tides\n#LANGUAGE:English, German\n#YEAR:1971\n"
          "#MP3:a.mp3\n#BPM:150\n#GAP:1000\n"
          ": 0 10 0 Row\n* 10 5 2  row\n- 20\n: 20 10 4 boat\nE\n: 40 100 9 not read\n");
  EXPECT_EQ(song.facts.title, "Slow Boat");
  EXPECT_EQ(song.facts.artist, "The Tides");
  EXPECT_EQ(song.facts.language, "en");
  EXPECT_EQ(song.facts.year, 1971);
  EXPECT_THAT(song.facts.seconds_per_semitone,
              ElementsAre(Pair(60, seconds(1.0)), Pair(62, seconds(0.5)), Pair(64, seconds(1.0))));
  EXPECT_EQ(song.facts.lowest, Midi(60));
  EXPECT_EQ(song.facts.highest, Midi(64));
  EXPECT_EQ(song.facts.octave, songs::OctaveEvidence::uncertain) << "games compare pitches octave-free";
}

TEST(UltraStar, RapAndFreestyleAndUnknownNotesHaveNoPitch) {
  const ImportedSong song =
      one("#BPM:150\n: 0 10 0 a\nR 10 10 40 b\nG 20 10 40 c\nF 30 10 40 d\nx 40 10 40 e\n: 50 0 40 f\n");
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(1.0))));
}

TEST(UltraStar, AnyLineEndAndAByteOrderMarkAreUnderstood) {
  for (const std::string end : {"\n", "\r", "\r\n"}) {
    const ImportedSong song = one("\xEF\xBB\xBF#TITLE: Ti ä \t" + end + end + "#bpm:150" + end +
                                  " : 0 10 0 a" + end + ":\t10 5 2" + end);
    EXPECT_EQ(song.facts.title, "Ti ä");
    EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(1.0)), Pair(62, seconds(0.5))));
  }
}

TEST(UltraStar, ADecimalCommaIsADecimalPoint) {
  const ImportedSong song = one("#BPM:37,5\n#GAP:12,25\n: 0 10 0 a\n");
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(4.0))));
}

TEST(UltraStar, InRelativeModeEachPhraseStartsAtItsOffset) {
  // The second phrase starts at beat 100, so its note does not cut the first one short.
  const ImportedSong song = one("#BPM:150\n#RELATIVE:yes\n: 0 90 0 a\n- 95 100\n: 0 10 2 b\n");
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(9.0)), Pair(62, seconds(1.0))));
  const ImportedSong one_number = one("#BPM:150\n#RELATIVE:YES\n: 0 90 0 a\n- 100\n: 0 10 2 b\n");
  EXPECT_THAT(one_number.facts.seconds_per_semitone,
              ElementsAre(Pair(60, seconds(9.0)), Pair(62, seconds(1.0))));
}

TEST(UltraStar, ADuetIsASongForEachVoice) {
  const auto songs = read_ultrastar(
      "#TITLE:Two\n#BPM:150\n#DUETSINGERP1:Ana\n#P2:Bo\n#DUETSINGERP2:no\n#RELATIVE:YES\n"
      "P1\n: 0 10 0 a\n- 10 10\n: 0 5 2 a\nP 2\n: 0 10 -3 b\nP3\n: 20 10 4 both\n");
  ASSERT_TRUE(songs) << songs.error().detail;
  ASSERT_THAT(*songs, SizeIs(2));
  EXPECT_EQ((*songs)[0].facts.title, "Two (Ana)");
  EXPECT_EQ((*songs)[1].facts.title, "Two (Bo)");
  EXPECT_THAT((*songs)[0].facts.seconds_per_semitone,
              ElementsAre(Pair(60, seconds(1.0)), Pair(62, seconds(0.5)), Pair(64, seconds(1.0))));
  EXPECT_THAT((*songs)[1].facts.seconds_per_semitone,
              ElementsAre(Pair(57, seconds(1.0)), Pair(64, seconds(1.0))));
  EXPECT_THAT((*songs)[1].reason, HasSubstr("voice 2 of a duet, Bo"));
}

TEST(UltraStar, AVoiceWithoutNotesIsNoSong) {
  const auto songs = read_ultrastar("#TITLE:Two\n#BPM:150\nP1\nF 0 10 0 a\nP2\n: 0 10 0 b\n");
  ASSERT_TRUE(songs);
  ASSERT_THAT(*songs, SizeIs(1));
  EXPECT_EQ((*songs)[0].facts.title, "Two (voice 2)");
}

TEST(UltraStar, AMelodyBeyondVoicesMovesByOctaves) {
  const ImportedSong high = one("#BPM:150\n: 0 10 24 a\n");
  EXPECT_EQ(high.facts.highest, Midi(60));
  EXPECT_THAT(high.reason, HasSubstr("moved 2 octaves down"));
  EXPECT_EQ(one("#BPM:150\n: 0 10 -12 a\n").facts.highest, Midi(60));
  EXPECT_EQ(one("#BPM:150\n: 0 10 8 a\n").facts.highest, Midi(68)) << "high, but women sing there";
}

TEST(UltraStar, ATempoChangeHoldsFromItsBeat) {
  const ImportedSong song = one("#BPM:150\n: 0 10 0 a\nB 10 75\n: 10 10 2 b\n");
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(1.0)), Pair(62, seconds(2.0))));
}

TEST(UltraStar, LegacyEncodingsAreRead) {
  EXPECT_EQ(one("#TITLE:Fa\xE7on\n#BPM:150\n: 0 10 0 a\n").facts.title, "Façon");
  EXPECT_EQ(one("#ENCODING:CP1250\n#TITLE:\x8Ei\x9E\n#BPM:150\n: 0 10 0 a\n").facts.title, "Žiž");
  EXPECT_EQ(one("#TITLE:\xB3\xEB\xB7\xA1\n#BPM:150\n: 0 10 0 a\n").facts.title, "노래") << "EUC-KR";
  const Error error = error_of("#VERSION:1.0.0\n#TITLE:ok\xE7on\n#BPM:150\n: 0 10 0 a\n");
  EXPECT_EQ(error.detail, "UltraStar, line 2, column 10: the text is not UTF-8; save it as UTF-8.");
}

TEST(UltraStar, ErrorsNameLineAndColumn) {
  EXPECT_EQ(error_of("#BPM:150\n: 0 x4 0 a\n").detail,
            "UltraStar, line 2, column 5: the length of the note must be a whole number.");
  EXPECT_EQ(error_of("#BPM:150\n\n: 0 4\n").detail,
            "UltraStar, line 3, column 6: the pitch of the note must be a whole number.");
  EXPECT_THAT(error_of("#BPM:150\n: 0 -4 0 a\n").detail, HasSubstr("line 2, column 5"));
  EXPECT_THAT(error_of("#BPM:150\n: 0 4 201 a\n").detail, HasSubstr("between -200 and 200"));
  EXPECT_THAT(error_of("#BPM:150\nP4\n").detail, HasSubstr("between 1 and 3"));
  EXPECT_THAT(error_of("#BPM:150\n\xED\x95\x9C\n").detail, HasSubstr("line 2, column 1"));
  EXPECT_THAT(error_of("#BPM:150\nB 10 x\n").detail, HasSubstr("tempo"));
}

TEST(UltraStar, NotesNeedATempo) {
  for (const char* header :
       {"", "#BPM:\n", "#BPM:0\n", "#BPM:-3\n", "#BPM:fast\n", "#BPM:nan\n", "#BPM:1e9\n"})
    EXPECT_THAT(error_of(std::string(header) + ": 0 10 0 a\n").detail, HasSubstr("no #BPM")) << header;
}

TEST(UltraStar, LaterMajorVersionsAreRefused) {
  EXPECT_EQ(error_of("#VERSION:2.0.0\n#BPM:150\n: 0 10 0 a\n").code, "unsupported_song");
  EXPECT_EQ(error_of("#VERSION:later\n#BPM:150\n: 0 10 0 a\n").code, "unsupported_song");
}

TEST(UltraStar, ASongWithoutSungNotesSaysSo) {
  EXPECT_EQ(error_of("#TITLE:x\n#BPM:150\nF 0 10 0 a\nE\n").code, "no_notes");
  EXPECT_EQ(error_of("").code, "no_notes");
}

TEST(UltraStar, SongsBeyondTheLimitsAreRefused) {
  EXPECT_EQ(error_of("#BPM:150\n: 0 72001 0 a\n").code, "too_long");
  EXPECT_EQ(error_of("#BPM:150\n: -72000 10 0 a\n: 0 10 0 a\n").code, "too_long");
  EXPECT_EQ(error_of("#BPM:150\n: 0 1 0 a\n: 1 1 61 a\n").code, "not_a_voice");
  EXPECT_EQ(error_of(std::string(limits::song_file_bytes + 1, ' ')).code, "too_large");
  std::string many = "#BPM:100000\n";
  for (std::size_t i = 0; i <= limits::notes; ++i) many += ": 0 1 0\n";
  EXPECT_EQ(error_of(many).code, "too_many_notes");
}

}  // namespace
}  // namespace orakgarak::formats
