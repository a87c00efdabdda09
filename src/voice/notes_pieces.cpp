#include "voice/notes_pieces.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace orakgarak::voice {
namespace {

constexpr float grid_step = 0.25f;  // semitones
constexpr float deviation_cap = 2;  // beyond this a frame is an outlier, not a reason to change
constexpr float change_price = 8;   // frames × semitones

}  // namespace

std::vector<Piece> held_pieces(std::span<const float> semitones) {
  if (semitones.empty()) return {};
  auto [low, high] = std::minmax_element(semitones.begin(), semitones.end());
  const float bottom = *low;
  const auto states = static_cast<std::size_t>((*high - bottom) / grid_step) + 2;
  // For each grid pitch: the best fit so far whose last piece has that pitch. Costs are kept relative to the
  // cheapest, so that they do not grow over a long run.
  std::vector<float> cost(states, 0.0f);
  std::vector<std::uint32_t> begin(states, 0);
  std::vector<std::uint32_t> last_begin(semitones.size());  // of the cheapest fit that ends with this frame
  for (std::size_t i = 0; i < semitones.size(); ++i) {
    std::size_t cheapest = 0;
    for (std::size_t s = 0; s < states; ++s) {
      if (cost[s] > change_price) {
        cost[s] = change_price;
        begin[s] = static_cast<std::uint32_t>(i);
      }
      float deviation = std::fabs(semitones[i] - (bottom + grid_step * static_cast<float>(s)));
      cost[s] += std::min(deviation, deviation_cap);
      if (cost[s] < cost[cheapest]) cheapest = s;
    }
    const float least = cost[cheapest];
    for (float& c : cost) c -= least;
    last_begin[i] = begin[cheapest];
  }
  std::vector<Piece> pieces;
  for (std::size_t end = semitones.size(); end > 0; end = pieces.back().begin)
    pieces.push_back({last_begin[end - 1], end});
  std::reverse(pieces.begin(), pieces.end());
  return pieces;
}

}  // namespace orakgarak::voice
