// Every variant of the network's loops against plain ones, bit for bit: also those that this machine would
// not choose for itself.
#include "voice/network_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/math.h"

namespace orakgarak::voice {
namespace {

/// Numbers that look random, the same in every run.
class Numbers {
 public:
  std::int32_t upto(std::int32_t limit) {  // −limit to limit
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::int32_t>(static_cast<std::int64_t>(state_ >> 33) %
                                     (2 * std::int64_t{limit} + 1)) -
           limit;
  }
  float real() { return static_cast<float>(upto(1 << 20)) * 0x1p-20F; }

 private:
  std::uint64_t state_ = 1;
};

std::int32_t low(std::int32_t packed) { return static_cast<std::int16_t>(packed & 0xffff); }
std::int32_t high(std::int32_t packed) { return packed >> 16; }
std::int32_t pack(std::int32_t a, std::int32_t b) {
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(b) << 16) |
                                   (static_cast<std::uint32_t>(a) & 0xffffU));
}

/// A job with memory of its own.
struct Layer {
  Layer(int pairs, int outputs, int bands, std::vector<int> shifts, std::int32_t weight, Numbers& numbers)
      : values(static_cast<std::size_t>(outputs * network_bands), -1.0F),
        packed(static_cast<std::size_t>(outputs / 2 * network_stride), -1) {
    for (auto& input : inputs) {
      input.resize(static_cast<std::size_t>(pairs * network_stride));
      for (int p = 0; p < pairs; ++p)
        for (int b = 0; b < network_bands; ++b)
          input[static_cast<std::size_t>(p * network_stride + network_margin + b)] =
              pack(numbers.upto(2 * network_limit), numbers.upto(2 * network_limit));
    }
    for (int source = 0; source < 2; ++source)
      for (const int shift : shifts) taps.push_back({source, shift});
    for (std::size_t i = 0; i < taps.size() * static_cast<std::size_t>(pairs * outputs); ++i)
      weights.push_back(pack(numbers.upto(weight), numbers.upto(weight)));
    for (int o = 0; o < outputs; ++o) {
      scales.push_back(1e-5F * (1.5F + numbers.real()));
      biases.push_back(numbers.real());
    }
    for (std::size_t i = 0; i < values.size(); ++i) residual.push_back(numbers.real());
    job = {.inputs = {inputs[0].data() + network_margin, inputs[1].data() + network_margin},
           .weights = weights.data(),
           .taps = taps,
           .pairs = pairs,
           .outputs = outputs,
           .bands = bands,
           .scales = scales.data(),
           .biases = biases.data(),
           .residual = residual.data(),
           .values = values.data(),
           .packed_scale = 200,
           .packed = packed.data() + network_margin};
  }

  std::int64_t sum(int o, int b) const {
    std::int64_t out = 0;
    for (std::size_t t = 0; t < taps.size(); ++t)
      for (int p = 0; p < job.pairs; ++p) {
        const std::ptrdiff_t at = std::ptrdiff_t{b} + taps[t].shift;
        if (at < 0 || at >= network_bands) continue;
        const std::int32_t in = job.inputs[taps[t].source][p * network_stride + at];
        const std::int32_t w =
            weights[(t * static_cast<std::size_t>(job.pairs) + static_cast<std::size_t>(p)) *
                        static_cast<std::size_t>(job.outputs) +
                    static_cast<std::size_t>(o)];
        out += std::int64_t{low(in)} * low(w) + std::int64_t{high(in)} * high(w);
      }
    return out;
  }

  float value(int o, int b) const {
    const auto at = static_cast<std::size_t>(o);
    const float whole = static_cast<float>(sum(o, b)) * scales[at] + biases[at];
    return std::max(whole + residual[at * network_bands + static_cast<std::size_t>(b)], 0.0F);
  }

  std::vector<std::int32_t> inputs[2], weights;
  std::vector<NetworkTap> taps;
  std::vector<float> scales, biases, residual, values;
  std::vector<std::int32_t> packed;
  NetworkJob job;
};

void expect_plain(Layer& layer, const NetworkKernels& kernels) {
  std::ranges::fill(layer.values, -1.0F);
  std::ranges::fill(layer.packed, -1);
  kernels.convolve(layer.job);
  for (int o = 0; o < layer.job.outputs; ++o)
    for (int b = 0; b < layer.job.bands; ++b) {
      const float value = layer.value(o, b);
      ASSERT_EQ(layer.values[static_cast<std::size_t>(o * network_bands + b)], value) << o << ", band " << b;
      const auto step = static_cast<std::int32_t>(
          std::min(value * layer.job.packed_scale + 0.5F, static_cast<float>(network_limit)));
      const std::int32_t packed =
          layer.packed[static_cast<std::size_t>(o / 2 * network_stride + network_margin + b)];
      ASSERT_EQ(o % 2 == 0 ? low(packed) : high(packed), step) << o << ", band " << b;
    }
}

TEST(NetworkKernels, AConvolutionIsThatOfPlainLoops) {
  Numbers numbers;
  for (const int bands : {128, 112, 96})
    for (const auto& shifts : {std::vector<int>{-1, 0, 1}, {-51, -34, -17, 0, 17, 34, 51}, {-48, 0, 48}}) {
      Layer layer(6, 12, bands, shifts, 100, numbers);
      for (const NetworkKernels* kernels : available_network_kernels()) expect_plain(layer, *kernels);
    }
  Layer head(6, 4, 96, {0, 1, 2}, 100, numbers), first(2, 12, 128, {-1, 0, 1}, 100, numbers);
  for (const NetworkKernels* kernels : available_network_kernels()) {
    expect_plain(head, *kernels);
    expect_plain(first, *kernels);
  }
}

// 2 · 6 · 2 · 32766 · 2730 is just under 2³¹: nothing wraps round, and no instruction saturates on the way.
TEST(NetworkKernels, SumsAreExactUpToTheirLimit) {
  Numbers numbers;
  Layer layer(6, 12, 128, {0}, 0, numbers);
  for (const int sign : {1, -1}) {
    for (auto& input : layer.inputs) std::ranges::fill(input, pack(2 * network_limit, 2 * network_limit));
    std::ranges::fill(layer.weights, pack(sign * 2730, sign * 2730));
    for (const NetworkKernels* kernels : available_network_kernels()) expect_plain(layer, *kernels);
  }
}

TEST(NetworkKernels, NeighboursAreAddedHalfByHalf) {
  Numbers numbers;
  std::vector<std::int32_t> a, b;
  for (std::size_t i = 0; i < network_stride; ++i) {
    a.push_back(pack(numbers.upto(network_limit), numbers.upto(network_limit)));
    b.push_back(pack(numbers.upto(network_limit), numbers.upto(network_limit)));
  }
  a[0] = b[0] = pack(network_limit, -network_limit);
  for (const NetworkKernels* kernels : available_network_kernels()) {
    std::vector<std::int32_t> sums(network_stride);
    kernels->add_pairs(a.data(), b.data(), sums.size(), sums.data());
    for (std::size_t i = 0; i < sums.size(); ++i)
      ASSERT_EQ(sums[i], pack(low(a[i]) + low(b[i]), high(a[i]) + high(b[i])));
  }
}

TEST(NetworkKernels, BandsAreLogarithmsOfWeightedMagnitudes) {
  constexpr int bins = 33;
  std::vector<FilterWeight> entries;
  std::vector<int> starts{0};
  for (int b = 0; b < network_bands; ++b) {  // some bands are empty
    for (int e = 0; e < b % 4; ++e)
      entries.push_back(
          {static_cast<std::uint16_t>((b + e) % bins), static_cast<std::uint16_t>(b), 0.25F * (e + 1)});
    starts.push_back(static_cast<int>(entries.size()));
  }
  AlignedFloats power(bins * lanes);
  for (std::size_t i = 0; i < power.size(); ++i)
    power[i] = i % 7 == 0 ? 0.0F : static_cast<float>(math::exp(static_cast<double>(i % 97) - 60));
  std::vector<float> first;
  for (const NetworkKernels* kernels : available_network_kernels()) {
    AlignedFloats roots(power.size()), values(std::size_t{network_bands} * lanes);
    std::copy_n(power.data(), power.size(), roots.data());
    kernels->log_bands(roots.data(), bins, entries.data(), starts.data(), values.data());
    for (std::size_t b = 0; b < network_bands; ++b)
      for (std::size_t l = 0; l < lanes; ++l) {
        double sum = 1e-8F;
        for (int e = starts[b]; e < starts[b + 1]; ++e) {
          const FilterWeight& entry = entries[static_cast<std::size_t>(e)];
          sum += entry.weight * std::sqrt(double{power[entry.bin * std::size_t{lanes} + l]});
        }
        ASSERT_NEAR(values[b * lanes + l], math::log(sum), 3e-6)
            << "band " << b;  // single precision near −18
      }
    const std::vector<float> all(values.data(), values.data() + values.size());
    if (first.empty()) first = all;
    EXPECT_EQ(std::memcmp(first.data(), all.data(), all.size() * sizeof(float)), 0);
  }
}

TEST(NetworkKernels, StepsAreRoundedAndKeptWithinTheLimit) {
  constexpr std::size_t rows = 3;
  const float given[] = {0, 0.49F, 0.51F, -0.49F, -0.51F, 16382.6F, 16384, -16384, 1e30F, -1e30F};
  const std::int32_t wanted[] = {0, 0, 1, 0, -1, 16383, 16383, -16383, 16383, -16383};
  AlignedFloats values(rows * lanes);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = given[i % std::size(given)] / 2;
  for (const NetworkKernels* kernels : available_network_kernels()) {
    std::vector<std::int32_t> steps(values.size());
    float sums[lanes] = {};
    kernels->quantise(values.data(), rows, 2, steps.data(), sums);
    for (std::size_t i = 0; i < steps.size(); ++i) EXPECT_EQ(steps[i], wanted[i % std::size(given)]) << i;
    for (std::size_t l = 0; l < lanes; ++l)
      EXPECT_EQ(sums[l], values[l] + values[l + lanes] + values[l + 2 * lanes]);
  }
}

TEST(NetworkKernels, TheHeadIsThatOfPlainLoops) {
  constexpr std::ptrdiff_t stride = 96 + 2 * lanes;
  Numbers numbers;
  std::vector<float> in(4 * stride), weights;
  for (std::size_t i = 0; i < in.size(); ++i)
    if (i % stride >= lanes && i % stride < lanes + 95) in[i] = numbers.real();
  for (int i = 0; i < 20; ++i) weights.push_back(numbers.real());
  for (const int taps : {1, 5})
    for (const NetworkKernels* kernels : available_network_kernels()) {
      float out[96];
      kernels->head(in.data() + lanes, stride, weights.data(), taps, 0.25F, out);
      for (std::ptrdiff_t b = 0; b < 96; ++b) {
        float sum = 0.25F;
        for (std::ptrdiff_t c = 0; c < 4; ++c)
          for (std::ptrdiff_t k = 0; k < taps; ++k)
            sum += in[static_cast<std::size_t>(lanes + c * stride + b + k - taps / 2)] *
                   weights[static_cast<std::size_t>(c * taps + k)];
        ASSERT_EQ(out[b], sum) << b;
      }
    }
}

}  // namespace
}  // namespace orakgarak::voice
