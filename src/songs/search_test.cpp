#include "songs/search.h"

#include <gmock/gmock.h>

namespace orakgarak::songs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Titles of what is found.
std::vector<std::string> find(const std::vector<std::pair<std::string, std::string>>& songs,
                              std::string_view text) {
  std::vector<Song> all;
  for (const auto& [title, artist] : songs) {
    all.emplace_back();
    all.back().title = title;
    all.back().artist = artist;
  }
  std::vector<std::string> titles;
  for (const auto i : NameIndex(all).search(text)) titles.push_back(songs[i].first);
  return titles;
}

const std::vector<std::pair<std::string, std::string>> some{{"달빛", "드뷔시"},
                                                            {"슬픈 인연", "015B"},
                                                            {"값진 하루", "누구"},
                                                            {"과제", "원위"},
                                                            {"Déjà Vu", "Beyoncé"},
                                                            {"さくら", "森山直太朗"},
                                                            {"ガラガラヘビ", "とんねるず"},
                                                            {"Don't Stop Believin'", "Journey"}};

TEST(Search, EveryStepOfAnInputMethodFindsTheSong) {
  for (const std::string_view typed : {"ㄷ", "다", "달", "닯", "달ㅂ", "달비", "달빛", " 달 빛 "})
    EXPECT_THAT(find(some, typed), testing::Contains("달빛")) << typed;
  for (const std::string_view typed : {"가", "갑", "값", "값지", "값진하"})
    EXPECT_THAT(find(some, typed), testing::Contains("값진 하루")) << typed;
  for (const std::string_view typed : {"ㄱ", "고", "과", "괒", "과제"})
    EXPECT_THAT(find(some, typed), testing::Contains("과제")) << typed;
}

TEST(Search, InitialsAloneAreEnough) {
  EXPECT_THAT(find(some, "ㅅㅍㅇㅇ"), ElementsAre("슬픈 인연"));
  EXPECT_THAT(find(some, "ㅇㅇ"), ElementsAre("과제", "슬픈 인연"))
      << "the artist's beginning, then a part of a title";
  EXPECT_THAT(find(some, "ㄷㅂㅅ"), ElementsAre("달빛")) << "of the artist";
  EXPECT_THAT(find(some, "ㅎㅎㅎㅎ"), IsEmpty());
}

TEST(Search, KanaOfEitherScriptAndWidthAreOne) {
  for (const std::string_view typed : {"さくら", "サクラ", "ｻｸﾗ", "さ"})
    EXPECT_THAT(find(some, typed), testing::Contains("さくら")) << typed;
  for (const std::string_view typed : {"がらがら", "ガラガラ", "ｶﾞﾗｶﾞﾗ", "か\xe3\x82\x99らか\xe3\x82\x99ら"})
    EXPECT_THAT(find(some, typed), ElementsAre("ガラガラヘビ")) << typed;
  EXPECT_EQ(search_key("ﾊﾟﾋﾟﾌﾟ"), U"ぱぴぷ");
  EXPECT_EQ(search_key("ヴ"), search_key("ｳﾞ"));
}

TEST(Search, MarksSignsCaseAndWidthDoNotCount) {
  for (const std::string_view typed : {"deja vu", "DÉJÀ", "ｄｅｊａ", "beyonce", "de\xcc\x81ja\xcc\x80 vu"})
    EXPECT_THAT(find(some, typed), ElementsAre("Déjà Vu")) << typed;
  for (const std::string_view typed : {"dont stop", "don't stop", "don’t stop", "believin"})
    EXPECT_THAT(find(some, typed), ElementsAre("Don't Stop Believin'")) << typed;
}

TEST(Search, EveryLatinLetterWithAMarkIsThatLetter) {
  EXPECT_EQ(search_key("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝß"), U"aaaaaaaceeeeiiiinoooooouuuuys");
  EXPECT_EQ(search_key("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ"), U"aaaaaaaceeeeiiiinoooooouuuuyy");
  EXPECT_EQ(search_key("ĀāĂăĄąĆćČčĎďĐđĒēĘęĚěĞğĢģĪīİĶķĹĺĻļŁłŃńŅņŇňŌōŐőŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŴŵŶŷŸŹźŻżŽž"),
            U"aaaaaaccccddddeeeeeeggggiiikkllllllnnnnnnoooorrrrssssssttttuuuuuuwwyyyzzzzzz");
}

TEST(Search, TheBestComeFirst) {
  const std::vector<std::pair<std::string, std::string>> songs{{"My Sunshine", "A"},  {"Resun", "B"},
                                                               {"Anything", "Sunny"}, {"Sunday", "C"},
                                                               {"Sun", "D"},          {"Song", "Resun"}};
  EXPECT_THAT(find(songs, "sun"), ElementsAre("Sun", "Sunday", "My Sunshine", "Anything", "Resun", "Song"));
}

TEST(Search, TitleAndArtistTogetherInAnyOrder) {
  EXPECT_THAT(find(some, "journey believin"), ElementsAre("Don't Stop Believin'"));
  EXPECT_THAT(find(some, "015b 인연"), ElementsAre("슬픈 인연"));
  EXPECT_THAT(find(some, "journey 인연"), IsEmpty());
}

TEST(Search, OneLetterMayBeWrongWhereNothingElseIsFound) {
  for (const std::string_view typed : {"jurney", "jourrney", "jpurney", "beleivin"})
    EXPECT_THAT(find(some, typed), ElementsAre("Don't Stop Believin'")) << typed;
  EXPECT_THAT(find(some, "슬폰 인연"), ElementsAre("슬픈 인연"));
  EXPECT_THAT(find(some, "jxn"), IsEmpty()) << "of three letters, one is too much";
  EXPECT_THAT(find(some, "jxxrney"), IsEmpty()) << "of seven, two are";
  EXPECT_THAT(find(some, "dont stap belivin"), ElementsAre("Don't Stop Believin'"));
}

TEST(Search, NothingTypedFindsAllAndSignsAloneWhatHasThem) {
  EXPECT_EQ(find(some, "").size(), some.size());
  EXPECT_THAT(find(some, "???"), IsEmpty());
  EXPECT_THAT(find({{"!!!", "x"}, {"y", "z"}}, "!!"), ElementsAre("!!!"));
  EXPECT_THAT(find(some, "\xff\xe3\x82"), IsEmpty());
}

}  // namespace
}  // namespace orakgarak::songs
