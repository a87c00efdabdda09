#include <csignal>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/commands.h"
#include "app/terminal.h"

// What escapes is a fault of ours, and the program ends by its name.
int main(int count, char** words) {  // NOLINT(bugprone-exception-escape)
  using namespace orakgarak::app;
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is noticed where we write
  const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
  const auto invocation = parse_command_line(arguments, read_environment());
  if (!invocation) {
    const auto& stop = invocation.error();
    stop.code == ExitCode::answered ? write_out(stop.text) : write_error(stop.text);
    return static_cast<int>(stop.code);
  }
  return static_cast<int>(std::visit([&](const auto& command) { return run(command, invocation->settings); },
                                     invocation->command));
}
