#pragma once
// What the two output streams are, and writing to them: a pipe whose reader has gone ends the program
// quietly.
#include <string>
#include <string_view>

namespace orakgarak::app {

enum class Colour { plain, bold, dim, green, yellow, red, cyan };

/// Where a command's answer goes.
class Output {
 public:
  /// Standard output: colour only on a terminal, and not under NO_COLOR or TERM=dumb.
  static Output standard();
  Output(int columns, bool colour) : columns_(columns), colour_(colour) {}

  int columns() const { return columns_; }
  std::string paint(Colour, std::string_view text) const;

 private:
  int columns_;  ///< of the terminal, 100 at most; 80 where there is none
  bool colour_;
};

/// Everything of `text` to standard output. A closed pipe ends the program with 0, without a word: the reader
/// has what it wanted. Another failure (a full disk) ends it with 3 and a message.
void write_out(std::string_view text);

/// To standard error; where that fails too, nobody is left to be told.
void write_error(std::string_view text);

/// "orakgarak: line" to standard error, without control characters.
void complain(std::string_view line);

/// A bar on standard error for work of more than half a second, where that is a terminal. Cleared when done.
class Progress {
 public:
  explicit Progress(std::string label);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// share: 0 to 1; below 0: unknown, only `note` is shown.
  void show(double share, std::string_view note);

 private:
  std::string label_;
  bool terminal_;
  bool shown_ = false;
  long long started_ms_, last_ms_ = 0;
};

}  // namespace orakgarak::app
