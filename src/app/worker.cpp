// orakgarak worker: works on uploads in the foreground until a signal ends it.
#include <fmt/format.h>

#include "app/adapters.h"
#include "app/commands.h"
#include "app/ending_signals.h"
#include "app/memory.h"
#include "app/observing.h"
#include "app/readiness.h"
#include "app/serve_options.h"
#include "app/telling.h"
#include "app/terminal.h"
#include "app/working.h"
#include "http/health.h"
#include "net/server.h"

namespace orakgarak::app {
namespace {

void told(const Error& error) { complain(fmt::format("{}: {}", error.code, error.detail)); }

Result<Adapters> open(const WorkerCommand& command, const Settings& settings, const EndingSignals& signals) {
  return open_adapters(settings,
                       {.role = Role::works,
                        .connections = worker_threads(command.run) + connections_beside,
                        .database_wait = std::chrono::seconds(command.run.wait_seconds),
                        .say = [](const std::string& line) { complain(line); },
                        .pause = [&](std::chrono::milliseconds time) { return signals.pause(time); }});
}

/// Nothing where none is asked for.
Result<std::unique_ptr<net::Server>> observe(const WorkerCommand& command, http::Health& health,
                                             Meters& meters) {
  const auto listen = parse_listen(command.metrics_listen);
  if (!listen) return std::unique_ptr<net::Server>();
  return start_observing(*listen, health, meters);
}

std::string where_metrics_are(const WorkerCommand& command, const net::Server* server) {
  const auto listen = parse_listen(command.metrics_listen);
  if (!listen || !server) return "";
  return fmt::format("Metrics are at   {}/metrics\n", shown_url(*listen, server->port(), false));
}

ExitCode not_started(const Error& error) {
  if (error.code == "ended") return ExitCode::answered;
  complain(error.detail);
  return ExitCode::not_started;
}

}  // namespace

ExitCode run(const WorkerCommand& command, const Settings& settings) {
  const EndingSignals signals;
  auto adapters = open(command, settings, signals);
  if (!adapters) return not_started(adapters.error());
  Meters meters(parse_listen(command.metrics_listen).has_value());
  Telling telling(std::move(*adapters), told, meters);
  http::Health health(store_probe(telling.uploads()));
  const auto listening = observe(command, health, meters);
  if (!listening) return not_started(listening.error());
  const auto working = Working::start(telling, command.run, settings, told, meters);
  if (!working) return not_started(working.error());
  if (const auto heard =
          telling.listen(settings, {.moved = {}, .any_moved = {}, .jobs = [&] { (*working)->wake(); }});
      !heard) {
    telling.stop_listening();
    return not_started(heard.error());
  }
  telling.be_asked(meters);
  write_out(fmt::format("Threads at work  {}\n{}{}Data is in       {}\nCtrl-C stops it.\n",
                        worker_threads(command.run), memory_line(command.run),
                        where_metrics_are(command, listening->get()), adapters_in_use(settings)));
  signals.wait();
  write_error(fmt::format("\norakgarak: stopping; what runs gets {} s, and Ctrl-C again ends it at once\n",
                          command.run.stop_seconds));
  health.stop();
  meters.stop_looking();
  if (!(*working)->stop(std::chrono::seconds(command.run.stop_seconds)))
    complain("some work was cut off; whoever comes next takes it up again");
  telling.stop_listening();
  return ExitCode::answered;
}

}  // namespace orakgarak::app
