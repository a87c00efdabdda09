#include "app/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "app/text.h"

namespace orakgarak::app {
namespace {

constexpr int default_columns = 80, most_columns = 100;

int terminal_columns(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return std::min<int>(size.ws_col, most_columns);
  return default_columns;
}

bool set(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

long long now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string_view code(Colour colour) {
  switch (colour) {
    case Colour::plain:
      return "";
    case Colour::bold:
      return "\x1b[1m";
    case Colour::dim:
      return "\x1b[2m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::yellow:
      return "\x1b[33m";
    case Colour::red:
      return "\x1b[31m";
    case Colour::cyan:
      return "\x1b[36m";
  }
  return "";
}

}  // namespace

Output Output::standard() {
  const char* term = std::getenv("TERM");
  const bool dumb = term && std::string_view(term) == "dumb";
  return {terminal_columns(STDOUT_FILENO), isatty(STDOUT_FILENO) && !dumb && !set("NO_COLOR")};
}

std::string Output::paint(Colour colour, std::string_view text) const {
  if (!colour_ || colour == Colour::plain) return std::string(text);
  return fmt::format("{}{}\x1b[0m", code(colour), text);
}

void write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      std::_Exit(0);
    } else if (errno != EINTR) {
      complain(fmt::format("standard output cannot be written: {}", std::strerror(errno)));
      std::_Exit(3);
    }
  }
}

void write_error(std::string_view text) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

void complain(std::string_view line) { write_error(fmt::format("orakgarak: {}\n", printable(line))); }

Progress::Progress(std::string label)
    : label_(std::move(label)), terminal_(isatty(STDERR_FILENO)), started_ms_(now_ms()) {}

Progress::~Progress() {
  // Spaces, not an escape sequence: a dumb terminal has none.
  if (shown_) write_error(fmt::format("\r{:{}}\r", "", terminal_columns(STDERR_FILENO) - 1));
}

void Progress::show(double share, std::string_view note) {
  const auto now = now_ms();
  if (!terminal_ || now - started_ms_ < 500 || now - last_ms_ < 100) return;
  last_ms_ = now;
  shown_ = true;
  constexpr int bar_columns = 24;
  const auto drawn = share < 0 ? std::string() : fit_left(bar(share, bar_columns), bar_columns) + "▏ ";
  const auto line = fit_left(label_ + "  " + drawn + std::string(note), terminal_columns(STDERR_FILENO) - 1);
  write_error("\r" + line);
}

}  // namespace orakgarak::app
