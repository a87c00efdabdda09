#include "app/terminal.h"

#include <gtest/gtest.h>

namespace orakgarak::app {
namespace {

TEST(Output, WithoutColourNothingIsAdded) {
  EXPECT_EQ(Output(80, false).paint(Colour::red, "x"), "x");
  EXPECT_EQ(Output(80, true).paint(Colour::plain, "x"), "x");
}

TEST(Output, ColourEndsWhereItsTextEnds) {
  EXPECT_EQ(Output(80, true).paint(Colour::red, "x"), "\x1b[31mx\x1b[0m");
}

}  // namespace
}  // namespace orakgarak::app
