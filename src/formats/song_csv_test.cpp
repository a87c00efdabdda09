#include <gmock/gmock.h>

#include "formats/song_catalogue.h"

namespace orakgarak::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

Catalogue read(std::string_view text) { return read_song_csv(text).value(); }

TEST(SongCsv, ReadsColumnsInAnyOrder) {
  const Catalogue catalogue = read(
      "\xEF\xBB\xBFhighest_midi,title,artist,tj,ky,dam,joysound,seconds_per_semitone,octave,mine\r\n"
      "62,\"Slow, \"\"Boat\"\"\",The Tides,123,45,6-7,8,60:3.2 62:1.1,uncertain,ignored\r\n");
  EXPECT_THAT(catalogue.errors, IsEmpty());
  ASSERT_THAT(catalogue.songs, SizeIs(1));
  const songs::Song& song = catalogue.songs[0];
  EXPECT_EQ(song.title, "Slow, \"Boat\"");
  EXPECT_EQ(song.artist, "The Tides");
  EXPECT_EQ(song.karaoke.tj, "123");
  EXPECT_EQ(song.karaoke.ky, "45");
  EXPECT_EQ(song.karaoke.dam, "6-7");
  EXPECT_EQ(song.karaoke.joysound, "8");
  EXPECT_EQ(song.lowest, Midi(60));
  EXPECT_EQ(song.highest, Midi(62));
  EXPECT_THAT(song.seconds_per_semitone, ElementsAre(Pair(60, 3.2), Pair(62, 1.1)));
  EXPECT_EQ(song.octave, songs::OctaveEvidence::uncertain);
}

TEST(SongCsv, AnEmptyCellIsAFactNotKnown) {
  const Catalogue catalogue = read("title,artist,year,lowest_midi,highest_midi,octave\nA,,,,60,\n");
  ASSERT_THAT(catalogue.songs, SizeIs(1));
  EXPECT_EQ(catalogue.songs[0].year, std::nullopt);
  EXPECT_EQ(catalogue.songs[0].lowest, std::nullopt);
  EXPECT_EQ(catalogue.songs[0].octave, songs::OctaveEvidence::as_sung);
}

TEST(SongCsv, SemicolonsAndTabsSeparateToo) {
  EXPECT_EQ(read("title;highest_midi\nA,b;60").songs.at(0).title, "A,b");
  EXPECT_EQ(read("title\thighest_midi\rA;b\t60\r").songs.at(0).title, "A;b");
}

TEST(SongCsv, ABrokenRecordIsNamedAndTheRestIsRead) {
  const Catalogue catalogue = read(
      "title,highest_midi\n"
      "\"two\nlines\",60\n"
      "bad,6O\n"
      "more,60,61\n"
      "fine,60\n"
      "\n"
      "no \"good,60\n"
      "\"never closed,60\n"
      "last,61\n");
  EXPECT_THAT(catalogue.songs, SizeIs(3));
  ASSERT_THAT(catalogue.errors, SizeIs(4));
  EXPECT_EQ(catalogue.errors[0].line, 4u) << "a quoted cell may hold a line end, which counts";
  EXPECT_EQ(catalogue.errors[0].column, 5u);
  EXPECT_EQ(catalogue.errors[0].what, "highest_midi is '6O', not a number");
  EXPECT_EQ(catalogue.errors[1].line, 5u);
  EXPECT_THAT(catalogue.errors[1].what, HasSubstr("3 cells, but the header has 2"));
  EXPECT_EQ(catalogue.errors[2].line, 8u);
  EXPECT_EQ(catalogue.errors[3].line, 9u) << "a stray quote costs its own line, not the rest of the file";
}

TEST(SongCsv, NumbersThatAreNoNumbersAreRefused) {
  for (const char* value : {"nan", "inf", "-inf", "1e400", "60.5", "+60", "0x3C", "60 61"}) {
    const Catalogue catalogue = read(std::string("title,highest_midi\nx,") + value);
    EXPECT_THAT(catalogue.songs, IsEmpty()) << value;
    EXPECT_THAT(catalogue.errors, SizeIs(1)) << value;
  }
  for (const char* value : {"60", "60:", ":1", "60:nan", "60:1,61:2", "60:1 60:2", "60:-0.1", "200:1"}) {
    const Catalogue catalogue = read(std::string("title;seconds_per_semitone\nx;") + value);
    EXPECT_THAT(catalogue.songs, IsEmpty()) << value;
    EXPECT_THAT(catalogue.errors, SizeIs(1)) << value;
  }
}

TEST(SongCsv, MinusZeroIsZero) {
  const Catalogue catalogue = read("title,highest_midi\nx,-0");
  ASSERT_THAT(catalogue.songs, SizeIs(1));
  EXPECT_THAT(write_song_jsonl(catalogue.songs), HasSubstr("\"highest_midi\": 0,"));
}

TEST(SongCsv, InvalidUtf8IsNamedByItsPosition) {
  const Catalogue catalogue = read("highest_midi,title\n60,a\xC0\xAF\n");
  ASSERT_THAT(catalogue.errors, SizeIs(1));
  EXPECT_EQ(catalogue.errors[0].line, 2u);
  EXPECT_EQ(catalogue.errors[0].column, 4u);
  EXPECT_THAT(catalogue.errors[0].what, HasSubstr("not UTF-8 from its byte 2"));
}

TEST(SongCsv, AHeaderWithoutTitleIsRefused) {
  for (const char* text : {"", "a,b\n1,2", "\n", "\"title\nx", "title,title\n"}) {
    const auto result = read_song_csv(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, "bad_header") << text;
  }
}

TEST(SongCsv, ARecordLongerThanItsLimitIsRefusedAndTheNextIsRead) {
  const Catalogue catalogue =
      read("title,highest_midi\n" + std::string(limits::catalogue_line_bytes + 1, ',') + "\nx,60\n");
  EXPECT_THAT(catalogue.songs, SizeIs(1));
  ASSERT_THAT(catalogue.errors, SizeIs(1));
  EXPECT_THAT(catalogue.errors[0].what, HasSubstr("longer than"));
}

}  // namespace
}  // namespace orakgarak::formats
