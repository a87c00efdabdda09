#include "voice/network.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "voice/network_kernels.h"
#include "voice/network_spectra.h"
#include "voice/network_weights.h"

namespace orakgarak::voice {
namespace {

constexpr int channels = 12;
constexpr std::size_t trunk_layers = 13, head_layer = 13;
constexpr int head_bands = 96;  // of which the last belongs to no pitch
constexpr int history = 4;      // frames that a layer keeps
// Bands that later layers look at, rounded up to a register.
constexpr std::array<int, trunk_layers + 1> bands_of{128, 128, 128, 128, 128, 128, 128,
                                                     128, 128, 128, 112, 112, 96,  96};
// Greatest values seen behind each layer over sung takes from clean to as loud a backing as the voice; twice
// that still fits 16 bits, what lies beyond is cut.
constexpr std::array<float, trunk_layers> greatest{12, 13, 10, 13, 15, 11, 23, 11, 21, 15, 42, 16, 42};

float packed_scale(std::size_t layer) { return network_limit / (2 * greatest[layer]); }

/// A layer's weights as 16-bit steps: as fine as sums of any input allow in 32 bits.
struct Layer {
  int pairs = 0, outputs = 0, bands = 0;
  bool over_time = false;
  std::vector<std::int32_t> weights;  // [tap][pair][output]
  std::vector<NetworkTap> taps;       // of the middle frame, then of the sum of its neighbours
  std::vector<float> scales;
  const float* biases = nullptr;
  std::size_t rows() const { return static_cast<std::size_t>(pairs) * network_stride; }
};

std::int32_t pack(std::int32_t low, std::int32_t high) {
  return (low & 0xffff) | static_cast<std::int32_t>(static_cast<std::uint32_t>(high) << 16);
}

Layer make_layer(std::size_t index, float input_scale) {
  const ConvWeights& conv = network_convolutions[index];
  const int dilation = index < network_dilations.size() ? network_dilations[index] : 1;
  Layer layer;
  layer.pairs = (conv.in + 1) / 2;
  layer.outputs = conv.out;
  layer.bands = bands_of[index];
  layer.over_time = conv.taps_t == 3;
  layer.biases = conv.biases;
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
    const double room = 2147483647.0 / network_limit - channels * 21.0;  // less what rounding may add
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

const std::array<Layer, trunk_layers + 1>& layers() {
  static const auto made = [] {
    std::array<Layer, trunk_layers + 1> out;
    out[0] = make_layer(0, NetworkSpectra::scale);
    for (std::size_t i = 1; i < out.size(); ++i) out[i] = make_layer(i, packed_scale(i - 1));
    return out;
  }();
  return made;
}

// Layer i adds what went into the layer before it.
bool adds_residual(std::size_t layer) { return layer >= 2 && layer % 2 == 0 && layer < trunk_layers; }
bool keeps_values(std::size_t layer) { return adds_residual(layer + 2) || layer == head_layer; }

constexpr std::size_t plane = static_cast<std::size_t>(channels) * network_bands;

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
      memories[i].frames.resize(history * layers()[i].rows());
      if (layers()[i].over_time) memories[i].around.resize(layers()[i].rows());
      if (keeps_values(i)) memories[i].values = AlignedFloats(history * plane);
    }
  }

  std::int32_t* frame(std::size_t layer, std::int64_t t) {
    return memories[layer].frames.data() +
           static_cast<std::size_t>((t + history) % history) * layers()[layer].rows();
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
    if (!layers()[i].over_time) return compute(i, t, sink);
    if (t > 0) compute(i, t - 1, sink);
  }

  /// Layer by layer: what follows the last frame is zeros to each of them.
  void finish(const Sink& sink) {
    for (std::size_t i = 0; i < memories.size(); ++i) {
      if (!layers()[i].over_time) continue;
      std::fill_n(frame(i, memories[i].heard), layers()[i].rows(), 0);
      compute(i, memories[i].heard - 1, sink);
    }
    evidence[static_cast<std::size_t>(judged) % evidence.size()] = {};
    judge(judged - 1, sink);
  }

  void compute(std::size_t i, std::int64_t t, const Sink& sink) {
    const Layer& layer = layers()[i];
    std::int32_t* around = memories[i].around.data();
    if (layer.over_time)
      for (std::size_t row = network_margin; row < layer.rows(); row += network_stride)
        kernels->add_pairs(frame(i, t - 1) + row, frame(i, t + 1) + row, network_bands, around + row);
    const bool last = i == head_layer;
    kernels->convolve(
        {.inputs = {frame(i, t) + network_margin, layer.over_time ? around + network_margin : nullptr},
         .weights = layer.weights.data(),
         .taps = layer.taps,
         .pairs = layer.pairs,
         .outputs = layer.outputs,
         .bands = layer.bands,
         .scales = layer.scales.data(),
         .biases = layer.biases,
         .residual = adds_residual(i) ? values(i - 2, t) : nullptr,
         .values = keeps_values(i) ? values(i, t) : nullptr,
         .packed_scale = last ? 0.0F : packed_scale(i),
         .packed = last ? nullptr : frame(i + 1, t) + network_margin});
    if (last) return look(t, sink);
    step(i + 1, sink);
  }

  /// From the head's four channels: pitch, and what speaks for a voice.
  void look(std::int64_t t, const Sink& sink) {
    constexpr std::ptrdiff_t stride = head_bands + 2 * lanes;
    const float* head = values(head_layer, t);
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

  const NetworkKernels* kernels;
  NetworkSpectra spectra;
  std::array<Memory, trunk_layers + 1> memories;
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
