#pragma once
// The options of `serve`: on the command line, or under [serve] in the configuration file.
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "app/settings.h"

namespace orakgarak::app {

/// words must outlive the parsing.
void add_serve(CLI::App& app, ServeCommand& words);

struct Listen {
  std::string address;
  std::uint16_t port = 0;
};
/// "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:0"; nothing for other text.
std::optional<Listen> parse_listen(std::string_view text);

/// "https://sing.example" or with a port; nothing for a path, a user, another scheme. A slash at the end
/// goes.
std::optional<std::string> parse_origin(std::string_view text);

}  // namespace orakgarak::app
