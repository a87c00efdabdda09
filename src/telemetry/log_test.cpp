#include "telemetry/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "telemetry/crash.h"
#include "telemetry/stack.h"

namespace orakgarak::telemetry {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr Time some_time{std::chrono::microseconds(1'795'000'000'000'123)};

/// Read to its end as text.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe2(fds_, O_CLOEXEC), 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(fds_[0]);
    shut();
  }
  int in() const { return fds_[1]; }
  void shut() {
    if (fds_[1] >= 0) close(std::exchange(fds_[1], -1));
  }
  std::vector<std::string> lines() {
    shut();
    return read_lines();
  }
  /// Until nobody can write into it any more.
  std::vector<std::string> read_lines() const {
    std::string text;
    std::array<char, 65536> part{};
    for (ssize_t got = 0; (got = read(fds_[0], part.data(), part.size())) > 0;)
      text.append(part.data(), static_cast<std::size_t>(got));
    std::vector<std::string> all;
    std::size_t at = 0;
    for (auto end = text.find('\n'); end != std::string::npos; at = end + 1, end = text.find('\n', at))
      all.push_back(text.substr(at, end - at));
    EXPECT_EQ(at, text.size()) << "the last line has no end";
    return all;
  }

 private:
  int fds_[2] = {-1, -1};
};

TEST(LogLine, SaysWhatWhenAndOfWhom) {
  const Doing doing{.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                    .route = "/v1/uploads",
                    .upload_id = "u",
                    .job_id = "j",
                    .stage = "convert"};
  const Error error = fail(ErrorKind::retry, "store_unavailable", "the database is away").error();
  const auto line = json::parse(json_line({.level = Level::error,
                                           .event = "job_retried",
                                           .message = "it is tried again",
                                           .error = &error,
                                           .more = {{"attempt", std::int64_t{2}}, {"seconds", 0.5}}},
                                          doing, some_time));
  EXPECT_EQ(line["ts"], "2026-11-18T11:06:40.000123Z");
  EXPECT_EQ(line["level"], "error");
  EXPECT_EQ(line["event"], "job_retried");
  EXPECT_EQ(line["message"], "it is tried again");
  EXPECT_EQ(line["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(line["span_id"], "00f067aa0ba902b7");
  EXPECT_EQ(line["route"], "/v1/uploads");
  EXPECT_EQ(line["upload_id"], "u");
  EXPECT_EQ(line["job_id"], "j");
  EXPECT_EQ(line["stage"], "convert");
  EXPECT_EQ(line["attempt"], 2);
  EXPECT_EQ(line["seconds"], 0.5);
  EXPECT_EQ(line["error"]["type"], "store_unavailable");
  EXPECT_EQ(line["error"]["message"], "the database is away");
  EXPECT_THAT(line["error"]["trace"].get<std::string>(), HasSubstr("at telemetry/log_test.cpp:"));
}

TEST(LogLine, WhateverATextHoldsStaysWithinIt) {
  for (const std::string& hostile :
       {std::string("a\nb"), std::string("\",\"level\":\"fatal"), std::string("\x1b[2J\r\x07"),
        std::string("\xff\xfe\xc3"), std::string("a\0b", 3), std::string("\xe2\x80\xa8"),
        std::string("\\")}) {
    const auto text =
        json_line({.event = "e", .message = hostile, .more = {{"more", hostile}}}, {}, some_time);
    EXPECT_EQ(text.find_first_of(std::string_view("\n\r\x1b\0", 4)), std::string::npos);
    const auto line = json::parse(text);
    EXPECT_EQ(line["level"], "info");
    EXPECT_EQ(line["message"], line["more"]);
  }
  EXPECT_EQ(json::parse(json_line({.event = "e", .message = "a\nb\"c"}, {}, some_time))["message"],
            "a\nb\"c");
}

TEST(LogLine, OfATextThatIsTooLongTheBeginningIsKeptAndItsLengthSaid) {
  std::string text(most_text_bytes - 1, 'x');
  const auto message = [&] {
    return json::parse(json_line({.event = "e", .message = text}, {}, some_time))["message"]
        .get<std::string>();
  };
  text += 'x';
  EXPECT_EQ(message(), text);
  text.back() = '\xea';  // a character that would be cut in two
  text += "\xb0\x80";
  EXPECT_EQ(message(), std::string(most_text_bytes - 1, 'x') + "… (65538 bytes)");
  text.assign(1U << 20, '\n');
  EXPECT_THAT(message(), HasSubstr("(1048576 bytes)"));
}

TEST(Log, WritesWhatThisThreadIsDoing) {
  Pipe pipe;
  {
    Log log({.fd = pipe.in()});
    const DoingNow outer({.upload_id = "outer"});
    {
      const DoingNow inner({.upload_id = "inner"});
      log.write({.event = "one"});
    }
    log.write({.event = "two"});
    std::thread([&] { log.write({.event = "three"}); }).join();
  }
  std::vector<std::string> ids;
  for (const auto& line : pipe.lines()) ids.push_back(json::parse(line).value("upload_id", "none"));
  EXPECT_THAT(ids, ElementsAre("inner", "outer", "none"));
}

TEST(Log, LosesNothingOfManyThreads) {
  Pipe pipe;
  std::vector<std::string> lines;
  std::thread reader([&] { lines = pipe.read_lines(); });
  {
    Log log({.fd = pipe.in()});
    std::vector<std::thread> writers;
    for (int i = 0; i < 8; ++i)
      writers.emplace_back([&] {
        for (int n = 0; n < 500; ++n) log.write({.event = "line", .message = std::string(200, 'm')});
      });
    for (auto& writer : writers) writer.join();
    EXPECT_TRUE(log.flush(60s));
    EXPECT_EQ(log.lines(Level::info), 4000U);
    EXPECT_EQ(log.dropped(), 0U);
  }
  pipe.shut();
  reader.join();
  EXPECT_EQ(lines.size(), 4000U);
  for (const auto& line : lines) EXPECT_TRUE(json::accept(line)) << line;
}

TEST(Log, WhatFindsNoRoomIsCountedAndSaidOnceThereIsSome) {
  Pipe pipe;
  constexpr int written = 4000;
  std::vector<std::string> lines;
  std::uint64_t dropped = 0;
  {
    Log log({.fd = pipe.in(), .room_bytes = 64U << 10});
    for (int n = 0; n < written; ++n)  // nobody reads: pipe and room fill
      log.write({.event = "line", .message = std::string(200, 'm')});
    dropped = log.dropped();
    EXPECT_GT(dropped, 0U);
    std::thread reader([&] { lines = pipe.read_lines(); });
    EXPECT_TRUE(log.flush(60s));
    log.write({.event = "after"});
    EXPECT_TRUE(log.flush(60s));
    pipe.shut();
    reader.join();
  }
  std::uint64_t said = 0;
  for (const auto& line : lines)
    if (const auto read = json::parse(line); read["event"] == "log_dropped")
      said += read["count"].get<std::uint64_t>();
  EXPECT_EQ(said, dropped);
}

TEST(Log, EndsThoughNobodyReadsIt) {
  Pipe pipe;
  Log log({.fd = pipe.in(), .room_bytes = 1U << 20});
  for (int n = 0; n < 2000; ++n) log.write({.event = "line", .message = std::string(200, 'm')});
  EXPECT_FALSE(log.flush(1ms));
}

[[gnu::noinline]] void throw_deep(int depth) {
  if (depth == 0) throw std::runtime_error("the deep one");
  throw_deep(depth - 1);
  asm volatile("");  // no tail call: the frame stays
}

TEST(Stack, OfAnExceptionIsThatOfWhereItWasThrown) {
  struct CleansUp {
    ~CleansUp() {
      try {
        throw std::logic_error("in between");
      } catch (const std::logic_error&) {
      }
    }
  };
  Error error;
  try {
    const CleansUp cleans_up;
    throw_deep(3);
  } catch (...) {
    error = thrown_error(ErrorKind::retry, "internal", "a fault of ours");
  }
  ASSERT_TRUE(error.thrown);
  EXPECT_EQ(error.thrown->type, "std::runtime_error");
  EXPECT_EQ(error.thrown->message, "the deep one");
  std::size_t times = 0;
  for (auto at = error.thrown->stack.find("throw_deep"); at != std::string::npos;
       at = error.thrown->stack.find("throw_deep", at + 1))
    ++times;
  EXPECT_GE(times, 4U) << error.thrown->stack;
  const auto line = json::parse(json_line({.event = "internal", .error = &error}, {}, some_time));
  EXPECT_EQ(line["error"]["type"], "std::runtime_error");
  EXPECT_EQ(line["error"]["message"], "the deep one");
  EXPECT_THAT(line["error"]["trace"].get<std::string>(), HasSubstr("throw_deep"));
}

TEST(Stack, WhatWasThrownElsewhereHasNone) {
  std::exception_ptr carried;
  std::thread([&] {
    try {
      throw_deep(0);
    } catch (...) {
      carried = std::current_exception();
    }
  }).join();
  try {
    std::rethrow_exception(carried);
  } catch (...) {
    const auto thrown = what_was_thrown();
    EXPECT_EQ(thrown.message, "the deep one");
    EXPECT_EQ(thrown.stack, "");
  }
}

TEST(Stack, WhatHasNoWordsIsNamedByItsType) {
  try {
    throw 17;
  } catch (...) {
    EXPECT_EQ(what_was_thrown().type, "int");
    EXPECT_EQ(what_was_thrown().message, "");
  }
}

/// What a child process that does this leaves in its log, and how it ended.
template <class Work>
std::pair<std::vector<std::string>, int> in_a_child(Work work) {
  Pipe pipe;
  std::fflush(nullptr);
  const auto child = fork();
  if (child == 0) {
    const int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);  // not the log: what a sanitizer says
    dup2(quiet, 2);
    Log log({.fd = pipe.in()});
    const CrashLines crash(log);
    const DoingNow doing(
        {.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", .upload_id = "u"});
    log.write({.event = "before"});
    work();
    _exit(0);
  }
  int status = 0;
  auto lines = pipe.lines();
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return {std::move(lines), status};
}

void expect_crash(const std::vector<std::string>& lines, const std::string& type,
                  const std::string& function) {
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(json::parse(lines[0])["event"], "before");
  const auto line = json::parse(lines[1]);
  EXPECT_EQ(line["level"], "fatal");
  EXPECT_EQ(line["event"], "crash");
  EXPECT_EQ(line["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(line["span_id"], "00f067aa0ba902b7");
  EXPECT_EQ(line["upload_id"], "u");
  EXPECT_EQ(line["ts"].get<std::string>().size(), std::string("2026-11-18T11:06:40.000123Z").size());
  EXPECT_EQ(line["error"]["type"], type);
  EXPECT_THAT(line["error"]["trace"].get<std::string>(), HasSubstr(function));
}

[[gnu::noinline]] void abort_deep() {
  std::abort();
  asm volatile("");
}

TEST(Crash, AnAbortLeavesOneLineAfterAllOthers) {
  const auto [lines, status] = in_a_child([] { abort_deep(); });
  expect_crash(lines, "SIGABRT", "abort_deep");
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
}

[[gnu::noinline]] void write_nowhere() {
  auto* volatile nowhere = reinterpret_cast<volatile int*>(16);
  *nowhere = 1;  // NOLINT
  asm volatile("");
}

TEST(Crash, SoDoesAccessToMemoryThatIsNotThere) {
  const auto [lines, status] = in_a_child([] { write_nowhere(); });
  expect_crash(lines, "SIGSEGV", "write_nowhere");
  EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(Crash, SoDoesASignalFromOutside) {
  const auto [lines, status] = in_a_child([] { kill(getpid(), SIGBUS); });
  expect_crash(lines, "SIGBUS", "");
}

TEST(Crash, AnExceptionThatNobodyCatchesSaysWhatItWasAndWhere) {
  const auto [lines, status] = in_a_child([] { std::thread([] { throw_deep(2); }).join(); });
  ASSERT_EQ(lines.size(), 2U);
  const auto line = json::parse(lines[1]);
  EXPECT_EQ(line["error"]["type"], "std::runtime_error");
  EXPECT_EQ(line["error"]["message"], "the deep one");
  EXPECT_THAT(line["error"]["trace"].get<std::string>(), HasSubstr("throw_deep"));
  EXPECT_FALSE(line.contains("upload_id"));  // another thread's
  EXPECT_TRUE(WIFSIGNALED(status));
}

}  // namespace
}  // namespace orakgarak::telemetry
