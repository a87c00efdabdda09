#include "formats/pitch_curve.h"

#include <algorithm>
#include <array>

namespace orakgarak::formats {
namespace {

constexpr std::size_t frames_a_hop = 5, either_side = 2, most_unvoiced = 2;

PitchCurve::Point point_around(std::span<const voice::PitchFrame> frames, std::size_t at) {
  std::array<const voice::PitchFrame*, frames_a_hop> sung{};
  std::size_t count = 0;
  const std::size_t from = at < either_side ? 0 : at - either_side;
  for (std::size_t i = from; i < std::min(at + either_side + 1, frames.size()); ++i)
    if (frames[i].voiced()) sung[count++] = &frames[i];
  if (count + most_unvoiced < frames_a_hop) return {};
  const auto middle = sung.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(sung.begin(), middle, sung.begin() + static_cast<std::ptrdiff_t>(count),
                   [](const auto* a, const auto* b) { return a->f0.value < b->f0.value; });
  return {.pitch = to_midi((*middle)->f0), .judge = (*middle)->judge};
}

}  // namespace

PitchCurve pitch_curve(std::span<const voice::PitchFrame> frames) {
  PitchCurve curve{voice::frame_hop * frames_a_hop, {}};
  curve.points.reserve((frames.size() + frames_a_hop - 1) / frames_a_hop);
  for (std::size_t at = 0; at < frames.size(); at += frames_a_hop)
    curve.points.push_back(point_around(frames, at));
  return curve;
}

}  // namespace orakgarak::formats
