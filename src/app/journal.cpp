#include "app/journal.h"

#include <fmt/format.h>
#include <unistd.h>

#include "app/text.h"
#include "http/router.h"
#include "telemetry/trace.h"

namespace orakgarak::app {
namespace {

using telemetry::Doing;
using telemetry::Entry;
using telemetry::Level;

bool wants_json(LogForm form) {
  return form == LogForm::json || (form == LogForm::automatic && isatty(STDERR_FILENO) == 0);
}

/// "orakgarak: store_unavailable: the database does not answer (trace 4bf9…)".
std::string text_line(const Entry& entry, const Doing& doing, Time) {
  const auto trace = telemetry::trace_id_of(doing.traceparent);
  const auto what = entry.error && entry.error->thrown
                        ? fmt::format(": {}: {}", entry.error->thrown->type, entry.error->thrown->message)
                        : "";
  return fmt::format(
      "orakgarak: {}{}{}{}", entry.level == Level::info ? "" : fmt::format("{}: ", entry.event),
      printable(entry.message), printable(what), trace.empty() ? "" : fmt::format(" (trace {})", trace));
}

telemetry::Log::Options options(bool json) {
  telemetry::Log::Options options;
  if (!json) options.line = text_line;
  return options;
}

Level level_of(const Error& error) {
  return error.kind == ErrorKind::retry && !error.thrown ? Level::warn : Level::error;
}

double seconds(std::chrono::microseconds time) { return std::chrono::duration<double>(time).count(); }

Doing doing_of(const net::RequestHead& head) {
  return {.traceparent = head.trace.traceparent, .route = std::string(http::route_name(head).route)};
}

}  // namespace

Journal::Journal(LogForm form) : of_everything_(wants_json(form)), log_(options(of_everything_)) {}

void Journal::complain(const Error& error) {
  log_.write({.level = level_of(error), .event = error.code, .message = error.detail, .error = &error});
}

void Journal::not_started(const Error& error, std::string_view more) {
  log_.write({.level = Level::fatal,
              .event = error.code,
              .message = fmt::format("{}{}", error.detail, more),
              .error = &error});
}

void Journal::note(std::string_view event, const std::string& message) {
  log_.write({.event = event, .message = message});
}

void Journal::answered(const net::RequestHead& head, int status, std::chrono::microseconds took) {
  if (status < 400 || !of_everything_) return;
  const telemetry::DoingNow doing(doing_of(head));
  log_.write({.event = "request_failed",
              .more = {{"method", std::string(net::to_string(head.method))},
                       {"status", std::int64_t{status}},
                       {"seconds", seconds(took)}}});
}

void Journal::threw(const net::RequestHead& head, const Error& error) {
  const telemetry::DoingNow doing(doing_of(head));
  complain(error);
}

void Journal::troubled(const uploads::Job& job, const Error& error, uploads::Ran ran) {
  const bool again = ran == uploads::Ran::retried;
  const bool of_input = !again && error.kind != ErrorKind::retry;
  if (of_input && !of_everything_) return;
  log_.write({.level = of_input ? Level::info : level_of(error),
              .event = again ? "job_retried" : "job_failed",
              .message = error.detail,
              .error = &error,
              .more = {{"code", error.code}, {"attempt", std::int64_t{job.attempt}}}});
}

events::StoreWatch Journal::watch(events::StoreWatch also) {
  if (!of_everything_) return also;
  auto watch = also;
  watch.moved = [this, also = also.moved](const uploads::Upload& upload) {
    {
      auto at = telemetry::doing_now();
      at.upload_id = upload.id.text();
      if (telemetry::trace_id_of(at.traceparent) != telemetry::trace_id_of(upload.traceparent))
        at.traceparent = upload.traceparent;
      const telemetry::DoingNow doing(std::move(at));
      Entry entry{.event = "upload_moved",
                  .more = {{"state", std::string(to_string(upload.state))},
                           {"kind", std::string(to_string(upload.kind))}}};
      if (upload.failure) {
        entry.more.emplace_back("code", upload.failure->code);
        entry.more.emplace_back("failed_stage", std::string(to_string(upload.failure->stage)));
      }
      log_.write(entry);
    }
    if (also) also(upload);
  };
  watch.ended = [this, also = also.ended](const uploads::Job& job, events::Ended how) {
    const bool lost = how == events::Ended::lost;
    if (lost || how == events::Ended::done)  // the others are troubles, and told with their error
      log_.write({.level = lost ? Level::warn : Level::info,
                  .event = lost ? "job_lost" : "job_done",
                  .more = {{"attempt", std::int64_t{job.attempt}}}});
    if (also) also(job, how);
  };
  return watch;
}

}  // namespace orakgarak::app
