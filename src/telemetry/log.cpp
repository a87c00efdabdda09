#include "telemetry/log.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <ctime>
#include <nlohmann/json.hpp>

#include "telemetry/stack.h"
#include "telemetry/trace.h"

namespace orakgarak::telemetry {
namespace {

using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr auto end_patience = 2s;
constexpr int reader_patience_ms = 200;

/// A pipe takes PIPE_BUF bytes whenever it says that it takes any; a file takes everything.
std::size_t bytes_at_once(int fd) {
  struct stat status{};
  return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? 1U << 20 : PIPE_BUF;
}

std::string bounded(std::string_view text) {
  if (text.size() <= most_text_bytes) return std::string(text);
  auto end = most_text_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return fmt::format("{}… ({} bytes)", text.substr(0, end), text.size());
}

void add(Json& json, const char* name, std::string_view text) {
  if (!text.empty()) json[name] = bounded(text);
}

constexpr auto json_of = [](const auto& value) -> Json {
  if constexpr (std::is_same_v<decltype(value), const std::string&>)
    return bounded(value);
  else
    return value;
};

Json error_json(const Error& error) {
  const auto* const thrown = error.thrown.get();
  return {{"type", thrown ? thrown->type : error.code},
          {"message", bounded(thrown ? thrown->message : error.detail)},
          {"trace", bounded(trace_of(error))}};
}

}  // namespace

std::string_view to_string(Level level) {
  switch (level) {
    case Level::info:
      return "info";
    case Level::warn:
      return "warn";
    case Level::error:
      return "error";
    case Level::fatal:
      break;
  }
  return "fatal";
}

std::string trace_of(const Error& error) {
  std::string text;
  for (const auto& hop : error.hops)
    fmt::format_to(std::back_inserter(text), "at {}:{} in {}{}{}\n", short_file(hop.where.file_name()),
                   hop.where.line(), hop.where.function_name(), hop.doing.empty() ? "" : ": ", hop.doing);
  if (error.thrown && !error.thrown->stack.empty()) text += "thrown at\n" + error.thrown->stack;
  return text;
}

std::string json_line(const Entry& entry, const Doing& doing, Time now) {
  Json json{{"ts", to_rfc3339(now)}, {"level", to_string(entry.level)}, {"event", entry.event}};
  add(json, "message", entry.message);
  add(json, "trace_id", trace_id_of(doing.traceparent));
  add(json, "span_id", span_id_of(doing.traceparent));
  add(json, "route", doing.route);
  add(json, "upload_id", doing.upload_id);
  add(json, "job_id", doing.job_id);
  add(json, "stage", doing.stage);
  for (const auto& [name, value] : entry.more) json[std::string(name)] = std::visit(json_of, value);
  if (entry.error) json["error"] = error_json(*entry.error);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Log::Log(Options options)
    : options_(std::move(options)), at_once_(bytes_at_once(options_.fd)), thread_([this] { run(); }) {}

Log::~Log() {
  flush(end_patience);
  ended_ = true;
  more_.release();
  thread_.join();
}

void Log::write(const Entry& entry) noexcept {
  ++lines_[static_cast<std::size_t>(entry.level)];
  bool kept = false;
  try {
    auto line = options_.line(entry, doing_now(), options_.clock());
    line += '\n';
    kept = put(line);
  } catch (...) {
    kept = false;  // no memory for a line about it either
  }
  if (!kept) ++dropped_;
}

bool Log::put(std::string_view line) {
  {
    const std::lock_guard lock(mutex_);
    if (unwritten_ + line.size() > options_.room_bytes) return false;
    waiting_ += line;
    unwritten_ += line.size();
  }
  more_.release();
  return true;
}

void Log::run() {
  std::string writing;
  for (;;) {
    more_.acquire();
    while (more_.try_acquire()) {  // one look for all that came meanwhile
    }
    {
      const std::lock_guard lock(mutex_);
      writing.swap(waiting_);
    }
    if (!writing.empty()) {
      if (!write_all(writing)) ++dropped_;
      unwritten_ -= writing.size();
      writing.clear();
    }
    say_dropped();
    if (ended_) return;
  }
}

/// Once there is room again.
void Log::say_dropped() {
  const auto dropped = dropped_.load();
  if (dropped == said_dropped_) return;
  const auto more = dropped - std::exchange(said_dropped_, dropped);
  auto line = options_.line({.level = Level::warn,
                             .event = "log_dropped",
                             .message = "lines found no room while nobody took the log",
                             .more = {{"count", static_cast<std::int64_t>(more)}}},
                            {}, options_.clock());
  write_all(line += '\n');
}

/// Waits for a reader as long as the process goes on. False: it cannot be written.
bool Log::write_all(std::string_view text) const {
  while (!text.empty()) {
    pollfd ready{options_.fd, POLLOUT, 0};
    if (poll(&ready, 1, reader_patience_ms) <= 0) {
      if (ended_) return false;
      continue;
    }
    const auto written = ::write(options_.fd, text.data(), std::min(text.size(), at_once_));
    if (written > 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR && errno != EAGAIN)
      return false;
  }
  return true;
}

bool Log::flush(std::chrono::milliseconds patience) const {
  const timespec moment{0, 1'000'000};
  for (auto left = patience; unwritten_ > 0; left -= 1ms) {
    if (left <= 0ms) return false;
    nanosleep(&moment, nullptr);
  }
  return true;
}

void Log::write_now(std::string_view line) const {
  while (!line.empty()) {
    const auto written = ::write(options_.fd, line.data(), line.size());
    if (written <= 0 && errno != EINTR) return;
    if (written > 0) line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace orakgarak::telemetry
