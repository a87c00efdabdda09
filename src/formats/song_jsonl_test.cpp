#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>

#include "formats/song_catalogue.h"
#include "songs/catalogue.h"

namespace orakgarak::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

Catalogue read(std::string_view text) { return read_song_jsonl(text).value(); }

/// The one error of a text that holds nothing else.
LineError error_of(std::string_view text) {
  const Catalogue catalogue = read(text);
  EXPECT_THAT(catalogue.songs, IsEmpty());
  EXPECT_THAT(catalogue.errors, SizeIs(1));
  return catalogue.errors.empty() ? LineError{} : catalogue.errors.front();
}

TEST(SongJsonl, ReadsEveryFieldOfASong) {
  const Catalogue whole = read(
      R"({"title": "Slow Boat", "artist": "The Tides", "year": 1971, "language": "en", "lowest_midi": 55, )"
      R"("highest_midi": 67, "seconds_per_semitone": {"55": 1.5, "60": 20, "67": 0.25}, )"
      R"("octave": "uncertain", "highest_is_falsetto": true, "adlib_highest_midi": 70, "us_chart_peak": 4, )"
      R"("rs500_rank": 212, "tj": "12345", "ky": 678, "dam": "1234-56", "joysound": "99", "source": "ours", )"
      R"("key": "C:maj", "nested": {"a": [1, {"b": null}]}})");
  ASSERT_THAT(whole.errors, IsEmpty());
  ASSERT_THAT(whole.songs, SizeIs(1));
  const songs::Song& song = whole.songs[0];
  EXPECT_EQ(song.title, "Slow Boat");
  EXPECT_EQ(song.artist, "The Tides");
  EXPECT_EQ(song.year, 1971);
  EXPECT_EQ(song.language, "en");
  EXPECT_EQ(song.lowest, Midi(55));
  EXPECT_EQ(song.highest, Midi(67));
  EXPECT_THAT(song.seconds_per_semitone, ElementsAre(Pair(55, 1.5), Pair(60, 20.0), Pair(67, 0.25)));
  EXPECT_EQ(song.octave, songs::OctaveEvidence::uncertain);
  EXPECT_TRUE(song.highest_is_falsetto);
  EXPECT_EQ(song.adlib_highest, Midi(70));
  EXPECT_EQ(song.us_chart_peak, 4);
  EXPECT_EQ(song.rs500_rank, 212);
  EXPECT_EQ(song.karaoke.tj, "12345");
  EXPECT_EQ(song.karaoke.ky, "678");
  EXPECT_EQ(song.karaoke.dam, "1234-56");
  EXPECT_EQ(song.karaoke.joysound, "99");
  EXPECT_EQ(song.source, "ours");
}

TEST(SongJsonl, ABrokenLineIsNamedAndTheRestIsRead) {
  const Catalogue catalogue = read(
      "{\"title\": \"One\", \"highest_midi\": 60}\n"
      "\n"
      "{\"title\": \"Two\", \"highest_midi\": 60,}\r\n"
      "{\"title\": \"Three\", \"highest_midi\": 62}");
  EXPECT_THAT(catalogue.songs, SizeIs(2));
  ASSERT_THAT(catalogue.errors, SizeIs(1));
  EXPECT_EQ(catalogue.errors[0].line, 3u);
  EXPECT_EQ(catalogue.errors[0].column, 37u);
  EXPECT_THAT(catalogue.errors[0].what, HasSubstr("not valid JSON"));
}

TEST(SongJsonl, AWrongValueIsNamedByItsColumn) {
  const LineError error = error_of(R"({"title": "가나", "highest_midi": 128})");
  EXPECT_EQ(error.column, 33u) << "columns count characters, and point at the value";
  EXPECT_EQ(error.what, "highest_midi is 128; it must be a whole number between 0 and 127");
}

TEST(SongJsonl, FieldsAreHeldToTheirLimits) {
  const auto what = [](std::string_view fields) {
    return error_of(fmt::format(R"({{"title": "x", {}}})", fields)).what;
  };
  EXPECT_THAT(what(R"("highest_midi": -1)"), HasSubstr("between 0 and 127"));
  EXPECT_THAT(what(R"("highest_midi": 60.5)"), HasSubstr("whole number"));
  EXPECT_THAT(what(R"("highest_midi": "60")"), HasSubstr("is text"));
  EXPECT_THAT(what(R"("highest_midi": true)"), HasSubstr("must be a number"));
  EXPECT_THAT(what(R"("highest_midi": [60])"), HasSubstr("list"));
  EXPECT_THAT(what(R"("highest_midi": {"a": 1})"), HasSubstr("object"));
  EXPECT_THAT(what(R"("highest_midi": 60, "highest_midi": 61)"), HasSubstr("twice"));
  EXPECT_THAT(what(R"("highest_midi": 1e999)"), HasSubstr("not valid JSON"));
  EXPECT_THAT(what(R"("highest_midi": 60, "lowest_midi": 61)"), HasSubstr("above"));
  EXPECT_THAT(what(R"("highest_midi": 60, "adlib_highest_midi": 59)"), HasSubstr("below"));
  EXPECT_THAT(what(R"("highest_midi": 60, "year": 0)"), HasSubstr("between 1 and 2100"));
  EXPECT_THAT(what(R"("highest_midi": 60, "us_chart_peak": 0)"), HasSubstr("between 1 and 1000"));
  EXPECT_THAT(what(R"("highest_midi": 60, "language": "english")"), HasSubstr("ISO 639-1"));
  EXPECT_THAT(what(R"("highest_midi": 60, "octave": "high")"), HasSubstr("as_sung or uncertain"));
  EXPECT_THAT(what(R"("highest_midi": 60, "tj": "12 34")"), HasSubstr("karaoke number"));
  EXPECT_THAT(what(R"("highest_is_falsetto": "yes", "highest_midi": 60)"), HasSubstr("true or false"));
  EXPECT_THAT(what(R"("lowest_midi": 60)"), HasSubstr("no notes"));
  EXPECT_THAT(error_of(R"({"highest_midi": 60})").what, HasSubstr("no title"));
  EXPECT_THAT(error_of(R"({"title": " ", "highest_midi": 60})").what, HasSubstr("no title"));
}

TEST(SongJsonl, SecondsAreHeldToTheirLimits) {
  const auto what = [](std::string_view value) {
    return error_of(fmt::format(R"({{"title": "x", "seconds_per_semitone": {}}})", value)).what;
  };
  EXPECT_THAT(what(R"({"60": -1})"), HasSubstr("between 0 and"));
  EXPECT_THAT(what(R"({"60": 7201})"), HasSubstr("between 0 and"));
  EXPECT_THAT(what(R"({"128": 1})"), HasSubstr("whole MIDI numbers"));
  EXPECT_THAT(what(R"({"C4": 1})"), HasSubstr("whole MIDI numbers"));
  EXPECT_THAT(what(R"({"60": 1, "60": 2})"), HasSubstr("twice"));
  EXPECT_THAT(what(R"({"60": "1"})"), HasSubstr("no number"));
  EXPECT_THAT(what(R"({"60": {}})"), HasSubstr("object"));
  EXPECT_THAT(what(R"(12)"), HasSubstr("must be an object"));
  EXPECT_THAT(what(R"({"60": 1}, "highest_midi": 61)"), HasSubstr("ends at 60"));
  EXPECT_THAT(what(R"({"60": 1}, "lowest_midi": 59)"), HasSubstr("starts at 60"));
  EXPECT_THAT(what(R"({"60": 0})"), HasSubstr("no notes")) << "zero seconds are no note";
}

TEST(SongJsonl, ALineIsOneObjectAndNothingElse) {
  EXPECT_THAT(error_of("[1]").what, HasSubstr("not a list"));
  EXPECT_THAT(error_of("null").what, HasSubstr("not null"));
  EXPECT_THAT(error_of("12").what, HasSubstr("plain value"));
  EXPECT_THAT(error_of("{} {}").what, HasSubstr("no"));
  EXPECT_THAT(error_of("RIFF").what, HasSubstr("not valid JSON"));
}

TEST(SongJsonl, DeepNestingIsRefused) {
  const std::string deep = R"({"title": "x", "highest_midi": 60, "other": )" + std::string(5000, '[');
  EXPECT_THAT(error_of(deep).what, HasSubstr("nested too deeply"));
}

TEST(SongJsonl, ALongLineIsRefusedAndTheNextIsRead) {
  const std::string long_line =
      R"({"title": ")" + std::string(limits::catalogue_line_bytes, 'x') + R"(", "highest_midi": 60})";
  const Catalogue catalogue = read(long_line + "\n" + R"({"title": "y", "highest_midi": 60})");
  EXPECT_THAT(catalogue.songs, SizeIs(1));
  ASSERT_THAT(catalogue.errors, SizeIs(1));
  EXPECT_THAT(catalogue.errors[0].what, HasSubstr("are allowed"));
}

TEST(SongJsonl, ANameLongerThanItsLimitIsRefused) {
  const auto line = [](std::size_t size) {
    return fmt::format(R"({{"title": "{}", "highest_midi": 60}})", std::string(size, 'x'));
  };
  EXPECT_THAT(read(line(limits::name_bytes)).songs, SizeIs(1));
  EXPECT_THAT(error_of(line(limits::name_bytes + 1)).what, HasSubstr("500 are allowed"));
}

TEST(SongJsonl, TitlesBecomeNfcWithoutControlCharacters) {
  // 가 as two jamo, an escape sequence, a no-break space, a right-to-left override.
  const Catalogue catalogue =
      read("{\"title\": \"  \u1100\u1161\\u001b[31m\u00a0\u202ex \", \"highest_midi\": 60}");
  ASSERT_THAT(catalogue.songs, SizeIs(1));
  EXPECT_EQ(catalogue.songs[0].title, "\uAC00 [31m x");
}

TEST(SongJsonl, InvalidUtf8IsNamedByItsPosition) {
  const LineError error = error_of("{\"title\": \"a\xFFz\", \"highest_midi\": 60}");
  EXPECT_EQ(error.column, 13u);
  EXPECT_THAT(error.what, HasSubstr("UTF-8"));
}

TEST(SongJsonl, ErrorsBeyondTheLimitAreCounted) {
  std::string text;
  for (std::size_t i = 0; i < limits::catalogue_line_errors + 7; ++i) text += "x\n";
  const Catalogue catalogue = read(text);
  EXPECT_THAT(catalogue.errors, SizeIs(limits::catalogue_line_errors));
  EXPECT_EQ(catalogue.errors_not_listed, 7u);
}

TEST(SongJsonl, WhatIsWrittenReadsBackAsTheSameSongs) {
  std::string text =
      "{\"title\": \"Q\\\"\\\\uote\", \"artist\": \"\u65B0\", \"seconds_per_semitone\": {\"60\": 0.1, "
      "\"61\": "
      "1e-300}, \"tj\": 5}\n"
      "{\"title\": \"Two\", \"highest_midi\": 60, \"octave\": \"uncertain\", \"year\": 2001}\n";
  const Catalogue first = read(text);
  ASSERT_THAT(first.songs, SizeIs(2));
  const std::string written = write_song_jsonl(first.songs);
  const Catalogue second = read(written);
  EXPECT_THAT(second.errors, IsEmpty());
  EXPECT_EQ(write_song_jsonl(second.songs), written);
  EXPECT_EQ(second.songs[0].title, "Q\"\\uote");
  EXPECT_THAT(second.songs[0].seconds_per_semitone, ElementsAre(Pair(60, 0.1), Pair(61, 1e-300)));
}

TEST(SongJsonl, NoTwoSongsOfTheCatalogueHaveOneId) {
  std::vector<songs::Song> all;
  for (const char* name : {"korean-top-notes", "mandarin-pop", "pop-classics"}) {
    std::ifstream file(std::string(ORAK_SOURCE_DIR "/catalog/") + name + ".jsonl");
    std::stringstream text;
    text << file.rdbuf();
    for (songs::Song& song : read(text.str()).songs) all.push_back(std::move(song));
  }
  all = songs::merge_same_songs(std::move(all));
  EXPECT_GT(all.size(), 500u);
  std::set<std::string> ids;
  for (const songs::Song& song : all)
    EXPECT_TRUE(ids.insert(songs::song_id(song)).second) << song.title << ", " << song.artist;
}

}  // namespace
}  // namespace orakgarak::formats
