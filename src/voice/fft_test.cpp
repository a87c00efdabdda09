#include "voice/fft.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/math.h"

namespace orakgarak::voice {
namespace {

// 16 different frames of noise, always the same.
AlignedFloats noise_rows(int rows, std::uint32_t seed = 1) {
  AlignedFloats out(static_cast<std::size_t>(rows) * lanes);
  for (std::size_t i = 0; i < out.size(); ++i) {
    seed = seed * 1664525U + 1013904223U;
    out[i] = static_cast<float>(static_cast<std::int32_t>(seed)) * 0x1p-31F;
  }
  return out;
}

class Fft : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Sizes, Fft, testing::Values(16, 32, 64, 128, 256, 512, 1024, 2048, 4096));

TEST_P(Fft, AgreesWithTheDefinition) {
  const int n = GetParam();
  const AlignedFloats frames = noise_rows(n);
  AlignedFloats work = noise_rows(n), power = noise_rows(n / 2 + 1), re = noise_rows(n / 2 + 1),
                im = noise_rows(n / 2 + 1);
  const BatchFft fft(n);
  fft.power(work.data(), power.data());
  std::memcpy(work.data(), frames.data(), frames.size() * sizeof(float));
  fft.spectrum(work.data(), re.data(), im.data());
  const double tolerance = 1e-6 * n;  // single precision: rounding grows with the sum
  for (int k = 0; k <= n / 2; k += std::max(1, n / 64)) {
    const std::size_t lane = static_cast<std::size_t>(k) % lanes, at = k * lanes + lane;
    double r = 0, i = 0;
    for (int t = 0; t < n; ++t) {
      const double angle = 2 * math::pi * (static_cast<std::int64_t>(k) * t % n) / n;
      r += frames[t * lanes + lane] * math::cos(angle);
      i -= frames[t * lanes + lane] * math::sin(angle);
    }
    EXPECT_NEAR(re[at], r, tolerance);
    EXPECT_NEAR(im[at], i, tolerance);
    EXPECT_NEAR(power[at], r * r + i * i, tolerance * (1 + 2 * math::sqrt(r * r + i * i)));
  }
}

TEST_P(Fft, InverseOfThePowerIsTheCircularAutocorrelation) {
  const int n = GetParam();
  const AlignedFloats frames = noise_rows(n, 7);
  AlignedFloats work = noise_rows(n, 7), power = noise_rows(n / 2 + 1);
  const BatchFft fft(n);
  fft.power(work.data(), power.data());
  fft.autocorrelation(power.data(), work.data());
  for (int lag = 0; lag < n / 4; lag += std::max(1, n / 64)) {
    double sum = 0;
    for (int t = 0; t < n; ++t) sum += frames[t * lanes + 3] * frames[(t + lag) % n * lanes + 3];
    EXPECT_NEAR(work[lag * lanes + 3] / n, sum, 1e-6 * n);  // as above
  }
}

TEST_P(Fft, EveryInstructionSetGivesTheSameBits) {
  const int n = GetParam();
  AlignedFloats expected = noise_rows(n), expected_power = noise_rows(n / 2 + 1);
  const BatchFft plain(n, InstructionSet::baseline);
  plain.power(expected.data(), expected_power.data());
  plain.autocorrelation(expected_power.data(), expected.data());
  for (InstructionSet set : available_instruction_sets()) {
    AlignedFloats work = noise_rows(n), power = noise_rows(n / 2 + 1);
    const BatchFft fft(n, set);
    fft.power(work.data(), power.data());
    EXPECT_EQ(std::memcmp(power.data(), expected_power.data(), power.size() * sizeof(float)), 0);
    fft.autocorrelation(power.data(), work.data());
    EXPECT_EQ(std::memcmp(work.data(), expected.data(), static_cast<std::size_t>(n / 4) * lanes * 4), 0);
  }
}

TEST(FftGather, SamplesOutsideTheSignalAreZero) {
  const std::vector<float> signal(20, 2.0F), window(10, 0.5F);
  std::ptrdiff_t starts[lanes];
  for (int l = 0; l < lanes; ++l) starts[l] = 2 * l - 8;
  AlignedFloats frames = noise_rows(16);
  BatchFft(16).gather(signal, starts, window, frames.data());
  for (int t = 0; t < 16; ++t)
    for (int l = 0; l < lanes; ++l) {
      const std::ptrdiff_t at = starts[l] + t;
      EXPECT_EQ(frames[t * lanes + l], t < 10 && at >= 0 && at < 20 ? 1.0F : 0.0F);
    }
}

TEST(Kernels, DotProductsHaveTheSameBitsAtOddLengthsAndAlignments) {
  const AlignedFloats a = noise_rows(10, 3), b = noise_rows(10, 5);
  for (InstructionSet set : available_instruction_sets())
    for (std::size_t count : {0U, 1U, 5U, 15U, 16U, 17U, 31U, 33U, 100U, 131U})
      for (std::size_t offset : {0U, 1U, 3U, 7U}) {
        const float plain =
            kernels(InstructionSet::baseline).dot(a.data() + offset, b.data() + 2 * offset, count);
        const float fast = kernels(set).dot(a.data() + offset, b.data() + 2 * offset, count);
        EXPECT_EQ(std::memcmp(&plain, &fast, sizeof plain), 0) << count << " from " << offset;
        double sum = 0;
        for (std::size_t i = 0; i < count; ++i) sum += double{a[offset + i]} * b[2 * offset + i];
        EXPECT_NEAR(fast, sum, 1e-5);  // single precision over at most 131 terms below 1
      }
}

}  // namespace
}  // namespace orakgarak::voice
