#pragma once
// Events within one process: what runs where no broker is configured. Nothing is kept: the outbox is.
#include <chrono>

#include "events/events.h"

namespace orakgarak::events {

struct DispatcherOptions {
  std::size_t most_queued = 4096;  ///< events that wait for one slow subscription
  std::chrono::milliseconds patience{
      1000};  ///< that publish() waits for room in a full queue, before it says "events_unavailable"
};

/// Each subscription has a queue and a thread of its own. It must outlive its subscriptions.
std::unique_ptr<Events> in_process_events(const DispatcherOptions& options = {});

}  // namespace orakgarak::events
