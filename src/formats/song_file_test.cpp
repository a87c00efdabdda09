#include "formats/song_file.h"

#include <gmock/gmock.h>

namespace orakgarak::formats {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const std::string score =
    "<score-partwise><part id=\"P\"><measure><note><pitch><step>C</step><octave>4</octave></pitch>"
    "<duration>1</duration></note></measure></part></score-partwise>";

using namespace std::string_literals;
// One quarter of C4.
const std::string midi =
    "MThd\0\0\0\x06\0\0\0\x01\0\x60"s
    "MTrk\0\0\0\x07\0\x90\x3C\x40\x60\x3C\0"s;

TEST(SongFile, ContentDecidesNotTheName) {
  const auto format = [](std::string_view bytes) { return detect_song_format(bytes, "wrong.mid"); };
  EXPECT_EQ(format("{\"title\": \"x\"}"), SongFormat::jsonl);
  EXPECT_EQ(format("title,artist\n"), SongFormat::csv);
  EXPECT_EQ(format("\xEF\xBB\xBF\"Artist\";\"Title\"\r\n"), SongFormat::csv);
  EXPECT_EQ(format("\n #TITLE:x\n"), SongFormat::ultrastar);
  EXPECT_EQ(format("\xEF\xBB\xBF<?xml version=\"1.0\"?>"), SongFormat::musicxml);
  EXPECT_EQ(format("PK\x03\x04"), SongFormat::musicxml);
  EXPECT_EQ(format("!!!OTL: x\n"), SongFormat::kern);
  EXPECT_EQ(format("**kern\n"), SongFormat::kern);
  EXPECT_EQ(detect_song_format("MThd", "x.txt"), SongFormat::midi);
  EXPECT_EQ(detect_song_format("RIFF0000RMIDdata", "x.txt"), SongFormat::midi);
}

TEST(SongFile, TheNameBreaksATie) {
  EXPECT_EQ(detect_song_format(": 0 4 0 la", "dir.csv/x.TXT"), SongFormat::ultrastar);
  EXPECT_EQ(detect_song_format("title\nOne\n", "x.csv"), SongFormat::csv);
  EXPECT_EQ(detect_song_format("title\nOne\n", ""), std::nullopt);
  EXPECT_EQ(detect_song_format("RIFF0000WAVE", "take.wav"), std::nullopt);
}

TEST(SongFile, EveryFormatIsRead) {
  const std::pair<std::string, SongFormat> files[] = {
      {"{\"title\": \"x\", \"highest_midi\": 60}", SongFormat::jsonl},
      {"title,highest_midi\nx,60\n", SongFormat::csv},
      {"#TITLE:x\n#BPM:150\n: 0 10 0 a\n", SongFormat::ultrastar},
      {midi, SongFormat::midi},
      {score, SongFormat::musicxml},
      {"**kern\n4c\n*-\n", SongFormat::kern}};
  for (const auto& [bytes, format] : files) {
    const auto file = read_song_file(bytes, "x");
    ASSERT_TRUE(file) << song_format_name(format) << ": " << file.error().detail;
    EXPECT_EQ(file->format, format);
    ASSERT_THAT(file->songs, SizeIs(1));
    EXPECT_EQ(file->songs[0].facts.title, "x");
    EXPECT_EQ(file->songs[0].facts.highest, Midi(60));
    EXPECT_THAT(file->errors, IsEmpty());
  }
}

TEST(SongFile, TheNameOfTheFileNamesASongWithoutTitle) {
  const auto facts = [](std::string_view name) { return read_song_file(score, name).value().songs[0].facts; };
  EXPECT_EQ(facts("/songs/The Tides - Slow Boat.xml").title, "Slow Boat");
  EXPECT_EQ(facts("/songs/The Tides - Slow Boat.xml").artist, "The Tides");
  EXPECT_EQ(facts("C:\\songs\\Slow.Boat.xml").title, "Slow.Boat");
  EXPECT_EQ(facts("").title, "Untitled");
  EXPECT_EQ(facts("\xFF.xml").title, "ÿ");
}

TEST(SongFile, Utf16CataloguesAreRead) {
  std::string utf16 = "\xFF\xFE";
  for (const char c : std::string("title\thighest_midi\r\nx\t60\r\n")) utf16 += {c, '\0'};
  const auto file = read_song_file(utf16, "x.txt");
  ASSERT_TRUE(file) << file.error().detail;
  EXPECT_EQ(file->format, SongFormat::csv);
  EXPECT_THAT(file->songs, SizeIs(1));
}

TEST(SongFile, ARecordingIsToldFromASong) {
  for (const std::string_view bytes :
       {std::string_view("RIFF\x24\0\0\0WAVEfmt ", 16), std::string_view("OggS\0", 5),
        std::string_view("\x1A\x45\xDF\xA3"), std::string_view("\0\0\0 ftypM4A ", 12)})
    EXPECT_EQ(read_song_file(bytes, "take.wav").error().code, "recording");
}

TEST(SongFile, TextWithoutHeadersIsNoUltraStarSong) {
  EXPECT_EQ(read_song_file("hello world\n", "notes.txt").error().code, "unknown_format");
}

TEST(SongFile, WhatIsNoSongSaysSo) {
  EXPECT_EQ(read_song_file("", "x.mid").error().code, "empty_file");
  EXPECT_EQ(read_song_file("hello", "x").error().code, "unknown_format");
  EXPECT_EQ(read_song_file("hello", "x.mid").error().code, "bad_song_file");
  EXPECT_EQ(read_song_file(" \n", "x.txt").error().code, "no_notes");
}

}  // namespace
}  // namespace orakgarak::formats
