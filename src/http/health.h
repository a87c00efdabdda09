#pragma once
// Whether this process lives, and whether it can answer: for proxies that choose where a request goes, and
// for service managers.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/result.h"
#include "net/http.h"

namespace orakgarak::http {

class Health {
 public:
  /// probe: asks what no request can do without, in a thread of its own, once at a time and only where
  /// somebody wants to know.
  explicit Health(std::function<Result<void>()> probe,
                  std::chrono::milliseconds patience = std::chrono::seconds(1));
  ~Health();  ///< waits for a probe that runs
  Health(const Health&) = delete;
  Health& operator=(const Health&) = delete;

  /// Whether a probe that began within the last `patience`, or begins now, ends well within `patience`.
  /// Errors: retry "not_ready".
  Result<void> ready();
  /// Not ready from now on: whoever chooses where requests go takes others.
  void stop();

 private:
  void run();

  const std::function<Result<void>()> probe_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false, ended_ = false, stopping_ = false, well_ = false;
  std::chrono::steady_clock::time_point began_{};  ///< the last probe that has ended
  std::thread thread_;                             // the last: it uses all of the above
};

/// Of /healthz and /readyz; nothing for other paths. health: nothing where a process is always ready.
std::optional<net::Response> health_response(Health* health, const net::RequestHead& head,
                                             const std::string& trace_id);

/// For a listener of operators alone: these two, and /metrics as `metrics` gives it in Prometheus's text
/// format. health has to outlive it.
net::Handler observing_handler(Health& health, std::function<std::string()> metrics);

}  // namespace orakgarak::http
