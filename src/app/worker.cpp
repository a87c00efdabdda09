// orakgarak worker: works on uploads in the foreground until a signal ends it.
#include <fmt/format.h>

#include "app/adapters.h"
#include "app/commands.h"
#include "app/ending_signals.h"
#include "app/memory.h"
#include "app/readiness.h"
#include "app/serve_options.h"
#include "app/telling.h"
#include "app/terminal.h"
#include "app/working.h"
#include "http/health.h"
#include "http/problem.h"
#include "http/router.h"
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
Result<std::unique_ptr<net::Server>> answer_for_health(const WorkerCommand& command, http::Health& health) {
  const auto listen = parse_listen(command.health_listen);
  if (!listen) return std::unique_ptr<net::Server>();
  net::ServerOptions options;
  options.address = listen->address;
  options.port = listen->port;
  options.always = http::security_fields(false);
  options.refuse = http::refusal;
  options.handler_threads = 1;
  options.most_connections = 64;
  return net::Server::start(options, http::health_handler(health));
}

std::string where_health_is(const WorkerCommand& command, const net::Server* server) {
  const auto listen = parse_listen(command.health_listen);
  if (!listen || !server) return "";
  return fmt::format("Health is at     {}\n", shown_url(*listen, server->port(), false));
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
  Telling telling(std::move(*adapters), told);
  http::Health health(store_probe(telling.uploads()));
  const auto listening = answer_for_health(command, health);
  if (!listening) return not_started(listening.error());
  const auto working = Working::start(telling, command.run, settings, told);
  if (!working) return not_started(working.error());
  if (const auto heard =
          telling.listen(settings, {.moved = {}, .any_moved = {}, .jobs = [&] { (*working)->wake(); }});
      !heard) {
    telling.stop_listening();
    return not_started(heard.error());
  }
  write_out(fmt::format("Threads at work  {}\n{}{}Data is in       {}\nCtrl-C stops it.\n",
                        worker_threads(command.run), memory_line(command.run),
                        where_health_is(command, listening->get()), adapters_in_use(settings)));
  signals.wait();
  write_error(fmt::format("\norakgarak: stopping; what runs gets {} s, and Ctrl-C again ends it at once\n",
                          command.run.stop_seconds));
  health.stop();
  if (!(*working)->stop(std::chrono::seconds(command.run.stop_seconds)))
    complain("some work was cut off; whoever comes next takes it up again");
  telling.stop_listening();
  return ExitCode::answered;
}

}  // namespace orakgarak::app
