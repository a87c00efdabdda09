#pragma once
// The port by which what happened is told: keyed events on topics, at least once, in order for each key. An
// event is a hint to look at the rows, never the truth: duplicates and replay harm nobody. Adapters: the
// in-process dispatcher (dispatcher.h), and Kafka (kafka/kafka.h). Each passes tests/contract/events.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "uploads/upload.h"

namespace orakgarak::events {

inline constexpr std::string_view state_changed = "orakgarak.uploads";
inline constexpr std::string_view dead_jobs = "orakgarak.jobs.dead";
/// What the object store itself tells, in its own words (uploads/storage_event.h reads them).
inline constexpr std::string_view storage_events = "orakgarak.storage";
/// "orakgarak.jobs.live.convert": each stage has its own, so that its lag is its own; live and batch work
/// have theirs, so that reprocessing never stands before a singer who waits.
std::string jobs_topic(uploads::Priority, uploads::Stage);
/// Both of one stage.
std::vector<std::string> jobs_topics(uploads::Stage);
/// Of all stages.
std::vector<std::string> all_jobs_topics();
/// All of the above.
std::vector<std::string> all_topics();

struct Event {
  std::string topic;
  std::string key;       ///< upload id: events of one key arrive in the order they were published
  std::string envelope;  ///< CloudEvents 1.0 JSON, as uploads/envelope.h makes it
};

/// May block until the event has had its effect: only when it returns true is the event done with. false: it
/// is told again, later or to another of the group, where the adapter keeps events. Never called twice at
/// once for one key of a topic; for several keys it may be, where the adapter has partitions. Other
/// subscriptions do not wait for it.
using EventHandler = std::function<bool(const Event&)>;

/// Ends when it goes; its handler does not run any more then. What was handed over and has not returned is
/// waited for.
class Subscription {
 public:
  virtual ~Subscription() = default;
};

/// How far a group of subscriptions is behind.
struct Lag {
  std::string group, topic;
  int partition = 0;
  std::int64_t events = 0;  ///< published and not done with
};

/// How the broker does, as a client of it sees it.
struct BrokerHealth {
  int up = 0;                ///< brokers in the cluster; 0: none answered
  std::uint64_t errors = 0;  ///< and warnings of its client, since this process opened it
};

class Events {
 public:
  virtual ~Events() = default;

  /// All of them are accepted when this returns without an error; with one, any of them may have been, and
  /// the caller publishes all again. Safe from any thread. Errors: retry "events_unavailable".
  virtual Result<void> publish(std::span<const Event>) = 0;

  /// Gets what is published on these topics from now on, or, where the adapter keeps events, from where this
  /// group was. Subscriptions of one `group` share the events, each key going to one of them; every group
  /// gets all. Errors: retry "events_unavailable".
  virtual Result<std::unique_ptr<Subscription>> subscribe(std::span<const std::string> topics,
                                                          std::string_view group, EventHandler) = 0;

  /// Of every group that is known, by group, topic and partition. Errors: retry "events_unavailable".
  virtual Result<std::vector<Lag>> lag() = 0;

  /// Asks the broker, and waits for it as lag() does. Nothing where events stay in this process.
  virtual std::optional<BrokerHealth> broker() { return std::nullopt; }
};

}  // namespace orakgarak::events
