#include "app/command_line.h"

#include <gmock/gmock.h>

namespace orakgarak::app {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Environment home{{"HOME", "/home/me"}};

template <class Command>
Command parsed(std::vector<std::string> arguments) {
  auto invocation = parse_command_line(arguments, home);
  EXPECT_TRUE(invocation) << invocation.error().text;
  return std::get<Command>(invocation->command);
}

TEST(CommandLine, KeysAreASpanOrOneShift) {
  EXPECT_EQ(parse_keys("-6..6")->lowest, -6);
  EXPECT_EQ(parse_keys("-6..6")->highest, 6);
  EXPECT_EQ(parse_keys("−2..+3")->lowest, -2) << "the minus sign that this program prints";
  EXPECT_EQ(parse_keys("−2..+3")->highest, 3);
  EXPECT_EQ(parse_keys("0")->lowest, 0);
  EXPECT_EQ(parse_keys("0")->highest, 0);
  for (const char* wrong : {"", "..", "1..", "..2", "a..b", "1..2..3", "1.5", "99999999999"})
    EXPECT_FALSE(parse_keys(wrong)) << wrong;
}

TEST(CommandLine, ADecadeBeginsWithItsFirstYear) {
  EXPECT_EQ(parse_decade("1990"), 1990);
  EXPECT_EQ(parse_decade("1990s"), 1990);
  for (const char* wrong : {"", "90", "1995", "19900", "nineties", "199O"})
    EXPECT_FALSE(parse_decade(wrong)) << wrong;
}

TEST(CommandLine, RecommendTakesListsAndRepeats) {
  const auto command = parsed<RecommendCommand>(
      {"recommend", "a.wav", "--language", "ko,en", "--decade", "1990,2000", "--keys", "-3..0", "b.wav"});
  EXPECT_THAT(command.files, ElementsAre("a.wav", "b.wav"));
  EXPECT_THAT(command.options.languages, ElementsAre("ko", "en"));
  EXPECT_THAT(command.options.decades, ElementsAre(1990, 2000));
  EXPECT_EQ(command.options.lowest_key, -3);
  EXPECT_EQ(command.options.highest_key, 0);
  EXPECT_THAT(parsed<RecommendCommand>({"recommend", "a.wav", "--language", "ko", "--language", "ja"})
                  .options.languages,
              ElementsAre("ko", "ja"));
}

TEST(CommandLine, AListDoesNotSwallowTheFileAfterIt) {
  for (const char* option : {"--language", "--prefer-language"})
    EXPECT_THAT(parsed<RecommendCommand>({"recommend", option, "ko", "a.wav"}).files, ElementsAre("a.wav"));
  for (const char* option : {"--decade=1990,2000", "--prefer-decade=1990"})
    EXPECT_THAT(parsed<RecommendCommand>({"recommend", option, "a.wav"}).files, ElementsAre("a.wav"));
}

TEST(CommandLine, GlobalOptionsStandBeforeOrAfterTheCommand) {
  for (const auto& arguments : {std::vector<std::string>{"--data", "/d", "catalog", "list"},
                                std::vector<std::string>{"catalog", "list", "--data", "/d"}})
    EXPECT_EQ(parse_command_line(arguments, home)->settings.data, "/d");
}

TEST(CommandLine, AFileMayBeNamedLikeAnOption) {
  EXPECT_THAT(parsed<AnalyzeCommand>({"analyze", "--", "-take.wav"}).files, ElementsAre("-take.wav"));
}

TEST(CommandLine, TheKoreanTopNotesAreOnAndTheMandarinSongsOffUntilTold) {
  const auto settings = [](std::vector<std::string> arguments) {
    return parse_command_line(arguments, home)->settings;
  };
  EXPECT_TRUE(settings({"demo"}).korean_top_notes);
  EXPECT_FALSE(settings({"demo"}).mandarin_pop);
  EXPECT_FALSE(settings({"demo", "--no-korean-top-notes"}).korean_top_notes);
  EXPECT_TRUE(settings({"demo", "--mandarin-pop"}).mandarin_pop);
}

TEST(CommandLine, DataLiesInTheXdgFolder) {
  EXPECT_EQ(parse_command_line(std::vector<std::string>{"demo"}, home)->settings.data,
            "/home/me/.local/share/orakgarak");
  EXPECT_EQ(data_folder({{"XDG_DATA_HOME", "/x"}, {"HOME", "/h"}}), "/x/orakgarak");
  EXPECT_EQ(data_folder({{"XDG_DATA_HOME", "relative"}, {"HOME", "/h"}}), "/h/.local/share/orakgarak");
  EXPECT_EQ(data_folder({}), "");
}

Settings settings_with(std::vector<std::string> arguments, Environment environment) {
  const auto invocation = parse_command_line(arguments, environment);
  EXPECT_TRUE(invocation) << invocation.error().text;
  return invocation->settings;
}
std::string fault_with(std::vector<std::string> arguments, const Environment& environment = home) {
  const auto invocation = parse_command_line(arguments, environment);
  EXPECT_FALSE(invocation);
  return invocation ? "" : invocation.error().text;
}

TEST(CommandLine, WhereAServersDataIsComesFromOptionsOrElseTheEnvironment) {
  const Environment named{{"HOME", "/home/me"},
                          {"ORAKGARAK_STORE", "postgres://env/x"},
                          {"ORAKGARAK_OBJECTS", "s3://env"},
                          {"ORAKGARAK_EVENTS", "kafka://env:9092"}};
  const auto from_environment = settings_with({"serve"}, named);
  EXPECT_EQ(from_environment.store, "postgres://env/x");
  EXPECT_EQ(from_environment.objects, "s3://env");
  EXPECT_EQ(from_environment.events, "kafka://env:9092");
  const auto given = settings_with({"operators", "list", "--store", "postgres://given/x"}, named);
  EXPECT_EQ(given.store, "postgres://given/x");
  EXPECT_EQ(given.objects, "s3://env");
  EXPECT_EQ(settings_with({"serve"}, home).store, "");
}

TEST(CommandLine, AnAdapterThatIsNoneIsRefusedByItsNameWithoutItsPassword) {
  EXPECT_THAT(fault_with({"serve", "--store", "mysql://ana:pa55@db"}),
              AllOf(HasSubstr("--store"), HasSubstr("postgres://USER@"), Not(HasSubstr("pa55"))));
  EXPECT_THAT(fault_with({"serve", "--objects", "/mnt/files"}), HasSubstr("--objects"));
  EXPECT_THAT(fault_with({"serve", "--events", "amqp://ana:pa55@mq"}),
              AllOf(HasSubstr("--events"), Not(HasSubstr("pa55"))));
  EXPECT_THAT(fault_with({"serve"}, {{"ORAKGARAK_STORE", "mysql://ana:pa55@db"}}),
              AllOf(HasSubstr("ORAKGARAK_STORE"), Not(HasSubstr("pa55"))));
}

TEST(CommandLine, AMistakeBesideAPasswordDoesNotShowIt) {
  for (const auto& words : {std::vector<std::string>{"--stroe=postgres://ana:pa55@db/x", "serve"},
                            {"serve", "--stroe=postgres://ana:pa55@db/x"},
                            {"serve", "--stroe", "postgres://ana:pa55@db/x"},
                            {"postgres://ana:pa55@db/x"}})
    EXPECT_THAT(fault_with(words), Not(HasSubstr("pa55"))) << words.back();
}

TEST(CommandLine, WhatDoesNotGoTogetherIsRefusedBeforeAnythingIsOpened) {
  EXPECT_THAT(fault_with({"worker"}), HasSubstr("needs --store"));
  EXPECT_THAT(fault_with({"serve", "--no-work"}), HasSubstr("needs --store"));
  EXPECT_THAT(fault_with({"dlq", "list", "--events", "kafka://a"}), HasSubstr("needs --store"));
  EXPECT_THAT(fault_with({"serve", "--no-work", "--workers", "2", "--store", "postgres://db/x"}),
              HasSubstr("--workers"));
}

TEST(CommandLine, AWorkerHasTheLimitsOfTheWorkAlone) {
  const auto command =
      parsed<WorkerCommand>({"worker", "--store", "postgres://db/x", "--workers", "3", "--most-take-seconds",
                             "60", "--metrics-listen", "127.0.0.1:0"});
  EXPECT_EQ(command.run.workers, 3);
  EXPECT_EQ(command.run.limits.take, std::chrono::seconds(60));
  EXPECT_EQ(command.metrics_listen, "127.0.0.1:0");
  EXPECT_THAT(fault_with({"worker", "--store", "postgres://db/x", "--streams-a-person", "9"}),
              HasSubstr("--streams-a-person"));
}

TEST(CommandLine, TheLocaleOfMessagesIsTheFirstThatIsSet) {
  EXPECT_EQ(message_locale({{"LC_ALL", "ko"}, {"LC_MESSAGES", "ja"}, {"LANG", "en"}}), "ko");
  EXPECT_EQ(message_locale({{"LC_MESSAGES", "ja"}, {"LANG", "en"}}), "ja");
  EXPECT_EQ(message_locale({{"LANG", "en"}}), "en");
  EXPECT_EQ(message_locale({}), "");
}

TEST(CommandLine, AFaultNamesTheCommandWhoseHelpToRead) {
  const auto stop =
      parse_command_line(std::vector<std::string>{"recommend", "a", "--keys", "x"}, home).error();
  EXPECT_EQ(stop.code, ExitCode::usage);
  EXPECT_THAT(stop.text, HasSubstr("orakgarak recommend --help"));
}

}  // namespace
}  // namespace orakgarak::app
