#pragma once
// The options of `serve` and `worker`: on the command line, or under [serve] and [worker] in the
// configuration file.
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "app/settings.h"

namespace orakgarak::app {

/// words must outlive the parsing.
void add_serve(CLI::App& app, ServeCommand& words);
void add_worker(CLI::App& app, WorkerCommand& words);

struct Listen {
  std::string address;
  std::uint16_t port = 0;
};
/// "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:0"; nothing for other text.
std::optional<Listen> parse_listen(std::string_view text);
/// "http://localhost:8080": an address that only means "all" or "here" is shown as this machine.
std::string shown_url(const Listen& listen, std::uint16_t port, bool tls);

/// "https://sing.example" or with a port; nothing for a path, a user, another scheme. A slash at the end
/// goes.
std::optional<std::string> parse_origin(std::string_view text);
/// The same, and a path may follow: "http://127.0.0.1:9093/alertmanager".
std::optional<std::string> parse_base_url(std::string_view text);

}  // namespace orakgarak::app
