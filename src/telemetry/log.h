#pragma once
// The log of a process: one line a thing, written by a thread of its own, so that nobody waits for a terminal
// or a full disk. What finds no room is counted and said. Fields: docs/operating.md.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <semaphore>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "telemetry/doing.h"

namespace orakgarak::telemetry {

enum class Level : std::uint8_t { info, warn, error, fatal };
inline constexpr std::array every_level{Level::info, Level::warn, Level::error, Level::fatal};
std::string_view to_string(Level);  ///< "info", "warn", "error", "fatal"

struct Entry {
  Level level = Level::info;
  std::string_view event;    ///< what kind of thing: lower_case words, stable
  std::string message = {};  ///< for people; never a name, a token, an address, a file of a person
  const Error* error = nullptr;
  /// What else programs ask for, by names of their own.
  std::vector<std::pair<std::string_view, std::variant<std::int64_t, double, std::string>>> more = {};
};

/// Of a text in a line at most; what is longer is cut, and the line says how long it was.
inline constexpr std::size_t most_text_bytes = 64U << 10;

/// {"ts":"2026-11-24T18:21:55.000123Z","level":"error","event":"store_unavailable","message":"…",
/// "trace_id":…,"span_id":…,"upload_id":…,"error":{"type":…,"message":…,"trace":…}} without a line break.
/// Whatever a text holds stays within it: what is no UTF-8 becomes U+FFFD.
std::string json_line(const Entry&, const Doing&, Time);

/// An error's hops, then the stack of what was thrown: a line each.
std::string trace_of(const Error&);

class Log {
 public:
  struct Options {
    int fd = 2;  ///< not closed
    std::function<std::string(const Entry&, const Doing&, Time)> line = json_line;
    Clock clock = system_now;
    std::size_t room_bytes = 4U << 20;  ///< of lines that wait to be written
  };
  explicit Log(Options options);
  ~Log();  ///< as flush() with two seconds
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// With what this thread is doing. From any thread; waits for nobody.
  void write(const Entry& entry) noexcept;
  /// Until all of it is written, or this much time has passed: whether it is. Safe in a signal handler.
  bool flush(std::chrono::milliseconds patience) const;
  /// Past all that waits: for the last words of a process. Safe in a signal handler.
  void write_now(std::string_view line) const;

  std::uint64_t lines(Level level) const { return lines_[static_cast<std::size_t>(level)]; }
  std::uint64_t dropped() const { return dropped_; }

 private:
  bool put(std::string_view line);
  void run();
  bool write_all(std::string_view text) const;
  void say_dropped();

  const Options options_;
  const std::size_t at_once_;  ///< bytes that can be written without waiting for a reader
  std::mutex mutex_;
  std::string waiting_;                     ///< under mutex_
  std::atomic<std::size_t> unwritten_ = 0;  ///< bytes, those being written included
  std::array<std::atomic<std::uint64_t>, every_level.size()> lines_{};
  std::atomic<std::uint64_t> dropped_ = 0;
  std::uint64_t said_dropped_ = 0;  ///< of the thread
  std::atomic<bool> ended_ = false;
  std::counting_semaphore<> more_{0};
  std::thread thread_;  // the last: it uses all of the above
};

}  // namespace orakgarak::telemetry
