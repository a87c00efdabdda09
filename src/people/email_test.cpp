#include "people/email.h"

#include <gtest/gtest.h>

namespace orakgarak::people {
namespace {

TEST(Email, ADomainHasNoCaseAndAMailboxKeepsIts) {
  EXPECT_EQ(parse_email("Kim.Sora+sing@Example.ORG"), "Kim.Sora+sing@example.org");
  EXPECT_EQ(parse_email("a@BÜCHER.example"), "a@bücher.example");
}

TEST(Email, WhatLooksTheSameIsTheSame) {
  // é as one code point, and as e with an accent; 가 as a syllable, and as its letters.
  EXPECT_EQ(parse_email("caf\u00e9@example.org"), parse_email("cafe\u0301@example.org"));
  EXPECT_EQ(parse_email("\uac00@example.org"), parse_email("\u1100\u1161@example.org"));
  EXPECT_EQ(parse_email("a@caf\u00c9.example"), parse_email("a@cafe\u0301.example"));
}

TEST(Email, WhatCanBeNoAddressIsNone) {
  for (const char* text :
       {"", "a", "@example.org", "a@", "a b@example.org", "a@exa mple.org", "a@b@example.org",
        "\"a\"@example.org", "a@[127.0.0.1]", "a@.org", "a@example.", "a@exam..ple", "a\n@example.org",
        "a@exam\nple.org", "<a@example.org>", "a@example.org\r\nBcc: b@example.org", "a@exam_ple.org",
        "\xff@example.org", "a@\xff.org"})
    EXPECT_FALSE(parse_email(text)) << text;
}

TEST(Email, ItsLengthIsThatOfTheMailStandard) {
  const std::string domain = "@example.org";
  EXPECT_TRUE(parse_email(std::string(64, 'a') + domain));
  EXPECT_FALSE(parse_email(std::string(65, 'a') + domain));
  const std::string longest = "a@" + std::string(248, 'b') + ".org";
  ASSERT_EQ(longest.size(), 254U);
  EXPECT_TRUE(parse_email(longest));
  EXPECT_FALSE(parse_email("a" + longest));
}

}  // namespace
}  // namespace orakgarak::people
