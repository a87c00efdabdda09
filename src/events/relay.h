#pragma once
// Brings what the store has written into its outbox to the events, under the one lease.
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "events/events.h"
#include "uploads/store.h"

namespace orakgarak::events {

struct RelayOptions {
  std::string name;  ///< of this relay, unique among those alive: new_uuid7(now)
  Duration lease = std::chrono::seconds(10);
  std::size_t at_once = 500;
  /// Between looks that nobody asked for: for what other processes write, and for retries that become due.
  /// While another relay holds the lease, between all of them.
  std::chrono::milliseconds look_every{1000};
  /// After it has published: what is written within this goes together.
  std::chrono::milliseconds gather{10};
  Clock clock = system_now;
  std::function<void(const Error&)> complain = {};  ///< of a look that failed, once until one succeeds
};

/// Publishes what is due, oldest first, until nothing is. Gives how many. A row is marked only after it has
/// been published: killed in between, it is published again.
/// Errors: conflict "relay_held" (another relay holds the lease); retry, of the store or the events.
Result<std::size_t> relay_due(uploads::UploadStore&, Events&, const RelayOptions&);

/// relay_due in a thread of its own, whenever woken and every `look_every`.
class Relay {
 public:
  virtual ~Relay() = default;  ///< stops it; what was not published stays in the outbox
  /// Something was written: look now. Safe from any thread, never blocks.
  virtual void wake() = 0;
};
std::unique_ptr<Relay> start_relay(uploads::UploadStore&, Events&, RelayOptions);

}  // namespace orakgarak::events
