#pragma once
// When is a job tried again? After 5 s, 1 min and 10 min, each ± 20 % so that what fell together does not
// come back together; then never by itself.
#include <optional>

#include "base/clock.h"

namespace orakgarak::uploads {

inline constexpr int most_attempts = 4;  ///< the first and three retries

/// How long to wait after attempt `attempt` (1 the first) has failed; nothing where it was the last.
/// chance: uniform in [0, 1).
std::optional<Duration> retry_delay(int attempt, double chance);

}  // namespace orakgarak::uploads
