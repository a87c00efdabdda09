#pragma once
// The port by which what happened is told: keyed events on topics, at least once, in order for each key. An
// event is a hint to look at the rows, never the truth: duplicates and replay harm nobody. Adapters: the
// in-process dispatcher (dispatcher.h). Each passes tests/contract/events.
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace orakgarak::events {

/// Topics. Live and batch work have their own, so that reprocessing never stands before a singer who waits.
inline constexpr std::string_view state_changed = "orakgarak.uploads";
inline constexpr std::string_view live_jobs = "orakgarak.jobs.live";
inline constexpr std::string_view batch_jobs = "orakgarak.jobs.batch";
inline constexpr std::string_view dead_jobs = "orakgarak.jobs.dead";

struct Event {
  std::string topic;
  std::string key;       ///< upload id: events of one key arrive in the order they were published
  std::string envelope;  ///< CloudEvents 1.0 JSON, as uploads/envelope.h makes it
};

/// Never called twice at once for one subscription. It may block; other subscriptions do not wait for it.
using EventHandler = std::function<void(const Event&)>;

/// Ends when it goes; its handler does not run any more then.
class Subscription {
 public:
  virtual ~Subscription() = default;
};

class Events {
 public:
  virtual ~Events() = default;
  /// All of them are accepted when this returns without an error; with one, any of them may have been, and
  /// the caller publishes all again. Safe from any thread. Errors: retry "events_unavailable".
  virtual Result<void> publish(std::span<const Event>) = 0;
  /// Gets what is published on `topic` from now on. Subscriptions of one `group` share the events, each key
  /// going to one of them; every group gets all. Errors: retry "events_unavailable".
  virtual Result<std::unique_ptr<Subscription>> subscribe(std::string_view topic, std::string_view group,
                                                          EventHandler) = 0;
};

}  // namespace orakgarak::events
