#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "commands/program.h"
#include "commands/sounds.h"

namespace orakgarak::commands {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Analyze : public ProgramTest {
 protected:
  /// The lowest and highest held pitch that the demo singer noted in the truth file.
  static std::pair<double, double> held(const std::string& truth) {
    double low = 0, high = 0;
    EXPECT_EQ(std::sscanf(truth.c_str(), "# lowest held %lf, highest held %lf", &low, &high), 2);
    return {low, high};
  }
};

TEST_F(Analyze, TellsTheRangeOfEveryVoice) {
  for (const std::string voice : {"bass", "baritone", "tenor", "alto", "mezzo", "soprano"}) {
    ASSERT_EQ(run({"sample", path("a.wav"), "--voice", voice, "--truth", path("a.csv")}).code, 0);
    const auto [low, high] = held(read(path("a.csv")));
    const auto ended = run({"analyze", "--json", path("a.wav")});
    ASSERT_EQ(ended.code, 0) << voice << ended.err;
    const auto range = json::parse(ended.out)["range"];
    // A tenth of a semitone is what the demo singer's range must be told within.
    EXPECT_NEAR(range["lowest"]["midi"].get<double>(), low, 0.1) << voice;
    EXPECT_NEAR(range["highest"]["midi"].get<double>(), high, 0.1) << voice;
  }
}

TEST_F(Analyze, TextNamesRangeEvidenceAndTessitura) {
  const auto ended = run({"analyze", sung()});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  for (const char* words : {"Range", "lowest", "highest", "listen at", "Comfortable", "Tessitura",
                            "Intonation", "Timbre", "Recording"})
    EXPECT_THAT(ended.out, HasSubstr(words));
  EXPECT_THAT(ended.out, Not(HasSubstr("\x1b"))) << "no colour in a pipe";
}

TEST_F(Analyze, CsvIsOneRowAFrameAndNearTheTruth) {
  ASSERT_EQ(run({"sample", path("a.wav"), "--truth", path("a.csv")}).code, 0);
  const auto ended = run({"analyze", "--csv", path("a.wav")});
  ASSERT_EQ(ended.code, 0) << ended.err;
  ASSERT_THAT(ended.out, StartsWith("time,f0_hz,confidence,heard_by\n"));
  std::istringstream ours(ended.out), truth(read(path("a.csv")));
  std::string line, truth_line;
  std::getline(ours, line);
  std::getline(truth, truth_line);
  std::getline(truth, truth_line);
  int both = 0, near = 0;
  while (std::getline(ours, line) && std::getline(truth, truth_line)) {
    double time = 0, f0 = 0, confidence = 0, true_time = 0, true_f0 = 0;
    ASSERT_EQ(std::sscanf(line.c_str(), "%lf,%lf,%lf", &time, &f0, &confidence), 3);
    ASSERT_EQ(std::sscanf(truth_line.c_str(), "%lf,%lf", &true_time, &true_f0), 2);
    ASSERT_NEAR(time, true_time, 1e-9);
    EXPECT_EQ(f0 > 0, confidence >= 0.5) << "voiced is what the confidence says";
    if (f0 <= 0 || true_f0 <= 0) continue;
    ++both;
    near += std::abs(1200 * std::log2(f0 / true_f0)) <= 50;
  }
  EXPECT_GT(both, 1000) << "most of 20 s is sung";
  EXPECT_GT(near, both * 0.98) << "within 50 cents, glides included";
}

TEST_F(Analyze, SeveralFilesGiveOneJsonObjectALine) {
  const auto ended = run({"analyze", "--json", sung("a.wav"), sung("b.wav", "bass")});
  EXPECT_EQ(ended.code, 0);
  std::istringstream lines(ended.out);
  std::string first, second, more;
  std::getline(lines, first);
  std::getline(lines, second);
  EXPECT_EQ(json::parse(first)["file"], path("a.wav"));
  EXPECT_EQ(json::parse(second)["file"], path("b.wav"));
  EXPECT_FALSE(std::getline(lines, more));
}

TEST_F(Analyze, NotesFollowTheNotationAskedForAndElseTheLocale) {
  const auto take = sung();
  EXPECT_THAT(run({"analyze", "--notation", "korean", take}).out, HasSubstr("옥타브 "));
  EXPECT_THAT(run({"analyze", "--notation", "japanese", take}).out, HasSubstr("mid2"));
  EXPECT_THAT(run({"analyze", take}, {.environment = {{"LC_ALL", "ko_KR.UTF-8"}}}).out, HasSubstr("옥타브 "));
  EXPECT_THAT(run({"analyze", take}, {.environment = {{"LANG", "ja_JP.UTF-8"}}}).out, HasSubstr("mid2"));
  EXPECT_THAT(
      run({"--notation", "scientific", "analyze", take}, {.environment = {{"LANG", "ko_KR.UTF-8"}}}).out,
      Not(HasSubstr("옥타브")));
}

TEST_F(Analyze, PlotsAsSvgAndAsPng) {
  const auto take = sung();
  EXPECT_EQ(run({"analyze", take, "--plot", path("a.svg")}).code, 0);
  EXPECT_THAT(read(path("a.svg")), StartsWith("<?xml"));
  EXPECT_THAT(read(path("a.svg")), HasSubstr("</svg>"));
  EXPECT_EQ(run({"analyze", take, "--plot", path("a.png")}).code, 0);
  EXPECT_THAT(read(path("a.png")), StartsWith("\x89PNG"));
}

TEST_F(Analyze, TheSameFileGivesTheSameAnswer) {
  const auto take = sung();
  EXPECT_EQ(run({"analyze", "--json", take}).out, run({"analyze", "--json", take}).out);
}

class AnalyzeOverABacking : public Analyze {
 protected:
  /// The demo singer; with a piano, 0.5 s late and as loud, where it is played.
  std::string take(const std::string& name, bool played) const {
    EXPECT_EQ(run({"sample", path(name), "--rate", std::to_string(sound_rate)}).code, 0);
    const auto bytes = read(path(name)).substr(44);
    Samples samples(bytes.size() / 2);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      std::int16_t level = 0;
      std::memcpy(&level, bytes.data() + 2 * i, 2);
      samples[i] = static_cast<float>(level) / 32768;
    }
    const auto backing = piano(20);
    for (std::size_t i = sound_rate / 2; played && i < samples.size() && i < backing.size(); ++i)
      samples[i] += backing[i - sound_rate / 2];
    return write(name, wav(samples));
  }
  std::string backing() const { return write("backing.wav", wav(piano(20))); }
};

TEST_F(AnalyzeOverABacking, TakesOutWhatWasPlayed) {
  const auto alone = json::parse(run({"analyze", "--json", take("alone.wav", false)}).out);
  const auto ended = run({"analyze", "--json", take("over.wav", true), "--backing", backing()});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  const auto over = json::parse(ended.out);
  EXPECT_GT(over["backing"]["removed_db"], 15);
  EXPECT_NEAR(over["backing"]["started_s"].get<double>(), 0.5, 0.005);
  for (const char* end : {"lowest", "highest"})
    EXPECT_NEAR(over["range"][end]["midi"].get<double>(), alone["range"][end]["midi"].get<double>(), 0.3)
        << end;
  EXPECT_FALSE(alone.contains("backing"));
  EXPECT_THAT(run({"analyze", path("over.wav"), "--backing", backing(), "--backing-start", "3"}).out,
              HasSubstr("Backing"));
}

TEST_F(AnalyzeOverABacking, ABackingThatIsNotInTheTakeIsSaidAndHindersNothing) {
  const auto ended = run({"analyze", "--json", take("alone.wav", false), "--backing", backing()});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("this backing is not heard in the take"));
  const auto report = json::parse(ended.out);
  EXPECT_EQ(report["backing"]["why_not"]["code"], "backing_not_heard");
  EXPECT_EQ(report["backing"]["removed_db"], 0);
  EXPECT_TRUE(report["answered"]);
}

TEST_F(AnalyzeOverABacking, ABackingThatCannotBeReadIsAFault) {
  EXPECT_EQ(run({"analyze", take("alone.wav", false), "--backing", path("missing.wav")}).code, 3);
  EXPECT_EQ(run({"analyze", take("alone.wav", false), "--backing", write("words.wav", "no sound")}).code, 3);
  EXPECT_EQ(run({"analyze", take("alone.wav", false), "--backing-start", "1"}).code, 2)
      << "of which backing?";
  EXPECT_EQ(run({"analyze", path("alone.wav"), path("alone.wav"), "--backing", backing()}).code, 2);
}

}  // namespace
}  // namespace orakgarak::commands
