#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/program.h"
#include "commands/sounds.h"

namespace orakgarak::commands {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class Recommend : public ProgramTest {
 protected:
  json songs(std::vector<std::string> options) const {
    options.insert(options.begin(), {"recommend", "--json", path("sung.wav")});
    const auto ended = run(options);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return json::parse(ended.out)["songs"];
  }
};

TEST_F(Recommend, AnswersWithSongsInKeysAndReasons) {
  sung();
  const auto list = songs({});
  ASSERT_EQ(list.size(), 10u);
  double rank = 101;
  for (const auto& song : list) {
    EXPECT_FALSE(song["title"].get<std::string>().empty());
    EXPECT_FALSE(song["reasons"].empty());
    EXPECT_EQ(song["reasons"].size(), song["reasons_facts"].size());
    for (const auto& reason : song["reasons"]) EXPECT_THAT(reason.get<std::string>(), Not(HasSubstr("?")));
    rank = std::min(rank, song["fit"].get<double>());
  }
  EXPECT_GT(rank, 50) << "a voice of two octaves finds ten songs it can sing";
}

TEST_F(Recommend, KeepsToTheKeysAskedFor) {
  sung();
  for (const auto& song : songs({"--keys", "-1..2"})) {
    EXPECT_GE(song["key_shift"], -1);
    EXPECT_LE(song["key_shift"], 2);
  }
  for (const auto& song : songs({"--keys", "0"})) EXPECT_EQ(song["key_shift"], 0);
}

TEST_F(Recommend, KeepsToLanguageDecadeAndLimit) {
  sung();
  const auto korean = songs({"--language", "ko", "--limit", "3"});
  EXPECT_EQ(korean.size(), 3u);
  for (const auto& song : korean) EXPECT_EQ(song["language"], "ko");
  const auto seventies = songs({"--decade", "1970s"});
  EXPECT_FALSE(seventies.empty());
  for (const auto& song : seventies) EXPECT_EQ(song["year"].get<int>() / 10, 197);
}

TEST_F(Recommend, TheKoreanTopNotesCanBeSwitchedOff) {
  sung();
  const auto ended =
      run({"recommend", "--json", path("sung.wav"), "--language", "ko", "--no-korean-top-notes"});
  EXPECT_EQ(ended.code, 4);
  EXPECT_TRUE(json::parse(ended.out)["songs"].empty());
  EXPECT_FALSE(json::parse(ended.out)["answered"]);
}

TEST_F(Recommend, WhereNoSongHasTheLanguageTheVoiceIsNotBlamed) {
  const auto ended = run({"recommend", sung(), "--language", "xx", "--decade", "1990"});
  EXPECT_EQ(ended.code, 4);
  EXPECT_THAT(ended.out, HasSubstr("Your voice"));
  EXPECT_THAT(ended.out, Not(HasSubstr("fits this voice")));
  EXPECT_THAT(ended.err, HasSubstr("xx, 1990s"));
}

TEST_F(Recommend, ALanguageMayBeNamedInWords) {
  sung();
  for (const auto& song : songs({"--language", "Korean", "--limit", "2"})) EXPECT_EQ(song["language"], "ko");
}

TEST_F(Recommend, SeveralTakesAreOneSinger) {
  const auto ended = run({"recommend", "--json", sung("a.wav", "bass"), sung("b.wav", "baritone")});
  const auto profile = json::parse(ended.out)["profile"];
  EXPECT_EQ(profile["takes"], 2);
  const auto alone = json::parse(run({"recommend", "--json", path("b.wav")}).out)["profile"];
  EXPECT_LT(profile["lowest"]["midi"], alone["lowest"]["midi"]);
  EXPECT_EQ(profile["highest"]["midi"], alone["highest"]["midi"]);
}

TEST_F(Recommend, TextShowsFitKeySongAndReason) {
  const auto ended = run({"recommend", sung()});
  EXPECT_EQ(ended.code, 0);
  for (const char* words : {"Your voice", "fit", "key", "song", "artist", "±"})
    EXPECT_THAT(ended.out, HasSubstr(words));
}

TEST_F(Recommend, SaysWhyThereIsNoAnswer) {
  const auto ended = run({"recommend", write("a.wav", wav(silence(3)))});
  EXPECT_EQ(ended.code, 4);
  EXPECT_THAT(ended.err, HasSubstr("nothing to measure"));
}

TEST_F(Recommend, AWrongSettingOfTheMatcherIsAUsageFault) {
  EXPECT_EQ(run({"recommend", sung(), "--limit", "0"}).code, 2);
  EXPECT_EQ(run({"recommend", path("sung.wav"), "--keys", "-40..40"}).code, 2);
}

TEST_F(Recommend, WithoutACatalogueItSaysWhereToNameOne) {
  const auto ended = run({"recommend", "--catalog-dir", path("nowhere"), path("a.wav")});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("--catalog-dir"));
}

TEST_F(Recommend, TheDemoAnswersAndSaysWhatItIs) {
  const auto ended = run({"demo"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("demo singer"));
  EXPECT_THAT(ended.out, HasSubstr("Range"));
  EXPECT_THAT(ended.out, HasSubstr("Your voice"));
}

}  // namespace
}  // namespace orakgarak::commands
