#include <gmock/gmock.h>

#include "commands/program.h"

namespace orakgarak::commands {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Usage : public ProgramTest {
 protected:
  /// A wrong command line: nothing on standard output, and where to read more.
  std::string refused(const std::vector<std::string>& arguments) const {
    const auto ended = run(arguments);
    EXPECT_EQ(ended.code, 2) << ended.out;
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr("--help"));
    return ended.err;
  }
};

TEST_F(Usage, HelpAndVersionAreAnswers) {
  EXPECT_THAT(run({"--version"}).out, StartsWith("orakgarak 0."));
  const auto help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_EQ(help.err, "");
  for (const char* command : {"analyze", "recommend", "catalog", "sample", "demo"}) {
    EXPECT_THAT(help.out, HasSubstr(command));
    EXPECT_EQ(run({command, "--help"}).code, 0);
  }
}

TEST_F(Usage, AWrongCommandIsRefusedWithTheOneThatWasMeant) {
  EXPECT_THAT(refused({"analyse", "a.wav"}), HasSubstr("did you mean analyze"));
  EXPECT_THAT(refused({"sing"}), HasSubstr("there is no command"));
  EXPECT_THAT(refused({}), HasSubstr("analyze"));
}

TEST_F(Usage, AWrongOptionIsRefused) {
  EXPECT_THAT(refused({"analyze", "a.wav", "--jsn"}), HasSubstr("--jsn"));
  EXPECT_THAT(refused({"--jsn"}), HasSubstr("--jsn"));
  EXPECT_THAT(refused({"analyze"}), HasSubstr("FILE"));
  EXPECT_THAT(refused({"catalog"}), HasSubstr("catalog"));
}

TEST_F(Usage, WrongValuesAreRefusedWithHowToWriteThem) {
  EXPECT_THAT(refused({"recommend", "a.wav", "--keys", "high"}), HasSubstr("-6..6"));
  EXPECT_THAT(refused({"recommend", "a.wav", "--keys", "-6..6..7"}), HasSubstr("-6..6"));
  EXPECT_THAT(refused({"recommend", "a.wav", "--decade", "1995"}), HasSubstr("1990"));
  EXPECT_THAT(refused({"recommend", "a.wav", "--limit", "many"}), HasSubstr("--limit"));
  EXPECT_THAT(refused({"analyze", "a.wav", "--notation", "klingon"}), HasSubstr("korean"));
  EXPECT_THAT(refused({"sample", path("a.wav"), "--voice", "robot"}), HasSubstr("soprano"));
  EXPECT_THAT(refused({"sample", path("a.wav"), "--rate", "7999"}), HasSubstr("--rate"));
}

TEST_F(Usage, WhatDoesNotGoTogetherIsRefused) {
  refused({"analyze", "a.wav", "--json", "--csv"});
  refused({"analyze", "a.wav", "b.wav", "--csv"});
  refused({"analyze", "a.wav", "b.wav", "--plot", path("a.svg")});
}

TEST_F(Usage, TheConfigurationFileSetsWhatTheCommandLineDoesNot) {
  const auto config = write("config.ini", "notation=korean\n");
  const auto take = sung();
  EXPECT_THAT(run({"--config", config, "analyze", take}).out, HasSubstr("옥타브 "));
  EXPECT_THAT(run({"--config", config, "--notation", "japanese", "analyze", take}).out, HasSubstr("mid2"));
  std::filesystem::create_directories(folder_ / ".config/orakgarak");
  write(".config/orakgarak/config.ini", "notation=japanese\n");
  EXPECT_THAT(run({"analyze", take}).out, HasSubstr("mid2"));
}

TEST_F(Usage, AnUnknownSettingIsRefused) {
  EXPECT_EQ(run({"--config", write("config.ini", "notatoin=korean\n"), "analyze", "a.wav"}).code, 2);
}

}  // namespace
}  // namespace orakgarak::commands
