#include "voice/network_signal.h"

#include <algorithm>
#include <cmath>

#include "base/math.h"
#include "voice/pitch_quantile.h"

namespace orakgarak::voice {

void NetworkSignal::push(std::span<const float> samples) {
  while (!samples.empty()) {
    const auto part = samples.first(std::min(block - held_.size(), samples.size()));
    held_.insert(held_.end(), part.begin(), part.end());
    samples = samples.subspan(part.size());
    if (held_.size() < block) return;
    float greatest = 0, power = 0;
    for (const float s : held_) {
      greatest = std::max(greatest, std::fabs(s));
      power += s * s;
    }
    const float scale = greatest / 32767, steps = greatest > 0 ? 32767 / greatest : 0.0F;
    for (const float s : held_)
      steps_.push_back(
          static_cast<std::int16_t>(std::clamp(std::floor(s * steps + 0.5F), -32767.0F, 32767.0F)));
    scales_.push_back(scale);
    powers_.push_back(power / block);
    held_.clear();
  }
}

float NetworkSignal::loud_level_db() const {
  return static_cast<float>(math::power_to_db(quantile(powers_, 0.95)));
}

}  // namespace orakgarak::voice
