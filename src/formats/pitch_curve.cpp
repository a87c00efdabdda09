#include "formats/pitch_curve.h"

#include <algorithm>
#include <array>

namespace orakgarak::formats {
namespace {

constexpr std::size_t frames_a_hop = 5, either_side = 2, most_unvoiced = 2;

std::optional<Midi> pitch_around(std::span<const voice::PitchFrame> frames, std::size_t at) {
  std::array<double, frames_a_hop> sung{};
  std::size_t count = 0;
  const std::size_t from = at < either_side ? 0 : at - either_side;
  for (std::size_t i = from; i < std::min(at + either_side + 1, frames.size()); ++i)
    if (frames[i].voiced()) sung[count++] = frames[i].f0.value;
  if (count + most_unvoiced < frames_a_hop) return std::nullopt;
  const auto middle = sung.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(sung.begin(), middle, sung.begin() + static_cast<std::ptrdiff_t>(count));
  return to_midi(Hertz(*middle));
}

}  // namespace

PitchCurve pitch_curve(std::span<const voice::PitchFrame> frames) {
  PitchCurve curve{voice::frame_hop * frames_a_hop, {}};
  curve.pitch.reserve((frames.size() + frames_a_hop - 1) / frames_a_hop);
  for (std::size_t at = 0; at < frames.size(); at += frames_a_hop)
    curve.pitch.push_back(pitch_around(frames, at));
  return curve;
}

}  // namespace orakgarak::formats
