#include <gmock/gmock.h>

#include "commands/program.h"

namespace orakgarak::commands {
namespace {

using testing::HasSubstr;
using testing::Not;

class Terminal : public ProgramTest {};

TEST_F(Terminal, GetsColourUnlessNoColorIsSet) {
  const auto take = sung();
  EXPECT_THAT(run({"analyze", take}, {.terminal = true}).out, HasSubstr("\x1b["));
  EXPECT_THAT(run({"analyze", take}, {.environment = {{"NO_COLOR", "1"}}, .terminal = true}).out,
              Not(HasSubstr("\x1b[")));
  EXPECT_THAT(run({"analyze", take}, {.environment = {{"TERM", "dumb"}}, .terminal = true}).out,
              Not(HasSubstr("\x1b[")));
}

TEST_F(Terminal, AnEscapeSequenceInAFileNameIsNotPassedOn) {
  const auto ended = run({"analyze", path("a\x1b[31mb.wav")});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace orakgarak::commands
