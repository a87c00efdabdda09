#include "app/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace orakgarak::app {
namespace {

TEST(Text, HangulKanaAndHanTakeTwoColumns) {
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("오락가락"), 8);
  EXPECT_EQ(display_width("さくら"), 6);
  EXPECT_EQ(display_width("123我爱你"), 9);
  EXPECT_EQ(display_width("é"), 1);
  EXPECT_EQ(display_width("e\u0301"), 1) << "a combining accent takes no column";
  EXPECT_EQ(display_width("█▌–−…"), 5);
}

TEST(Text, ABrokenByteIsOneColumn) {
  EXPECT_EQ(display_width("\xff\xc3"), 2);
  EXPECT_EQ(display_width("a\xe3\x81"), 3) << "a sequence cut short";
}

TEST(Text, CutsBeforeTheLetterThatWouldNotFit) {
  EXPECT_EQ(fit_left("오락가락", 5), "오락…");
  EXPECT_EQ(fit_left("오락가락", 6), "오락… ") << "half a Hangul letter is not shown";
  EXPECT_EQ(fit_left("오락가락", 8), "오락가락");
  EXPECT_EQ(fit_left("ab", 4), "ab  ");
  EXPECT_EQ(fit_right("ab", 4), "  ab");
  EXPECT_EQ(fit_left("abc", 0), "");
}

TEST(Text, AnEscapeSequenceInATitleDoesNotReachTheTerminal) {
  EXPECT_EQ(printable("a\x1b[2Jb\n"), "a\\x1b[2Jb\\n");
  EXPECT_EQ(printable("\xc2\x9b"), "\\u009b") << "the one-letter form of escape";
  EXPECT_EQ(printable("\u202e"), "\\u202e") << "a change of writing direction";
  EXPECT_EQ(printable("a\xff.wav"), "a\\xff.wav") << "a file name of another encoding";
  EXPECT_EQ(printable("슬픈 인연"), "슬픈 인연");
}

TEST(Text, WrapsAtSpaces) {
  EXPECT_EQ(wrapped("one two three", 7, 2), "one two\n  three");
  EXPECT_EQ(wrapped("unbreakable", 4, 2), "unbreakable");
  EXPECT_EQ(wrapped("", 4, 2), "");
}

TEST(Text, ABarIsDrawnInEighths) {
  EXPECT_EQ(bar(0, 10), "");
  EXPECT_EQ(bar(0.25, 10), "██▌");
  EXPECT_EQ(bar(1, 3), "███");
  EXPECT_EQ(bar(7, 3), "███");
}

TEST(Text, AMistypedWordIsAtMostTwoLettersAway) {
  const std::vector<std::string> commands{"analyze", "recommend", "catalog"};
  EXPECT_EQ(nearest_word("analyse", commands), "analyze");
  EXPECT_EQ(nearest_word("reccomend", commands), "recommend");
  EXPECT_EQ(nearest_word("play", commands), "");
  EXPECT_EQ(nearest_word(std::string(100000, 'x'), commands), "");
}

}  // namespace
}  // namespace orakgarak::app
