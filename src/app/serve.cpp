// orakgarak serve: in the foreground until a signal ends it.
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "app/commands.h"
#include "app/serving.h"
#include "app/terminal.h"

namespace orakgarak::app {
namespace {

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

/// A second signal ends the program at once: all that was promised is on the disk already.
void end_at_once_on(const sigset_t& signals) {
  std::thread([signals] {
    int signal = 0;
    if (sigwait(&signals, &signal) == 0) _exit(128 + signal);
  }).detach();
}

std::string what_to_do(const Error& error) {
  return error.code == "port_in_use" ? " Another port: orakgarak serve --listen 127.0.0.1:8090" : "";
}

}  // namespace

ExitCode run(const ServeCommand& command, const Settings& settings) {
  // Before any thread: every one of them leaves these signals to this one.
  const auto signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto serving = Serving::start(command, settings, [](const std::string& line) { complain(line); });
  if (!serving) {
    complain(serving.error().detail + what_to_do(serving.error()));
    return serving.error().code == "no_catalogue" ? ExitCode::unreadable : ExitCode::not_started;
  }
  write_out(fmt::format("Orakgarak is at  {}\nFiles come to    {}\nData is in       {}\nCtrl-C stops it.\n",
                        (*serving)->url(), (*serving)->objects_url(), settings.data.string()));
  int signal = 0;
  sigwait(&signals, &signal);
  end_at_once_on(signals);
  write_error(fmt::format("\norakgarak: stopping; what runs gets {} s, and Ctrl-C again ends it at once\n",
                          command.stop_seconds));
  const bool all = (*serving)->stop(std::chrono::seconds(command.stop_seconds));
  if (!all) complain("some work was cut off; the next start takes it up again");
  serving->reset();
  return ExitCode::answered;
}

}  // namespace orakgarak::app
