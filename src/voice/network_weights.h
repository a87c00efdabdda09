#pragma once
// The weights of the pitch network, as tools/network_weights.py wrote them from its package.
#include <array>
#include <cstdint>
#include <span>

namespace orakgarak::voice {

/// One entry of a filter bank: how much of a spectrum's bin goes into a band.
struct FilterWeight {
  std::uint16_t bin, band;
  float weight;
};

/// weights: [out][in][taps_f][taps_t], along frequency and time; biases: [out].
struct ConvWeights {
  int out, in, taps_f, taps_t;
  const float* weights;
  const float* biases;
};

/// Of the spectra over 1,024, 2,048 and 512 samples: the order of the network's three inputs.
extern const std::array<std::span<const FilterWeight>, 3> network_filters;

/// 0–12: the trunk. 13, 14: the head, and what voicing takes of it. 15: pitch. 16, 17: voicing.
extern const std::span<const ConvWeights, 18> network_convolutions;

/// Bands from one tap along frequency to the next, of layers 0 to 12.
inline constexpr std::array<int, 13> network_dilations{1, 1, 1, 17, 17, 27, 27, 40, 40, 48, 48, 2, 2};

}  // namespace orakgarak::voice
