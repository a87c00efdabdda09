#pragma once
// The network's convolutions as integers: what the fast pass (network.cpp) and the threads of a grid
// (network_grid.h) both carry out.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "voice/network_kernels.h"

namespace orakgarak::voice {

inline constexpr int network_channels = 12;
/// The trunk's layers, then the one that makes the head's four channels.
inline constexpr std::size_t network_trunk_layers = 13, network_head_layer = 13;

/// A layer's weights as 16-bit steps: as fine as sums of any input allow in 32 bits.
struct NetworkLayer {
  int pairs = 0, outputs = 0, bands = 0;
  bool over_time = false;
  std::vector<std::int32_t> weights;  ///< [tap][pair][output]
  std::vector<NetworkTap> taps;       ///< of the middle frame, then of the sum of its neighbours
  std::vector<float> scales;
  const float* biases = nullptr;
  float packed_scale = 0;      ///< of what it hands on as 16-bit steps; 0: it hands on none
  bool adds_residual = false;  ///< what went into the layer before it
  bool keeps_values = false;   ///< a later layer adds them, or the head reads them
};

std::span<const NetworkLayer, network_trunk_layers + 1> network_layers();

}  // namespace orakgarak::voice
