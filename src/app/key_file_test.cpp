#include "app/key_file.h"

#include <gmock/gmock.h>

namespace orakgarak::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string a_key(16, 'a'), another(512, '~');

std::string why_not(const std::string& text) {
  const auto keys = parse_keys_of_file(text, "keys.txt");
  EXPECT_FALSE(keys) << text;
  return keys ? "" : keys.error().detail;
}

TEST(KeyFile, HoldsOneKeyALineBesideCommentsAndEmptyLines) {
  const auto keys = parse_keys_of_file("# old\n" + a_key + "\r\n\n# new\n" + another, "keys.txt");
  ASSERT_TRUE(keys);
  EXPECT_THAT(*keys, ElementsAre(a_key, another));
}

TEST(KeyFile, WhatIsNoKeyIsNamedByItsLineAndNeverSaid) {
  EXPECT_THAT(why_not(a_key + "\nsecret\n"), testing::AllOf(HasSubstr("line 2"), Not(HasSubstr("secret"))));
  EXPECT_THAT(why_not(std::string(15, 'a')), HasSubstr("line 1"));
  EXPECT_THAT(why_not(std::string(513, 'a')), HasSubstr("line 1"));
  EXPECT_THAT(why_not(a_key + " " + a_key), HasSubstr("line 1"));
  EXPECT_THAT(why_not("# nothing\n"), HasSubstr("no key"));
}

TEST(KeyFile, AFileThatCannotBeReadIsNamed) {
  EXPECT_THAT(read_key_file("/nonexistent/keys").error().detail, HasSubstr("/nonexistent/keys"));
  EXPECT_THAT(read_key_file("/").error().code, "bad_key_file");
}

}  // namespace
}  // namespace orakgarak::app
