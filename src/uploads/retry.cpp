#include "uploads/retry.h"

#include <array>

namespace orakgarak::uploads {

std::optional<Duration> retry_delay(int attempt, double chance) {
  using namespace std::chrono_literals;
  constexpr std::array<Duration, most_attempts - 1> delays{5s, 1min, 10min};
  constexpr double jitter = 0.2;
  if (attempt < 1 || attempt >= most_attempts) return std::nullopt;
  const auto delay = delays[static_cast<std::size_t>(attempt - 1)];
  return Duration(
      static_cast<Duration::rep>(static_cast<double>(delay.count()) * (1 + jitter * (2 * chance - 1))));
}

}  // namespace orakgarak::uploads
