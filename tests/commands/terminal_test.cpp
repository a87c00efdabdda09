#include <gmock/gmock.h>

#include <algorithm>

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

/// Columns that the widest line takes; Hangul two, all else one. A progress bar draws over itself.
int widest(const std::string& text) {
  int most = 0, columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '\n' || text[i] == '\r') columns = 0;
    if (byte >= 0x20 && (byte & 0xC0) != 0x80) columns += byte >= 0xEA && byte <= 0xED ? 2 : 1;
    most = std::max(most, columns);
  }
  return most;
}

TEST_F(Terminal, ANarrowOneIsNotOverrun) {
  const auto take = sung();
  for (const unsigned short columns : {48, 80}) {
    const Surroundings narrow{.environment = {{"NO_COLOR", "1"}},
                              .terminal = true,
                              .columns = columns,
                              .close_output_early = false};
    for (const auto& arguments : {std::vector<std::string>{"recommend", take, "--language", "ko"},
                                  std::vector<std::string>{"analyze", take},
                                  std::vector<std::string>{"catalog", "list", "--search", "김건모"}})
      EXPECT_LE(widest(run(arguments, narrow).out), columns) << arguments[0];
  }
}

TEST_F(Terminal, AnEscapeSequenceInAFileNameIsNotPassedOn) {
  const auto ended = run({"analyze", path("a\x1b[31mb.wav")});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace orakgarak::commands
