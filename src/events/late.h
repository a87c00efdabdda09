#pragma once
// A broker that may come later than the program: what is written waits in the outbox until then.
#include <chrono>
#include <functional>
#include <memory>

#include "events/events.h"

namespace orakgarak::events {

struct LateOptions {
  std::chrono::milliseconds first_wait{3000};  ///< that late_events() waits to see how the first try ends
  std::chrono::milliseconds try_every{2000};   ///< after one that failed
  std::function<void(const Error&)> complain = {};  ///< when the first try fails
};

/// Tries `open` in a thread of its own until it succeeds. Until then publish() and lag() say
/// "events_unavailable", and subscriptions wait: each gets what its group has not had once the broker is
/// there. It must outlive its subscriptions. Errors: those of a first try that end within `first_wait` and
/// that no retry can help.
Result<std::unique_ptr<Events>> late_events(std::function<Result<std::unique_ptr<Events>>()> open,
                                            LateOptions options = {});

}  // namespace orakgarak::events
