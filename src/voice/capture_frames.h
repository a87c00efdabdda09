#pragma once
// Small questions about a pitch track that several measures of capture quality ask.
#include <algorithm>
#include <span>
#include <vector>

#include "voice/pitch.h"

namespace orakgarak::voice {

/// The signal's samples from one frame to the next.
inline constexpr int frame_samples = 80;

/// True in each frame at most `before` ahead of, or at most `after` behind, a marked one.
inline std::vector<bool> near(const std::vector<bool>& marked, std::size_t before, std::size_t after) {
  std::vector<bool> out(marked.size());
  std::size_t until = 0;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    if (marked[i]) until = i + after + 1;
    if (i < until) out[i] = true;
  }
  std::size_t from = marked.size();
  for (std::size_t i = marked.size(); i-- > 0;) {
    if (marked[i]) from = i > before ? i - before : 0;
    if (i >= from) out[i] = true;
  }
  return out;
}

/// The voice and what belongs to it: breath and consonants up to 150 ms before, the room's tail after.
inline constexpr Seconds room_tail{0.25};  // of a usual room
inline std::vector<bool> around_voice(std::span<const PitchFrame> frames, Seconds tail = room_tail) {
  std::vector<bool> voiced(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) voiced[i] = frames[i].voiced();
  return near(voiced, 15, static_cast<std::size_t>(tail / frame_hop + 0.5));
}

/// Mean power of the voiced frames in dB; −200 if there are none. level_db: of a frame by its index.
template <class LevelOf>
double voiced_level(std::span<const PitchFrame> frames, LevelOf level_db) {
  double power = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!frames[i].voiced()) continue;
    power += math::exp(static_cast<double>(level_db(i)) * (math::log(10) / 10));
    ++count;
  }
  return count > 0 ? math::power_to_db(power / static_cast<double>(count)) : -200;
}

/// The value below which `percent` of the values lie; v not empty.
inline float percentile(std::vector<float> v, std::size_t percent) {
  auto at = v.begin() + static_cast<std::ptrdiff_t>((v.size() - 1) * percent / 100);
  std::nth_element(v.begin(), at, v.end());
  return *at;
}

inline double logistic(double x) { return 1 / (1 + math::exp(-x)); }

}  // namespace orakgarak::voice
