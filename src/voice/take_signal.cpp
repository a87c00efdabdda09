#include "voice/take_signal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "base/math.h"
#include "voice/network.h"
#include "voice/pitch.h"
#include "voice/pitch_quantile.h"
#include "voice/resample.h"

namespace orakgarak::voice {

// Two samples of 16 bits take the room of the one float that comes out of them.
static_assert(network_rate.value == 2 * analysis_rate.value && sizeof(float) == 2 * sizeof(std::int16_t));

void TakeSignal::push(std::span<const float> samples) {
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
    const float scale = greatest / 32767, per_step = greatest > 0 ? 32767 / greatest : 0.0F;
    std::array<std::int16_t, block> steps;
    for (std::size_t i = 0; i < block; ++i)
      steps[i] =
          static_cast<std::int16_t>(std::clamp(std::floor(held_[i] * per_step + 0.5F), -32767.0F, 32767.0F));
    words_.resize(words_.size() + block / 2);
    std::memcpy(&words_[words_.size() - block / 2], steps.data(), sizeof(steps));
    scales_.push_back(scale);
    powers_.push_back(power / block);
    held_.clear();
  }
}

float TakeSignal::loud_level_db() const {
  return static_cast<float>(math::power_to_db(quantile(powers_, 0.95)));
}

std::vector<float> TakeSignal::to_analysis_rate(const std::function<void(std::span<const float>)>& hear,
                                                InstructionSet set) && {
  Resampler resampler(static_cast<int>(network_rate.value), static_cast<int>(analysis_rate.value), set);
  std::vector<float> made;
  std::size_t written = 0;
  const auto write = [&] {  // never beyond what was read: the filter lags
    if (written + made.size() > words_.size()) words_.resize(written + made.size());
    std::ranges::copy(made, words_.begin() + static_cast<std::ptrdiff_t>(written));
    written += made.size();
    made.clear();
  };
  for (std::size_t b = 0; b < scales_.size(); ++b) {
    std::array<std::int16_t, block> steps;
    std::memcpy(steps.data(), &words_[b * block / 2], sizeof(steps));
    std::array<float, block> samples;
    for (std::size_t i = 0; i < block; ++i) samples[i] = static_cast<float>(steps[i]) * scales_[b];
    hear(samples);
    resampler.push(samples, made);
    write();
  }
  hear(held_);
  resampler.push(held_, made);
  resampler.finish(made);
  write();
  return std::move(words_);
}

}  // namespace orakgarak::voice
