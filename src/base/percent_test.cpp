#include "base/percent.h"

#include <gtest/gtest.h>

namespace orakgarak {
namespace {

TEST(Percent, DecodesAnyByteAndLeavesAllElse) {
  EXPECT_EQ(percent_decoded("a+b%20%2f%2F%C3%a9"), "a+b //\xC3\xA9");
  EXPECT_EQ(percent_decoded("%00"), std::string(1, '\0'));
  EXPECT_EQ(percent_decoded(""), "");
}

TEST(Percent, ABrokenOneIsNone) {
  for (const char* text : {"%", "a%", "%4", "%4g", "%g4", "%-1", "%+1", "% 1", "%%41"})
    EXPECT_EQ(percent_decoded(text), std::nullopt) << text;
}

}  // namespace
}  // namespace orakgarak
