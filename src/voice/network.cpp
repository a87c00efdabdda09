#include "voice/network.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "voice/network_kernels.h"
#include "voice/network_layers.h"
#include "voice/network_spectra.h"
#include "voice/network_weights.h"

namespace orakgarak::voice {
namespace {

constexpr int head_bands = 96;  // of which the last belongs to no pitch
constexpr int history = 4;      // frames that a layer keeps
constexpr std::size_t plane = static_cast<std::size_t>(network_channels) * network_bands;

/// What a layer has heard: frames t − 2 to t + 1, packed, and behind it its values where another adds them.
struct Memory {
  std::vector<std::int32_t> frames;  // [history][pair][network_stride]
  std::vector<std::int32_t> around;  // t − 1 and t + 1 added: [pair][network_stride]
  AlignedFloats values;              // [history][channel][band]
  std::int64_t heard = 0;
};

}  // namespace

struct Network::State {
  explicit State(InstructionSet set) : kernels(&network_kernels(set)), spectra(set) {
    for (std::size_t i = 0; i < memories.size(); ++i) {
      memories[i].frames.resize(history * rows(i));
      if (layers[i].over_time) memories[i].around.resize(rows(i));
      if (layers[i].keeps_values) memories[i].values = AlignedFloats(history * plane);
    }
  }

  std::int32_t* frame(std::size_t layer, std::int64_t t) {
    return memories[layer].frames.data() + static_cast<std::size_t>((t + history) % history) * rows(layer);
  }
  float* values(std::size_t layer, std::int64_t t) {
    return memories[layer].values.data() + static_cast<std::size_t>(t % history) * plane;
  }

  void hear(const std::int32_t* rows, float mean, const Sink& sink) {
    const std::int64_t t = memories[0].heard;
    for (int p = 0; p < NetworkSpectra::pairs; ++p)
      std::copy_n(rows + p * network_bands, network_bands, frame(0, t) + p * network_stride + network_margin);
    means[static_cast<std::size_t>(t) % means.size()] = mean;
    step(0, sink);
  }

  /// Layer `i` has got its next frame.
  void step(std::size_t i, const Sink& sink) {
    const std::int64_t t = memories[i].heard++;
    if (!layers[i].over_time) return compute(i, t, sink);
    if (t > 0) compute(i, t - 1, sink);
  }

  /// Layer by layer: what follows the last frame is zeros to each of them.
  void finish(const Sink& sink) {
    for (std::size_t i = 0; i < memories.size(); ++i) {
      if (!layers[i].over_time) continue;
      std::fill_n(frame(i, memories[i].heard), rows(i), 0);
      compute(i, memories[i].heard - 1, sink);
    }
    evidence[static_cast<std::size_t>(judged) % evidence.size()] = {};
    judge(judged - 1, sink);
  }

  void compute(std::size_t i, std::int64_t t, const Sink& sink) {
    const NetworkLayer& layer = layers[i];
    std::int32_t* around = memories[i].around.data();
    if (layer.over_time)
      for (std::size_t row = network_margin; row < rows(i); row += network_stride)
        kernels->add_pairs(frame(i, t - 1) + row, frame(i, t + 1) + row, network_bands, around + row);
    const bool last = i == network_head_layer;
    kernels->convolve(
        {.inputs = {frame(i, t) + network_margin, layer.over_time ? around + network_margin : nullptr},
         .weights = layer.weights.data(),
         .taps = layer.taps,
         .pairs = layer.pairs,
         .outputs = layer.outputs,
         .bands = layer.bands,
         .scales = layer.scales.data(),
         .biases = layer.biases,
         .residual = layer.adds_residual ? values(i - 2, t) : nullptr,
         .values = layer.keeps_values ? values(i, t) : nullptr,
         .packed_scale = layer.packed_scale,
         .packed = last ? nullptr : frame(i + 1, t) + network_margin});
    if (last) return look(t, sink);
    step(i + 1, sink);
  }

  /// From the head's four channels: pitch, and what speaks for a voice.
  void look(std::int64_t t, const Sink& sink) {
    constexpr std::ptrdiff_t stride = head_bands + 2 * lanes;
    const float* head = values(network_head_layer, t);
    float in[4 * stride] = {};
    for (int c = 0; c < 4; ++c) std::copy_n(head + c * network_bands, network_bins, in + c * stride + lanes);
    float out[head_bands];
    const ConvWeights &pitch = network_convolutions[15], &shown = network_convolutions[14];
    kernels->head(in + lanes, stride, pitch.weights, 1, pitch.biases[0], out);
    std::copy_n(out, network_bins, frames[static_cast<std::size_t>(t) % frames.size()].likelihood.begin());
    auto& found = evidence[static_cast<std::size_t>(t) % evidence.size()];
    for (int c = 0; c < 4; ++c) {
      kernels->head(in + lanes, stride, shown.weights + c * 4 * shown.taps_f, shown.taps_f, shown.biases[c],
                    out);
      found[static_cast<std::size_t>(c)] = *std::max_element(out, out + network_bins);
    }
    found[4] = means[static_cast<std::size_t>(t) % means.size()];
    judged = t + 1;
    if (t > 0) judge(t - 1, sink);
  }

  /// A voice or none, from three frames.
  void judge(std::int64_t t, const Sink& sink) {
    const ConvWeights &first = network_convolutions[16], &second = network_convolutions[17];
    float sum = second.biases[0];
    for (int o = 0; o < first.out; ++o) {
      float inner = first.biases[o];
      for (int d = 0; d < 3; ++d) {
        const std::int64_t at = t + d - 1;
        if (at < 0) continue;
        for (int c = 0; c < first.in; ++c)
          inner += first.weights[(o * first.in + c) * 3 + d] *
                   evidence[static_cast<std::size_t>(at) % evidence.size()][static_cast<std::size_t>(c)];
      }
      sum += second.weights[o] * std::max(inner, 0.0F);
    }
    NetworkFrame& out = frames[static_cast<std::size_t>(t) % frames.size()];
    out.voicing = sum;
    sink(out);
  }

  std::size_t rows(std::size_t layer) const {
    return static_cast<std::size_t>(layers[layer].pairs) * network_stride;
  }

  const NetworkKernels* kernels;
  const std::span<const NetworkLayer, network_trunk_layers + 1> layers = network_layers();
  NetworkSpectra spectra;
  std::array<Memory, network_trunk_layers + 1> memories;
  std::array<float, 16> means{};
  std::array<std::array<float, 5>, history> evidence{};
  std::array<NetworkFrame, 2> frames{};
  std::int64_t judged = 0;
};

Network::Network(InstructionSet set) : state_(std::make_unique<State>(set)) {}
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

void Network::push(std::span<const float> samples, const Sink& sink) {
  state_->spectra.push(samples,
                       [&](const std::int32_t* rows, float mean) { state_->hear(rows, mean, sink); });
}

void Network::finish(const Sink& sink) {
  state_->spectra.finish([&](const std::int32_t* rows, float mean) { state_->hear(rows, mean, sink); });
  state_->finish(sink);
}

}  // namespace orakgarak::voice
