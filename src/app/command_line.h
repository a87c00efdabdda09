#pragma once
#include <expected>
#include <optional>
#include <span>
#include <string>

#include "app/exit_code.h"
#include "app/folders.h"
#include "app/settings.h"

namespace orakgarak::app {

/// What this program reads of the environment.
Environment read_environment();

struct Invocation {
  Settings settings;
  Command command;
};

/// The program ends here, with these words: help and version on standard output, faults on standard error.
struct Stop {
  ExitCode code;
  std::string text;
};

/// arguments: without the program's name. Reads the configuration file, if there is one.
std::expected<Invocation, Stop> parse_command_line(std::span<const std::string> arguments,
                                                   const Environment& environment);

/// "-6..6", "−6..+6" or "0"; nothing for other text.
struct KeySpan {
  int lowest, highest;
};
std::optional<KeySpan> parse_keys(std::string_view text);

/// "1990" or "1990s"; nothing for other text or a year inside a decade.
std::optional<int> parse_decade(std::string_view text);

}  // namespace orakgarak::app
