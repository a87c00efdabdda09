#include "voice/pitch_gate.h"

#include <algorithm>

#include "voice/capture_room.h"
#include "voice/pitch_quantile.h"

namespace orakgarak::voice {
namespace {

float level_at(std::span<const float> levels, std::ptrdiff_t i) {
  return levels[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, std::ssize(levels) - 1))];
}

// 0 to 1: does the level fall around frame i as a room lets go? Looks 80 ms to both sides, or 160 ms back
// where the next note follows: over less a voice's own waver would pass for it.
float fall_of_room(std::span<const float> levels, std::ptrdiff_t i, std::ptrdiff_t reach, float room_fall) {
  const float fall = std::max(level_at(levels, i - reach) - level_at(levels, i + reach),
                              level_at(levels, i - 2 * reach) - level_at(levels, i));
  return std::clamp((fall / room_fall - 0.65F) / 0.3F, 0.0F, 1.0F);
}

}  // namespace

std::vector<float> level_gate(std::span<const CandidateFrame> frames, float background_kept_db, Seconds hop,
                              Seconds reverberation) {
  constexpr float slope = 0.12F, over_background = 6, under_peak = 18, under_top = 40, tail_worth = 0.5F;
  std::vector<float> gate(frames.size()), levels;
  levels.reserve(frames.size());
  for (const CandidateFrame& f : frames) levels.push_back(f.kept_db);
  const float least = std::max(background_kept_db + over_background, quantile(levels, 0.95) - under_top);
  const auto reach = static_cast<std::ptrdiff_t>(Seconds(0.4) / hop);
  const auto tail_reach = static_cast<std::ptrdiff_t>(Seconds(0.08) / hop);
  const float room_fall =  // dB over both reaches; 0: the room does not matter
      reverberation < echoing
          ? 0.0F
          : static_cast<float>(120.0 * (hop * static_cast<double>(tail_reach) / reverberation));
  const auto count = std::ssize(frames);
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const auto from = levels.begin() + std::max<std::ptrdiff_t>(0, i - reach);
    const auto to = levels.begin() + std::min(count, i + reach + 1);
    const float peak = *std::max_element(from, to);
    const float under = std::max(least, peak - under_peak) - levels[static_cast<std::size_t>(i)];
    gate[static_cast<std::size_t>(i)] = std::max(0.0F, under) * slope;
    if (room_fall > 0)
      gate[static_cast<std::size_t>(i)] += tail_worth * fall_of_room(levels, i, tail_reach, room_fall);
  }
  return gate;
}

}  // namespace orakgarak::voice
