#include "voice/pitch_gate.h"

#include <algorithm>

#include "voice/pitch_quantile.h"

namespace orakgarak::voice {

std::vector<float> level_gate(std::span<const CandidateFrame> frames, float background_kept_db, Seconds hop) {
  constexpr float slope = 0.12F, over_background = 6, under_peak = 18, under_top = 40;
  std::vector<float> gate(frames.size()), levels;
  levels.reserve(frames.size());
  for (const CandidateFrame& f : frames) levels.push_back(f.kept_db);
  const float least = std::max(background_kept_db + over_background, quantile(levels, 0.95) - under_top);
  const auto reach = static_cast<std::ptrdiff_t>(Seconds(0.4) / hop);
  const auto count = std::ssize(frames);
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const auto from = levels.begin() + std::max<std::ptrdiff_t>(0, i - reach);
    const auto to = levels.begin() + std::min(count, i + reach + 1);
    const float peak = *std::max_element(from, to);
    const float under = std::max(least, peak - under_peak) - levels[static_cast<std::size_t>(i)];
    gate[static_cast<std::size_t>(i)] = std::max(0.0F, under) * slope;
  }
  return gate;
}

}  // namespace orakgarak::voice
