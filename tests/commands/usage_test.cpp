#include <gmock/gmock.h>

#include "commands/program.h"

namespace orakgarak::commands {
namespace {

using testing::HasSubstr;
using testing::Not;
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

TEST_F(Usage, AWrongCommandUnderCatalogIsRefusedTheSameWay) {
  EXPECT_THAT(refused({"catalog", "lst"}), HasSubstr("did you mean list"));
  EXPECT_THAT(refused({"catalog"}), HasSubstr("import, list, show, check"));
  EXPECT_THAT(refused({"catalog", "import"}), HasSubstr("orakgarak catalog import --help"));
}

TEST_F(Usage, AnEmptyNameIsRefused) {
  EXPECT_THAT(refused({"analyze", ""}), HasSubstr("empty"));
  EXPECT_THAT(refused({"analyze", "a.wav", "--plot", ""}), HasSubstr("--plot"));
}

TEST_F(Usage, AWrongCommandCannotSteerTheTerminal) {
  EXPECT_THAT(refused({"\x1b[31m"}), Not(HasSubstr("\x1b")));
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
  EXPECT_THAT(refused({"recommend", "a.wav", "--language", "klingon"}), HasSubstr("ko, en, ja"));
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

TEST_F(Usage, AFaultOfTheConfigurationFileNamesTheFileAndTheSetting) {
  const auto unknown = refused({"--config", write("config.ini", "notatoin=korean\n"), "analyze", "a.wav"});
  EXPECT_THAT(unknown, HasSubstr("config.ini"));
  EXPECT_THAT(unknown, HasSubstr("\"notatoin\" is no setting; there are notation"));
  EXPECT_THAT(refused({"--config", write("config.ini", "notation=klingon\n"), "analyze", "a.wav"}),
              HasSubstr("config.ini"));
  EXPECT_THAT(refused({"--config", path("missing.ini"), "analyze", "a.wav"}),
              HasSubstr("missing.ini cannot be read"));
}

TEST_F(Usage, WhatTheMatcherWouldRefuseIsToldBeforeATakeIsHeard) {
  for (const auto& words :
       {std::vector<std::string>{"--limit", "0"}, {"--keys", "-40..40"}, {"--popularity", "101"}}) {
    auto arguments = words;
    arguments.insert(arguments.begin(), {"recommend", path("missing.wav")});
    EXPECT_THAT(refused(arguments), Not(HasSubstr("missing.wav")));
  }
}

}  // namespace
}  // namespace orakgarak::commands
