#include <gmock/gmock.h>

#include <thread>

#include "commands/program.h"

namespace orakgarak::commands {
namespace {

using testing::HasSubstr;
using testing::Not;

class Catalog : public ProgramTest {};

constexpr const char* two_songs =
    R"({"title": "첫 노래", "artist": "나", "lowest_midi": 50, "highest_midi": 64, "karaoke_tj": "12345"})"
    "\n"
    R"({"title": "Second", "artist": "Me", "seconds_per_semitone": {"60": 3.5, "62": 2}})"
    "\n";

TEST_F(Catalog, ImportedSongsAreListedShownAndRecommended) {
  const auto ended = run({"catalog", "import", write("mine.jsonl", two_songs)});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(run({"catalog", "list", "--search", "첫"}).out, HasSubstr("첫 노래"));
  EXPECT_THAT(run({"catalog", "show", "second"}).out, HasSubstr("3.5 s"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / ".local/share/orakgarak/songs.jsonl"));
}

TEST_F(Catalog, ABrokenLineIsNamedAndTheRestImported) {
  const auto file = write("mine.jsonl", std::string(two_songs) + "{\"title\": 7}\n" +
                                            R"({"title": "Third", "artist": "Me", "highest_midi": 66})");
  const auto ended = run({"catalog", "import", file});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("line 3"));
  EXPECT_EQ(run({"catalog", "show", "Third"}).code, 0);
  EXPECT_EQ(run({"catalog", "show", "Second"}).code, 0);
}

TEST_F(Catalog, ImportingAgainReplaces) {
  const auto file = write("mine.jsonl", two_songs);
  run({"catalog", "import", file});
  EXPECT_THAT(run({"catalog", "import", file}).out, HasSubstr("2 replaced"));
}

TEST_F(Catalog, TwoImportsAtOnceBothCount) {
  std::vector<std::thread> imports;
  for (int i = 0; i < 4; ++i)
    imports.emplace_back([this, i] {
      const auto name = std::to_string(i);
      const auto file =
          write(name + ".jsonl", R"({"title": "Song )" + name + R"(", "artist": "Me", "highest_midi": 66})");
      EXPECT_EQ(run({"catalog", "import", file}).code, 0);
    });
  for (auto& import : imports) import.join();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(run({"catalog", "show", "Song " + std::to_string(i)}).code, 0);
}

TEST_F(Catalog, ASongWithNoNotesIsRefused) {
  const auto ended = run(
      {"catalog", "import", write("silent.txt", "#TITLE:Nothing\n#ARTIST:Nobody\n#BPM:120\n#GAP:0\nE\n")});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("silent.txt"));
}

TEST_F(Catalog, AFileOfNoSongsIsSaid) {
  for (const auto& file :
       {write("blank.jsonl", "\n\n"), write("header.csv", "title,artist,highest_midi\n")}) {
    const auto ended = run({"catalog", "import", file});
    EXPECT_EQ(ended.code, 4);
    EXPECT_THAT(ended.err, HasSubstr(file));
    EXPECT_EQ(run({"catalog", "check", file}).code, 4);
  }
}

TEST_F(Catalog, ASongWithoutArtistIsByNobody) {
  const auto file = write("x.txt", "#TITLE:Scale\n#BPM:120\n#GAP:0\n: 0 8 0 do\n: 8 8 2 re\nE\n");
  EXPECT_THAT(run({"catalog", "import", file}).out, HasSubstr("\"Scale\": "));
}

TEST_F(Catalog, AnUltraStarSongSaysWhichPartWasTakenAndThatItsOctaveIsAGuess) {
  const auto file = write(
      "song.txt", "#TITLE:Scale\n#ARTIST:Nobody\n#BPM:120\n#GAP:0\n: 0 8 0 do\n: 8 8 2 re\n: 16 8 4 mi\nE\n");
  EXPECT_EQ(run({"catalog", "import", file}).code, 0);
  EXPECT_THAT(run({"catalog", "show", "Scale"}).out, HasSubstr("octave"));
}

TEST_F(Catalog, UnreadableFilesAreNamed) {
  const auto ended = run({"catalog", "import", path("missing.jsonl"), write("mine.jsonl", two_songs)});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("missing.jsonl"));
  EXPECT_EQ(run({"catalog", "show", "Second"}).code, 0) << "the readable one is imported";
}

TEST_F(Catalog, WhatIsNotThereIsSaid) {
  EXPECT_EQ(run({"catalog", "show", "no such song at all"}).code, 4);
  EXPECT_EQ(run({"catalog", "list", "--search", "no such song at all"}).code, 4);
}

TEST_F(Catalog, ADataFolderThatCannotBeWrittenIsSaid) {
  const auto ended = run({"--data", "/proc/nowhere", "catalog", "import", write("mine.jsonl", two_songs)});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("--data"));
}

TEST_F(Catalog, ChecksAFile) {
  const auto clean = run({"catalog", "check", write("mine.jsonl", two_songs)});
  EXPECT_EQ(clean.code, 0) << clean.out << clean.err;
  const auto broken = run({"catalog", "check", write("twice.jsonl", std::string(two_songs) + two_songs)});
  EXPECT_EQ(broken.code, 3);
  EXPECT_THAT(broken.out, HasSubstr("첫 노래"));
}

TEST_F(Catalog, TheStarterCataloguesReadWithoutABrokenLine) {
  EXPECT_THAT(run({"--mandarin-pop", "catalog", "check"}).err, Not(HasSubstr("left out")));
}

}  // namespace
}  // namespace orakgarak::commands
