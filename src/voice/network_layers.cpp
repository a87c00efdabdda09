#include "voice/network_layers.h"

#include <algorithm>
#include <cmath>

#include "voice/network_spectra.h"
#include "voice/network_weights.h"

namespace orakgarak::voice {
namespace {

constexpr std::size_t trunk_layers = network_trunk_layers;
// Bands that later layers look at, rounded up to a register.
constexpr std::array<int, trunk_layers + 1> bands_of{128, 128, 128, 128, 128, 128, 128,
                                                     128, 128, 128, 112, 112, 96,  96};
// Greatest values seen behind each layer over sung takes from clean to as loud a backing as the voice; twice
// that still fits 16 bits, what lies beyond is cut.
constexpr std::array<float, trunk_layers> greatest{12, 13, 10, 13, 15, 11, 23, 11, 21, 15, 42, 16, 42};

float packed_scale(std::size_t layer) { return network_limit / (2 * greatest[layer]); }

// Layer i adds what went into the layer before it.
bool adds_residual(std::size_t layer) { return layer >= 2 && layer % 2 == 0 && layer < trunk_layers; }
bool keeps_values(std::size_t layer) { return adds_residual(layer + 2) || layer == network_head_layer; }

std::int32_t pack(std::int32_t low, std::int32_t high) {
  return (low & 0xffff) | static_cast<std::int32_t>(static_cast<std::uint32_t>(high) << 16);
}

NetworkLayer make_layer(std::size_t index, float input_scale) {
  const ConvWeights& conv = network_convolutions[index];
  const int dilation = index < network_dilations.size() ? network_dilations[index] : 1;
  NetworkLayer layer;
  layer.pairs = (conv.in + 1) / 2;
  layer.outputs = conv.out;
  layer.bands = bands_of[index];
  layer.over_time = conv.taps_t == 3;
  layer.biases = conv.biases;
  if (index < trunk_layers) layer.packed_scale = packed_scale(index);
  layer.adds_residual = adds_residual(index);
  layer.keeps_values = keeps_values(index);
  // The kernels are symmetric over time: [2] equals [0].
  const auto weight = [&](int o, int c, int f, int t) {
    return c < conv.in ? conv.weights[((o * conv.in + c) * conv.taps_f + f) * conv.taps_t + t] : 0.0F;
  };
  const int phases = layer.over_time ? 2 : 1;  // the middle frame; its neighbours
  const auto time = [&](int phase) { return layer.over_time ? 1 - phase : 0; };
  std::vector<float> steps;
  for (int o = 0; o < conv.out; ++o) {
    double sum = 0, greatest_weight = 0;
    for (int c = 0; c < conv.in; ++c)
      for (int f = 0; f < conv.taps_f; ++f)
        for (int p = 0; p < phases; ++p) {
          const double size = std::fabs(double{weight(o, c, f, time(p))});
          sum += size * (p + 1);
          greatest_weight = std::max(greatest_weight, size);
        }
    const double room = 2147483647.0 / network_limit - network_channels * 21.0;  // less what rounding may add
    steps.push_back(static_cast<float>(std::min(room / sum, 32766.0 / greatest_weight)));
    layer.scales.push_back(1 / (steps.back() * input_scale));
  }
  for (int p = 0; p < phases; ++p)
    for (int f = 0; f < conv.taps_f; ++f) {
      const int shift = (f - conv.taps_f / 2) * dilation;
      layer.taps.push_back({p, shift});
      for (int pair = 0; pair < layer.pairs; ++pair)
        for (int o = 0; o < conv.out; ++o) {
          const auto step = [&](int c) {
            return static_cast<std::int32_t>(
                std::floor(weight(o, c, f, time(p)) * steps[static_cast<std::size_t>(o)] + 0.5F));
          };
          layer.weights.push_back(pack(step(2 * pair), step(2 * pair + 1)));
        }
    }
  return layer;
}

}  // namespace

std::span<const NetworkLayer, trunk_layers + 1> network_layers() {
  static const auto made = [] {
    std::array<NetworkLayer, trunk_layers + 1> out;
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = make_layer(i, i == 0 ? NetworkSpectra::scale : packed_scale(i - 1));
    return out;
  }();
  return made;
}

}  // namespace orakgarak::voice
