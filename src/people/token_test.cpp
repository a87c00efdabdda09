#include "people/token.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace orakgarak::people {
namespace {

TEST(Token, EachIsNewAndAcceptedAsOneOfOurs) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const Token token = new_token();
    EXPECT_EQ(token.text.size(), token_characters);
    EXPECT_TRUE(parse_token(token.text)) << token.text;
    seen.insert(token.text);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(Token, EverySignOfItIsRandom) {
  // 1,000 tokens: a place that always held the same sign would show; the last has 4 bits of its own.
  std::array<std::set<char>, token_characters> signs;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = new_token().text;
    for (std::size_t at = 0; at < text.size(); ++at) signs[at].insert(text[at]);
  }
  for (std::size_t at = 0; at + 1 < signs.size(); ++at) EXPECT_GT(signs[at].size(), 50U) << at;
  EXPECT_EQ(signs.back().size(), 16U);
}

TEST(Token, ItsHashIsSha256OfItsText) {
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(hash_of({"abc"}), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Token, WhatCannotBeOneOfOursIsNone) {
  const std::string good = new_token().text;
  EXPECT_FALSE(parse_token(""));
  EXPECT_FALSE(parse_token(good.substr(1)));
  EXPECT_FALSE(parse_token(good + "A"));
  for (const char wrong : {'+', '/', '=', ' ', '\0', '\n', '\xC3'}) {
    std::string text = good;
    text[7] = wrong;
    EXPECT_FALSE(parse_token(text)) << static_cast<int>(wrong);
  }
  EXPECT_FALSE(parse_token(good.substr(0, 42) + "B")) << "bits that no 32 bytes have";
}

}  // namespace
}  // namespace orakgarak::people
