// Every bad input has a message of its own, names the file, and ends with the code that a script can rely on.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "commands/program.h"
#include "commands/sounds.h"

namespace orakgarak::commands {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int usage = 2, unreadable = 3, nothing = 4;

class BadInput : public ProgramTest {
 protected:
  /// What analyze says of a file that cannot be read: one line that names it.
  std::string unreadable_message(const std::string& file) const {
    const auto ended = run({"analyze", file});
    EXPECT_EQ(ended.code, unreadable) << file << ": " << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr(file));
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    return ended.err;
  }
  /// What analyze says of sound that is no singing; the range is null in JSON, whose exit code is the same.
  std::string nothing_message(const Samples& samples) const {
    const auto file = write("sound.wav", wav(samples));
    const auto as_json = run({"analyze", "--json", file});
    EXPECT_EQ(as_json.code, nothing) << as_json.err;
    const auto report = json::parse(as_json.out);
    EXPECT_FALSE(report["answered"]);
    EXPECT_TRUE(report["range"]["lowest"]["midi"].is_null());
    EXPECT_TRUE(report["range"]["highest"]["midi"].is_null());
    EXPECT_TRUE(report["range"].contains("declined"));
    const auto ended = run({"analyze", file});
    EXPECT_EQ(ended.code, nothing);
    EXPECT_THAT(ended.err, HasSubstr(report["why_not"].get<std::string>()));
    return report["why_not"];
  }
};

TEST_F(BadInput, FilesThatAreNone) {
  const auto folder = path("folder.wav");
  mkdir(folder.c_str(), 0755);
  const std::set<std::string> messages{
      unreadable_message(path("missing.wav")).substr(path("missing.wav").size()),
      unreadable_message(write("empty.wav", "")).substr(path("empty.wav").size()),
      unreadable_message(folder).substr(folder.size()),
  };
  EXPECT_EQ(messages.size(), 3u) << "each has a message of its own";
}

TEST_F(BadInput, AFileThatMayNotBeRead) {
  const auto file = write("closed.wav", wav(tone(1, 220)));
  chmod(file.c_str(), 0);
  chmod(folder_.c_str(), 0755);
  Surroundings other;
  if (getuid() == 0) other.user = 65534;  // root may read everything
  const auto ended = run({"analyze", file}, other);
  if (ended.code == 127) GTEST_SKIP() << "another user may not start the program here";
  EXPECT_EQ(ended.code, unreadable);
  EXPECT_THAT(ended.err, HasSubstr("permission"));
}

TEST_F(BadInput, StandardInputIsNotHeard) {
  const auto ended = run({"analyze", "-"});
  EXPECT_EQ(ended.code, unreadable);
  EXPECT_THAT(ended.err, HasSubstr("save the recording to a file"));
}

TEST_F(BadInput, AnOddFileNameIsShownSoThatItCanBeTold) {
  const auto ended = run({"analyze", path("a\nb\xff.wav")});
  EXPECT_EQ(ended.code, unreadable);
  EXPECT_THAT(ended.err, HasSubstr("a\\nb\\xff.wav"));
}

TEST_F(BadInput, TextCalledWav) {
  EXPECT_THAT(unreadable_message(write("text.wav", "It was a dark and stormy night.\n")), HasSubstr("audio"));
}

TEST_F(BadInput, TruncatedInTheHeader) {
  unreadable_message(write("cut.wav", wav(tone(1, 220)).substr(0, 20)));
}

TEST_F(BadInput, TruncatedInTheMiddleIsAnsweredWithWhatIsThere) {
  const auto whole = read(sung());
  const auto file = write("cut.wav", std::string_view(whole).substr(0, whole.size() * 3 / 4));
  const auto ended = run({"analyze", "--json", file});
  EXPECT_EQ(ended.code, 0) << ended.err;
  const auto report = json::parse(ended.out);
  EXPECT_TRUE(report["truncated"]);
  EXPECT_FALSE(report["range"]["lowest"]["midi"].is_null());
  EXPECT_THAT(run({"analyze", file}).out, HasSubstr("ends early"));
}

TEST_F(BadInput, SampleRatesThatCannotBe) {
  EXPECT_THAT(unreadable_message(write("zero.wav", wav(tone(1, 220), {.rate = 0}))), HasSubstr("rate"));
  EXPECT_THAT(unreadable_message(write("fast.wav", wav(tone(1, 220), {.rate = 1'000'000}))),
              HasSubstr("rate"));
}

TEST_F(BadInput, ChannelCountsThatCannotBe) {
  EXPECT_THAT(unreadable_message(write("none.wav", wav(tone(1, 220), {.channels = 0}))),
              HasSubstr("channel"));
  EXPECT_THAT(unreadable_message(write("many.wav", wav(tone(1, 220), {.channels = 64}))),
              HasSubstr("channel"));
}

TEST_F(BadInput, SamplesThatAreNoNumbersAreLeftOutAndTold) {
  auto samples = held_vowel(4, 220);
  for (std::size_t i = 0; i < samples.size(); i += 1000) samples[i] = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t i = 500; i < samples.size(); i += 1000)
    samples[i] = std::numeric_limits<float>::infinity();
  const auto ended = run({"analyze", "--json", write("nan.wav", wav(samples))});
  const auto report = json::parse(ended.out);
  std::set<std::string> faults;
  for (const auto& advice : report["capture"]["advice"]) faults.insert(advice["fault"]);
  EXPECT_TRUE(faults.contains("invalid_samples"));
}

TEST_F(BadInput, ATakeOfNothingButInvalidSamplesIsNoSilence) {
  const auto message = nothing_message(Samples(3 * sound_rate, std::numeric_limits<float>::quiet_NaN()));
  EXPECT_THAT(message, HasSubstr("not numbers"));
}

TEST_F(BadInput, WhyThereIsNoAnswerIsSaidOnce) {
  const auto out = run({"analyze", write("short.wav", wav(held_vowel(0.9, 220)))}).out;
  EXPECT_THAT(out, HasSubstr("No answer"));
  EXPECT_THAT(out, Not(HasSubstr("cannot tell")));
  EXPECT_THAT(run({"analyze", write("silence.wav", wav(silence(3)))}).out, Not(HasSubstr("-200")));
}

TEST_F(BadInput, SilenceNoiseAndATone) {
  const std::set<std::string> messages{nothing_message(silence(3)), nothing_message(noise(4, 0.2f)),
                                       nothing_message(tone(4, 330))};
  EXPECT_EQ(messages.size(), 3u) << "each has a message of its own";
}

TEST_F(BadInput, Speech) { EXPECT_THAT(nothing_message(speech(8)), HasSubstr("speaking")); }

TEST_F(BadInput, APiano) { EXPECT_THAT(nothing_message(piano(8)), HasSubstr("instrument")); }

TEST_F(BadInput, HalfASecondOfVoice) { EXPECT_THAT(nothing_message(held_vowel(0.5, 220)), Not(IsEmpty())); }

TEST_F(BadInput, OverTheSizeLimit) {
  const auto file = write("large.wav", wav(tone(1, 220)));
  ASSERT_EQ(truncate(file.c_str(), (100L << 20) + 1), 0);
  EXPECT_THAT(unreadable_message(file), HasSubstr("100"));
}

TEST_F(BadInput, OverTheTimeLimit) {
  // 20 minutes and a second, in 16 bit at 8 kHz.
  const auto file = write("long.wav", wav(Samples(8000 * 1201), {.format = 1, .rate = 8000}));
  EXPECT_THAT(unreadable_message(file), HasSubstr("20"));
}

TEST_F(BadInput, OfTwoTakesTheGoodOneIsAnswered) {
  const auto good = sung();
  const auto broken = write("broken.wav", "RIFF");
  for (const auto& files : {std::vector{good, broken}, std::vector{broken, good}}) {
    auto ended = run({"analyze", "--json", files[0], files[1]});
    EXPECT_EQ(ended.code, unreadable);
    EXPECT_THAT(ended.err, HasSubstr(broken));
    EXPECT_THAT(ended.out, HasSubstr("\"answered\":true"));
    ended = run({"recommend", "--json", files[0], files[1]});
    EXPECT_EQ(ended.code, unreadable);
    EXPECT_THAT(ended.err, HasSubstr(broken));
    EXPECT_FALSE(json::parse(ended.out)["songs"].empty());
    EXPECT_EQ(json::parse(ended.out)["profile"]["takes"], 1);
  }
}

TEST_F(BadInput, AnUnwritablePlotIsToldBeforeTheTakeIsRead) {
  for (const auto& plot : {path("no/such/folder/a.svg"), std::string("/proc/a.png")}) {
    const auto ended = run({"analyze", path("missing.wav"), "--plot", plot});
    EXPECT_EQ(ended.code, usage);
    EXPECT_THAT(ended.err, HasSubstr(plot));
    EXPECT_THAT(ended.err, Not(HasSubstr("missing.wav")));
  }
}

TEST_F(BadInput, APlotOfAnUnknownKind) {
  const auto ended = run({"analyze", path("missing.wav"), "--plot", path("a.jpg")});
  EXPECT_EQ(ended.code, usage);
  EXPECT_THAT(ended.err, HasSubstr(".svg"));
}

TEST_F(BadInput, APlotThatCouldNotBeDrawnLeavesNoFile) {
  EXPECT_EQ(run({"analyze", path("missing.wav"), "--plot", path("a.svg")}).code, unreadable);
  EXPECT_FALSE(std::filesystem::exists(path("a.svg")));
}

TEST_F(BadInput, AClosedPipeEndsQuietly) {
  const auto take = sung();
  for (const auto& arguments :
       {std::vector<std::string>{"analyze", "--csv", take}, std::vector<std::string>{"catalog", "list"},
        std::vector<std::string>{"--help"}}) {
    const auto ended = run(arguments, {.close_output_early = true});
    EXPECT_EQ(ended.signal, 0);
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(ended.err, "");
  }
}

}  // namespace
}  // namespace orakgarak::commands
