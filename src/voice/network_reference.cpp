#include "voice/network_reference.h"

#include <algorithm>

#include "base/math.h"
#include "voice/fft.h"
#include "voice/network_weights.h"

namespace orakgarak::voice {
namespace {

constexpr int bands = 128;
constexpr std::array<int, 3> windows{1024, 2048, 512};

/// [channel][band][frame]
struct Planes {
  int channels, bands, frames;
  std::vector<float> values;

  Planes(int c, int b, int t)
      : channels(c),
        bands(b),
        frames(t),
        values(static_cast<std::size_t>(c) * static_cast<std::size_t>(b) * static_cast<std::size_t>(t)) {}
  float& at(int c, int b, int t) {
    return values[(static_cast<std::size_t>(c) * static_cast<std::size_t>(bands) +
                   static_cast<std::size_t>(b)) *
                      static_cast<std::size_t>(frames) +
                  static_cast<std::size_t>(t)];
  }
  float get(int c, int b, int t) const {
    return b < 0 || b >= bands || t < 0 || t >= frames ? 0.0F : const_cast<Planes*>(this)->at(c, b, t);
  }
};

Planes features(std::span<const float> signal, int frames) {
  Planes out(3, bands, frames);
  for (int c = 0; c < 3; ++c) {
    const int size = windows[static_cast<std::size_t>(c)];
    std::vector<float> window;
    for (int i = 0; i < size; ++i)
      window.push_back(static_cast<float>(0.5 - 0.5 * math::cos(2 * math::pi * i / size)));
    const BatchFft fft(size, InstructionSet::baseline);
    AlignedFloats rows(static_cast<std::size_t>(size) * lanes),
        power(static_cast<std::size_t>(fft.bins()) * lanes);
    for (int t = 0; t < frames; ++t) {
      std::ptrdiff_t starts[lanes];
      std::fill_n(starts, lanes, std::ptrdiff_t{t} * network_hop - size / 2);
      fft.gather(signal, starts, window, rows.data());
      fft.power(rows.data(), power.data());
      std::array<double, bands> sums{};
      for (const FilterWeight& f : network_filters[static_cast<std::size_t>(c)])
        sums[f.band] += f.weight * math::sqrt(double{power[static_cast<std::size_t>(f.bin) * lanes]});
      for (int b = 0; b < bands; ++b)
        out.at(c, b, t) = static_cast<float>(math::log(sums[static_cast<std::size_t>(b)] + 1e-8));
    }
  }
  return out;
}

// low: zeros below the lowest band.
Planes convolve(const Planes& in, const ConvWeights& conv, int dilation, int low, int out_bands) {
  Planes out(conv.out, out_bands, in.frames);
  for (int o = 0; o < conv.out; ++o)
    for (int b = 0; b < out_bands; ++b)
      for (int t = 0; t < in.frames; ++t) {
        float sum = conv.biases[o];
        const float* w = conv.weights + o * conv.in * conv.taps_f * conv.taps_t;
        for (int c = 0; c < conv.in; ++c)
          for (int f = 0; f < conv.taps_f; ++f)
            for (int d = 0; d < conv.taps_t; ++d)
              sum += *w++ * in.get(c, b + f * dilation - low, t + d - conv.taps_t / 2);
        out.at(o, b, t) = sum;
      }
  return out;
}

Planes same(const Planes& in, std::size_t layer) {
  const ConvWeights& conv = network_convolutions[layer];
  const int dilation = layer < network_dilations.size() ? network_dilations[layer] : 1;
  return convolve(in, conv, dilation, conv.taps_f / 2 * dilation, in.bands);
}

void rectify(Planes& planes) {
  for (float& v : planes.values) v = std::max(v, 0.0F);
}

}  // namespace

std::vector<NetworkFrame> run_network_plainly(std::span<const float> signal) {
  const int frames = std::max(1, static_cast<int>(signal.size()) / network_hop);
  const Planes input = features(signal, frames);
  Planes trunk = same(input, 0);
  rectify(trunk);
  for (std::size_t layer = 1; layer < 13; layer += 2) {
    Planes inner = same(trunk, layer);
    rectify(inner);
    const Planes outer = same(inner, layer + 1);
    for (std::size_t i = 0; i < trunk.values.size(); ++i) trunk.values[i] += outer.values[i];
    rectify(trunk);
  }
  Planes low(12, 96, frames);
  for (int c = 0; c < 12; ++c)
    for (int b = 0; b < 96; ++b)
      for (int t = 0; t < frames; ++t) low.at(c, b, t) = trunk.at(c, b, t);
  Planes head = convolve(low, network_convolutions[13], 1, 1, network_bins);
  rectify(head);
  const Planes pitch = same(head, 15), shown = same(head, 14);
  Planes evidence(5, 1, frames);
  for (int t = 0; t < frames; ++t) {
    for (int c = 0; c < 4; ++c) {
      float most = shown.get(c, 0, t);
      for (int b = 1; b < network_bins; ++b) most = std::max(most, shown.get(c, b, t));
      evidence.at(c, 0, t) = most;
    }
    double sum = 0;
    for (int c = 0; c < 3; ++c)
      for (int b = 0; b < bands; ++b) sum += input.get(c, b, t);
    evidence.at(4, 0, t) = static_cast<float>(sum / (3 * bands));
  }
  Planes voicing = same(evidence, 16);
  rectify(voicing);
  voicing = same(voicing, 17);
  std::vector<NetworkFrame> out(static_cast<std::size_t>(frames));
  for (int t = 0; t < frames; ++t) {
    for (int b = 0; b < network_bins; ++b)
      out[static_cast<std::size_t>(t)].likelihood[static_cast<std::size_t>(b)] = pitch.get(0, b, t);
    out[static_cast<std::size_t>(t)].voicing = voicing.get(0, 0, t);
  }
  return out;
}

}  // namespace orakgarak::voice
