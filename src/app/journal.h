#pragma once
// What `serve` and `worker` say of themselves, on standard error: docs/operating.md lists the events.
#include <chrono>
#include <string>
#include <string_view>

#include "app/settings.h"
#include "events/watch_store.h"
#include "net/http.h"
#include "telemetry/crash.h"
#include "telemetry/log.h"
#include "uploads/worker.h"

namespace orakgarak::app {

/// Either one JSON object a line, of everything that happens to takes and requests; or, for a person at a
/// terminal, a line only where somebody should do something.
class Journal {
 public:
  explicit Journal(LogForm form);

  /// Of what nobody is told who asked for it. A fault of ours and what stays wrong are errors; what may be
  /// well by itself is a warning.
  void complain(const Error& error);
  /// The process does not start, and ends. more: what to do, after the error's own words.
  void not_started(const Error& error, std::string_view more = {});
  void note(std::string_view event, const std::string& message);

  /// For ServerOptions: answers of 400 and more, and what was thrown outside a route.
  void answered(const net::RequestHead& head, int status, std::chrono::microseconds took);
  void threw(const net::RequestHead& head, const Error& error);
  /// For Worker: a job without a good end.
  void troubled(const uploads::Job& job, const Error& error, uploads::Ran ran);
  /// Every state of every upload, and the good ends of jobs; then the same for `also`.
  events::StoreWatch watch(events::StoreWatch also);

  const telemetry::Log& log() const { return log_; }

 private:
  const bool of_everything_;
  telemetry::Log log_;
  const telemetry::CrashLines crashes_{log_};
};

}  // namespace orakgarak::app
