#include "media/decode.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "media/child_arguments.h"
#include "media/input_file.h"
#include "media/testing/recordings.h"

namespace orakgarak::media {
namespace {

DecodeOptions real_child() { return {.limits = {}, .child = ORAK_DECODER}; }

DecodeOptions fake_child() {
  DecodeOptions options{.limits = {}, .child = ORAK_FAKE_DECODER};
  options.limits.cpu = Seconds(1);
  return options;
}

DecodeSink to_nowhere() {
  return {.format = {}, .samples = [](std::span<const float>) { return true; }};
}

DecodeSink into(std::vector<float>& heard) {
  return {.format = {}, .samples = [&heard](std::span<const float> samples) {
            heard.insert(heard.end(), samples.begin(), samples.end());
            return true;
          }};
}

bool no_child_is_left() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

/// The error of a child that does what `how` says.
Error misbehaving(const std::string& how, const DecodeOptions& options = fake_child()) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "input", testing::text_bytes(how));
  const auto result = decode(folder / "input", to_nowhere(), options);
  EXPECT_FALSE(result);
  EXPECT_TRUE(no_child_is_left());
  return result ? Error{} : result.error();
}

TEST(Decode, GivesTheSamplesOfAWavBitForBit) {
  const testing::TemporaryFolder folder;
  const auto tone = testing::rising_tone(1, 44100);
  testing::write_file(folder / "take.wav", testing::wav(tone, 44100));
  std::vector<float> heard;
  const auto summary = decode(folder / "take.wav", into(heard), real_child());
  ASSERT_TRUE(summary) << summary.error().detail;
  EXPECT_EQ(heard, tone);
  EXPECT_EQ(summary->samples, tone.size());
  EXPECT_EQ(summary->format.rate, Hertz(44100));
  EXPECT_EQ(summary->format.codec, "pcm_f32le");
  EXPECT_TRUE(no_child_is_left());
}

TEST(Decode, SaysTheFormatBeforeTheFirstSample) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "take.wav", testing::wav(testing::rising_tone(0.5, 8000), 8000));
  std::string order;
  const DecodeSink sink{.format =
                            [&](const DecodeFormat& format) {
                              EXPECT_EQ(format.source_rate, Hertz(8000));
                              order += 'f';
                              return true;
                            },
                        .samples =
                            [&](std::span<const float>) {
                              order += 's';
                              return true;
                            }};
  ASSERT_TRUE(decode(folder / "take.wav", sink, real_child()));
  EXPECT_EQ(order.substr(0, 2), "fs");
  EXPECT_EQ(order.find('f', 1), std::string::npos);
}

TEST(Decode, StopsWhenTheSinkHasEnough) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "take.wav", testing::wav(testing::rising_tone(20, 48000), 48000));
  int blocks = 0;
  const DecodeSink sink{.format = {}, .samples = [&](std::span<const float>) { return ++blocks < 2; }};
  const auto summary = decode(folder / "take.wav", sink, real_child());
  ASSERT_TRUE(summary);
  EXPECT_TRUE(summary->stopped);
  EXPECT_EQ(blocks, 2);
  EXPECT_TRUE(no_child_is_left());
}

TEST(Decode, LeavesAnOpenFileWhereItWas) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "take.wav", testing::wav(testing::rising_tone(0.5, 8000), 8000));
  const OwnedFd fd(::open((folder / "take.wav").c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::lseek(fd.get(), 100, SEEK_SET), 100);
  const auto summary = decode(fd.get(), "upload", to_nowhere(), real_child());
  ASSERT_TRUE(summary) << summary.error().detail;
  EXPECT_EQ(summary->samples, 4000U);
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_CUR), 100);
}

TEST(Decode, PassesTheLimitsOn) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "take.wav", testing::wav(testing::rising_tone(2, 8000), 8000));
  auto options = real_child();
  options.limits.take = Seconds(2);
  EXPECT_TRUE(decode(folder / "take.wav", to_nowhere(), options));
  options.limits.take = Seconds(1.999);
  const auto result = decode(folder / "take.wav", to_nowhere(), options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "take_too_long");
}

TEST(Decode, SaysThatMemoryDidNotSuffice) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "take.wav", testing::wav(testing::rising_tone(2, 48000), 48000));
  auto options = real_child();
  options.limits.memory_bytes = 1 << 20;  // less than the libraries have already
  const auto result = decode(folder / "take.wav", to_nowhere(), options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "decoder_memory") << result.error().detail;
}

TEST(Decode, ReportsAMissingDecoder) {
  auto options = real_child();
  options.child = "/nonexistent/orakgarak-decode";
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "take.wav", testing::wav(testing::rising_tone(0.5, 8000), 8000));
  const auto result = decode(folder / "take.wav", to_nowhere(), options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "decoder_missing");
  EXPECT_EQ(result.error().kind, ErrorKind::not_found);
}

TEST(Decode, OutlivesEveryWayOfDying) {
  EXPECT_EQ(misbehaving("exit").code, "decoder_crashed");
  EXPECT_EQ(misbehaving("abort").code, "decoder_crashed");
  EXPECT_EQ(misbehaving("stop halfway").code, "decoder_crashed");
  EXPECT_EQ(misbehaving("close and hang").code, "decoder_crashed");
  EXPECT_EQ(misbehaving("socket").code, "decoder_crashed");
}

TEST(Decode, WhoeverEndsTheChildFromOutsideDoesNotBlameTheFile) {
  for (const int signal : {SIGKILL, SIGTERM, SIGINT, SIGHUP}) {
    const auto error = misbehaving("signal " + std::to_string(signal));
    EXPECT_EQ(error.kind, ErrorKind::retry) << signal;
    EXPECT_EQ(error.code, "decoder_unavailable") << signal;
  }
  EXPECT_EQ(misbehaving("signal " + std::to_string(SIGSEGV)).kind, ErrorKind::rejected);
}

TEST(Decode, NeverWaitsLongerThanItsPatience) {
  auto options = fake_child();
  options.limits.wait = Seconds(0.05);
  EXPECT_EQ(misbehaving("hang", options).code, "decoder_time");
}

TEST(Decode, EndsAtTheLimitOfProcessorTime) { EXPECT_EQ(misbehaving("burn").code, "decoder_time"); }

TEST(Decode, TrustsNothingThatTheChildSays) {
  EXPECT_EQ(misbehaving("garbage").code, "decoder_crashed");
  auto options = fake_child();
  options.limits.take = Seconds(2);
  EXPECT_EQ(misbehaving("flood", options).code, "decoder_crashed");
}

TEST(Decode, GivesTheChildNothingButItsInputAndItsPipe) {
  // Not closed on exec, as a careless library would leave it; the fake child looks for it.
  const OwnedFd careless(::open("/dev/null", O_RDONLY));
  ASSERT_TRUE(careless);
  EXPECT_NE(misbehaving("nothing").detail.find("status 6"), std::string::npos);
}

TEST(Decode, WorksWithTheStandardDescriptorsClosed) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "take.wav", testing::wav(testing::rising_tone(0.5, 8000), 8000));
  const std::string path = (folder / "take.wav").string();
  const pid_t pid = ::fork();
  if (pid == 0) {
    for (const int fd : {0, 1, 2}) ::close(fd);
    const auto summary = decode(path, to_nowhere(), real_child());
    ::_exit(summary && summary->samples == 4000 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(Decode, TakesTheChildAlongWhenTheParentDies) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "input", testing::text_bytes("spin after format"));
  const std::string path = (folder / "input").string();
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);  // the orphan becomes ours, so that we see it die
  const pid_t parent = ::fork();
  if (parent == 0) {
    auto options = fake_child();
    options.limits.cpu = Seconds(30);
    const DecodeSink sink{.format = [](const DecodeFormat&) -> bool { ::_exit(0); },
                          .samples = [](std::span<const float>) { return true; }};
    (void)decode(path, sink, options);
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(parent, &status, 0), parent);
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  ASSERT_GT(::waitpid(-1, &status, 0), 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
}

TEST(ChildArguments, SurviveTheCommandLine) {
  DecodeLimits limits;
  limits.take = Seconds(1.5);
  limits.channels = 3;
  limits.cpu = Seconds(7);
  const auto words = child_arguments(limits, 42);
  std::vector<const char*> arguments;
  for (const auto& word : words) arguments.push_back(word.c_str());
  const auto parsed = parse_child_arguments(arguments);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->parent, 42);
  EXPECT_EQ(parsed->limits.take, limits.take);
  EXPECT_EQ(parsed->limits.channels, 3);
  EXPECT_EQ(parsed->limits.cpu, Seconds(7));
  for (const char* wrong : {"", "-1", "12x", "99999999999999999999999"}) {
    auto broken = arguments;
    broken[3] = wrong;
    EXPECT_FALSE(parse_child_arguments(broken)) << wrong;
  }
  arguments.pop_back();
  EXPECT_FALSE(parse_child_arguments(arguments));
}

}  // namespace
}  // namespace orakgarak::media
