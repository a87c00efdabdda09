#include "people/written.h"

#include <gtest/gtest.h>

namespace orakgarak::people {
namespace {

std::string key(std::string_view text) {
  const auto nickname = parse_nickname(text);
  return nickname ? nickname->key : "none";
}

TEST(Written, IsComposedAndLosesTheSpaceAtItsEnds) {
  EXPECT_EQ(written_line("  \u1112\u1161\u11ab\u3000", 1, 1), "한");
  EXPECT_EQ(written_text("\n one\ntwo \n", 100), "one\ntwo");
  EXPECT_EQ(written_text(" \n ", 100), "");
}

TEST(Written, IsHeldToItsLengthInCodePoints) {
  EXPECT_EQ(written_line("노래", 1, 2), "노래");
  EXPECT_FALSE(written_line("노래들", 1, 2));
  EXPECT_FALSE(written_line("   ", 1, 2));
  EXPECT_TRUE(written_text(std::string(1000, 'a'), 1000));
  EXPECT_FALSE(written_text(std::string(1001, 'a'), 1000));
}

TEST(Written, HoldsNothingThatAPageShowsOtherThanItIs) {
  for (const auto* bad : {"a\tb", "a\x7f", "a\u202Eb", "a\u2066b", "a\u2028b", "\xff", "a\xC3"}) {
    EXPECT_FALSE(written_line(bad, 1, 10)) << bad;
    EXPECT_FALSE(written_text(bad, 10)) << bad;
  }
  EXPECT_FALSE(written_line("a\nb", 1, 10));
  EXPECT_FALSE(written_line(std::string_view("a\0b", 3), 1, 10));
}

TEST(Nickname, IsTwoToTwentyLettersAndDigitsOfAnyScript) {
  for (const auto* good : {"ab", "가나", "うた", "Ünal", "김노래_2", "a.b-c", "12345678901234567890"})
    EXPECT_TRUE(parse_nickname(good)) << good;
  for (const auto* bad : {"", "a", "가", "123456789012345678901", " ab", "a b", "_ab", ".ab", "..", "a/b",
                          "a@b", "노래🎤", "ab\n", "\u3164\u3164", "\xff\xff"})
    EXPECT_FALSE(parse_nickname(bad)) << bad;
  EXPECT_EQ(parse_nickname("\u1100\u1161\u1102\u1161")->shown, "가나");
}

TEST(Nickname, IsTheSameHoweverItsLettersAreWritten) {
  EXPECT_EQ(key("Kim"), "kim");
  EXPECT_EQ(key("ＫＩＭ"), "kim");
  EXPECT_EQ(key("ｶﾞﾙ"), key("ガル"));
  EXPECT_EQ(key("straße"), key("STRASSE"));
  EXPECT_EQ(key("ki\u3164m"), "kim") << "what nobody sees tells nobody apart";
  EXPECT_NE(key("kim_"), key("kim"));
}

TEST(Nickname, OfOursIsReserved) {
  for (const auto* ours : {"admin", "Ad.min", "ＡＤＭＩＮ", "오락가락", "운영자", "Orak-Garak", "me"})
    EXPECT_TRUE(is_reserved(*parse_nickname(ours))) << ours;
  for (const auto* free : {"kim", "admins", "오락가락이"})
    EXPECT_FALSE(is_reserved(*parse_nickname(free))) << free;
}

}  // namespace
}  // namespace orakgarak::people
