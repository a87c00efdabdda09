#include "voice/pitch_bands.h"

#include <algorithm>
#include <utility>

#include "base/math.h"
#include "voice/pitch_quantile.h"

namespace orakgarak::voice {
namespace {

constexpr std::size_t enough = 8;  // frames
constexpr std::size_t stride = 5;  // bands change slowly: one in five is worked out
constexpr Seconds near{1.5};
const float lowest = static_cast<float>(math::log2(lowest_pitch.value)),
            highest = static_cast<float>(math::log2(highest_pitch.value));
const float margin_down = static_cast<float>(math::log2(0.70)),
            margin_up = static_cast<float>(math::log2(1.6));

float octave_at(std::span<const CandidateFrame> frames, std::span<const std::int8_t> path, std::size_t i) {
  return frames[i].items[static_cast<std::size_t>(path[i])].octave;
}

}  // namespace

std::vector<Band> singing_bands(std::span<const CandidateFrame> frames, std::span<const std::int8_t> path,
                                Seconds hop) {
  std::vector<float> all, around;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (path[i] >= 0) all.push_back(octave_at(frames, path, i));
  Band whole{lowest, highest};
  if (all.size() >= enough) whole = {quantile(all, 0.02), quantile(all, 0.98)};
  const auto reach = static_cast<std::size_t>(near / hop);
  std::vector<Band> bands(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i % stride != 0) {
      bands[i] = bands[i - 1];
      continue;
    }
    around.clear();
    for (std::size_t j = i - std::min(i, reach); j < std::min(path.size(), i + reach + 1); ++j)
      if (path[j] >= 0) around.push_back(octave_at(frames, path, j));
    Band b = whole;
    if (around.size() >= enough) b = {quantile(around, 0.04), quantile(around, 0.96)};
    bands[i] = {std::max(b.low + margin_down, lowest), std::min(b.high + margin_up, highest)};
  }
  return bands;
}

Band main_cluster(std::span<const CandidateFrame> frames, std::span<const std::int8_t> path) {
  constexpr float width = 1.1F, margin = 0.25F;
  std::vector<std::pair<float, float>> sung;  // octave, weight
  for (std::size_t i = 0; i < path.size(); ++i)
    if (path[i] >= 0) {
      const float strength = frames[i].items[static_cast<std::size_t>(path[i])].strength;
      sung.emplace_back(octave_at(frames, path, i), strength * strength);
    }
  if (sung.empty()) return {lowest, highest};
  std::ranges::sort(sung);
  double best = 0, sum = 0;
  Band out{};
  for (std::size_t from = 0, to = 0; to < sung.size(); ++to) {
    sum += sung[to].second;
    while (sung[to].first - sung[from].first > width) sum -= sung[from++].second;
    if (sum > best) {
      best = sum;
      out = {sung[from].first - margin, sung[to].first + margin};
    }
  }
  return out;
}

}  // namespace orakgarak::voice
