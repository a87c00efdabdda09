// orakgarak serve: in the foreground until a signal ends it.
#include <fmt/format.h>

#include <thread>

#include "app/adapters.h"
#include "app/commands.h"
#include "app/ending_signals.h"
#include "app/journal.h"
#include "app/memory.h"
#include "app/serving.h"
#include "app/terminal.h"

namespace orakgarak::app {
namespace {

std::string what_to_do(const Error& error) {
  return error.code == "port_in_use" ? " Another port: orakgarak serve --listen 127.0.0.1:8090" : "";
}

ExitCode not_started(const Error& error, Journal& journal) {
  if (error.code == "ended") return ExitCode::answered;
  journal.not_started(error, what_to_do(error));
  return error.code == "no_catalogue" ? ExitCode::unreadable : ExitCode::not_started;
}

}  // namespace

ExitCode run(const ServeCommand& command, const Settings& settings) {
  const EndingSignals signals;
  Journal journal(command.run.log);
  auto serving = Serving::start(command, settings, journal,
                                [&](std::chrono::milliseconds time) { return signals.pause(time); });
  if (!serving) return not_started(serving.error(), journal);
  const auto metrics = (*serving)->metrics_url();
  write_out(
      fmt::format("Orakgarak is at  {}\nFiles come to    {}\n{}{}Data is in       {}\nCtrl-C stops it.\n",
                  (*serving)->url(), (*serving)->objects_url(),
                  metrics.empty() ? "" : fmt::format("Metrics are at   {}\n", metrics),
                  command.no_work ? "" : memory_line(command.run), adapters_in_use(settings)));
  signals.wait();
  if (command.drain_seconds > 0) {
    (*serving)->drain();
    journal.note("draining",
                 fmt::format("not ready any more; stopping in {} s, and Ctrl-C again ends it at once",
                             command.drain_seconds));
    std::this_thread::sleep_for(std::chrono::seconds(command.drain_seconds));
  }
  journal.note("stopping", fmt::format("stopping; what runs gets {} s, and Ctrl-C again ends it at once",
                                       command.run.stop_seconds));
  const bool all = (*serving)->stop(std::chrono::seconds(command.run.stop_seconds));
  if (!all) journal.note("cut_off", "some work was cut off; the next start takes it up again");
  serving->reset();
  return ExitCode::answered;
}

}  // namespace orakgarak::app
