#include "telemetry/crash.h"

#include <csignal>
#include <cstring>
#include <ctime>
#include <exception>

#include "telemetry/stack.h"

namespace orakgarak::telemetry {
namespace {

using namespace std::chrono_literals;

constexpr std::array signals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr auto others_patience = 500ms;
constexpr unsigned most_seconds = 5;

std::atomic<Log*> log_of_all = nullptr;
std::array<struct sigaction, signals.size()> before;
std::terminate_handler terminate_before = nullptr;
std::atomic<bool> said = false;
alignas(16) std::array<char, 64U << 10> own_stack;  ///< of the main thread's handler

/// A JSON line made without allocating. What finds no room is left out, and the line still ends well.
class FixedLine {
 public:
  void raw(std::string_view text) {
    if (text.size() > room()) return;
    std::memcpy(bytes_.data() + size_, text.data(), text.size());
    size_ += text.size();
  }
  void quoted(std::string_view text) {
    for (const char c : text) {
      if (room() < 2) return;
      if (c == '\n') {
        raw("\\n");
      } else {
        if (c == '"' || c == '\\') raw("\\");
        const bool plain = c >= ' ' && c < 127;
        raw({plain ? &c : "?", 1});
      }
    }
  }
  void number(std::uint64_t value, unsigned base = 10, int digits = 1) {
    std::array<char, 20> reversed{};
    int count = 0;
    do {
      reversed[static_cast<std::size_t>(count++)] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    for (; digits > count; --digits) raw("0");
    while (count > 0) raw({&reversed[static_cast<std::size_t>(--count)], 1});
  }
  std::string_view ended() {
    std::memcpy(bytes_.data() + size_, closing.data(), closing.size());
    return {bytes_.data(), size_ + closing.size()};
  }

 private:
  static constexpr std::string_view closing = "\"}}\n";
  std::size_t room() const { return bytes_.size() - closing.size() - size_; }
  std::array<char, 32U << 10> bytes_{};
  std::size_t size_ = 0;
};
FixedLine line;  ///< for the one crash that a process has

std::string_view name_of(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGILL:
      return "SIGILL";
    case SIGFPE:
      return "SIGFPE";
    default:
      return "SIGABRT";
  }
}

/// As to_rfc3339, of which no part may be called in a signal handler.
void add_time() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const auto day = std::chrono::sys_days(std::chrono::days(now.tv_sec / 86400));
  const std::chrono::year_month_day date(day);
  const auto second = static_cast<std::uint64_t>(now.tv_sec % 86400);
  line.number(static_cast<std::uint64_t>(static_cast<int>(date.year())), 10, 4);
  line.raw("-");
  line.number(static_cast<unsigned>(date.month()), 10, 2);
  line.raw("-");
  line.number(static_cast<unsigned>(date.day()), 10, 2);
  line.raw("T");
  line.number(second / 3600, 10, 2);
  line.raw(":");
  line.number(second / 60 % 60, 10, 2);
  line.raw(":");
  line.number(second % 60, 10, 2);
  line.raw(".");
  line.number(static_cast<std::uint64_t>(now.tv_nsec / 1000), 10, 6);
  line.raw("Z");
}

void add_doing() {
  const auto& doing = doing_now();
  const auto add = [](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    line.raw(",\"");
    line.raw(name);
    line.raw("\":\"");
    line.quoted(value);
    line.raw("\"");
  };
  if (doing.traceparent.size() >= 55) {
    add("trace_id", std::string_view(doing.traceparent).substr(3, 32));
    add("span_id", std::string_view(doing.traceparent).substr(36, 16));
  }
  add("route", doing.route);
  add("upload_id", doing.upload_id);
  add("job_id", doing.job_id);
  add("stage", doing.stage);
}

/// Names as the linker knows them (c++filt reads them): those of C++ would have to be allocated.
void add_frame(void*, const Frame& frame) {
  line.raw("#");
  line.quoted(frame.function ? frame.function : "?");
  if (frame.offset != 0) {
    line.raw("+0x");
    line.number(frame.offset, 16);
  }
  if (frame.file) {
    line.raw(" (");
    line.quoted(short_file(frame.file));
    line.raw(":");
    line.number(static_cast<std::uint64_t>(frame.line));
    line.raw(")");
  }
  line.raw("\\n");
}

void begin_line(std::string_view type) {
  line.raw(R"({"ts":")");
  add_time();
  line.raw(R"(","level":"fatal","event":"crash","message":"the process ends by a fault of its own")");
  add_doing();
  line.raw(R"(,"error":{"type":")");
  line.quoted(type);
  line.raw(R"(","message":")");
}

void write_line() {
  if (const auto* const log = log_of_all.load()) {
    log->flush(others_patience);
    log->write_now(line.ended());
  }
}

void on_signal(int signal, siginfo_t* info, void*) {
  // Whatever holds us up here: the process ends.
  struct sigaction end{};
  end.sa_handler = SIG_DFL;
  sigaction(SIGALRM, &end, nullptr);
  alarm(most_seconds);
  if (!said.exchange(true)) {
    begin_line(name_of(signal));
    if (signal != SIGABRT && info->si_code > 0) {
      line.raw("at address 0x");
      line.number(reinterpret_cast<std::uintptr_t>(info->si_addr), 16);
    }
    line.raw(R"(","trace":")");
    const auto stack = Stack::here(1);
    for (const auto address : stack.all()) frames_at(address, add_frame, nullptr);
    write_line();
  }
  for (std::size_t i = 0; i < signals.size(); ++i)
    if (signals[i] == signal) sigaction(signal, &before[i], nullptr);
  // What the program did itself is done again when this returns; what was sent has to be sent again.
  if (info->si_code <= 0) raise(signal);
}

/// With the exception itself; abort() ends it then.
void on_terminate() {
  if (!said.exchange(true)) {
    alarm(most_seconds);
    const auto thrown =
        std::current_exception() ? what_was_thrown() : Thrown{"terminate", "", to_text(Stack::here())};
    begin_line(thrown.type);
    line.quoted(thrown.message);
    line.raw(R"(","trace":")");
    line.quoted(thrown.stack);
    write_line();
  }
  std::abort();
}

}  // namespace

CrashLines::CrashLines(Log& log) {
  log_of_all = &log;
  const stack_t stack{.ss_sp = own_stack.data(), .ss_flags = 0, .ss_size = own_stack.size()};
  sigaltstack(&stack, nullptr);
  struct sigaction action{};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &action, &before[i]);
  terminate_before = std::set_terminate(on_terminate);
}

CrashLines::~CrashLines() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &before[i], nullptr);
  std::set_terminate(terminate_before);
  const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
  sigaltstack(&none, nullptr);
  log_of_all = nullptr;
}

}  // namespace orakgarak::telemetry
