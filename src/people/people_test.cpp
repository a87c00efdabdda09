#include "people/people.h"

#include <gtest/gtest.h>

namespace orakgarak::people {
namespace {

TEST(Verdict, ItsNamesAreReadBackAndOthersAreNone) {
  for (const Verdict verdict : {Verdict::easy, Verdict::fits, Verdict::too_hard, Verdict::not_for_me})
    EXPECT_EQ(parse_verdict(to_string(verdict)), verdict);
  EXPECT_EQ(to_string(Verdict::too_hard), "too_hard");
  for (const char* text : {"", "EASY", "too hard", "easy "}) EXPECT_FALSE(parse_verdict(text)) << text;
}

}  // namespace
}  // namespace orakgarak::people
