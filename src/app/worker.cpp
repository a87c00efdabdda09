// orakgarak worker: works on uploads in the foreground until a signal ends it.
#include <fmt/format.h>

#include "app/adapters.h"
#include "app/commands.h"
#include "app/ending_signals.h"
#include "app/journal.h"
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

Result<Adapters> open(const WorkerCommand& command, const Settings& settings, const EndingSignals& signals,
                      Journal& journal) {
  return open_adapters(settings,
                       {.role = Role::works,
                        .connections = worker_threads(command.run) + connections_beside,
                        .database_wait = std::chrono::seconds(command.run.wait_seconds),
                        .complain = [&](const Error& error) { journal.complain(error); },
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

ExitCode not_started(const Error& error, Journal& journal) {
  if (error.code == "ended") return ExitCode::answered;
  journal.not_started(error);
  return ExitCode::not_started;
}

}  // namespace

ExitCode run(const WorkerCommand& command, const Settings& settings) {
  const EndingSignals signals;
  Journal journal(command.run.log);
  auto adapters = open(command, settings, signals, journal);
  if (!adapters) return not_started(adapters.error(), journal);
  Meters meters(parse_listen(command.metrics_listen).has_value());
  Telling telling(std::move(*adapters), journal, meters);
  http::Health health(store_probe(telling.uploads()));
  const auto listening = observe(command, health, meters);
  if (!listening) return not_started(listening.error(), journal);
  const auto working = Working::start(telling, command.run, settings, journal, meters);
  if (!working) return not_started(working.error(), journal);
  if (const auto heard =
          telling.listen(settings, {.moved = {}, .any_moved = {}, .jobs = [&] { (*working)->wake(); }});
      !heard) {
    telling.stop_listening();
    return not_started(heard.error(), journal);
  }
  telling.be_asked(meters);
  meters.look_at(journal.log());
  write_out(fmt::format("Threads at work  {}\n{}{}Data is in       {}\nCtrl-C stops it.\n",
                        worker_threads(command.run), memory_line(command.run),
                        where_metrics_are(command, listening->get()), adapters_in_use(settings)));
  signals.wait();
  journal.note("stopping", fmt::format("stopping; what runs gets {} s, and Ctrl-C again ends it at once",
                                       command.run.stop_seconds));
  health.stop();
  meters.stop_looking();
  if (!(*working)->stop(std::chrono::seconds(command.run.stop_seconds)))
    journal.note("cut_off", "some work was cut off; whoever comes next takes it up again");
  telling.stop_listening();
  return ExitCode::answered;
}

}  // namespace orakgarak::app
