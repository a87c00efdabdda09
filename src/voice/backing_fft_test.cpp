#include "voice/backing_fft.h"

#include <gtest/gtest.h>

#include "base/math.h"
#include "voice/testing/sounds.h"

namespace orakgarak::voice {
namespace {

class RealFftSizes : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Sizes, RealFftSizes, testing::Values(8, 16, 32, 128, 2048, 1 << 15));

TEST_P(RealFftSizes, AgreesWithTheDefinition) {
  const int n = GetParam();
  const auto signal = sounds::noise(Hertz(n), Seconds(1), 1);
  RealFft fft(n);
  ASSERT_EQ(fft.bins(), n / 2 + 1);
  Bins bins(fft.bins());
  fft.forward(signal, bins);
  for (int k = 0; k <= n / 2; k += std::max(1, n / 32)) {
    double re = 0, im = 0;
    for (int t = 0; t < n; ++t) {
      const double angle = 2 * math::pi * static_cast<double>(static_cast<std::int64_t>(k) * t % n) / n;
      re += signal[static_cast<std::size_t>(t)] * math::cos(angle);
      im -= signal[static_cast<std::size_t>(t)] * math::sin(angle);
    }
    const double tolerance = 1e-6 * n;  // single precision: rounding grows with the sum
    EXPECT_NEAR(bins.re[static_cast<std::size_t>(k)], re, tolerance);
    EXPECT_NEAR(bins.im[static_cast<std::size_t>(k)], im, tolerance);
  }
}

TEST_P(RealFftSizes, TheInverseIsTheWayBack) {
  const int n = GetParam();
  const auto signal = sounds::noise(Hertz(n), Seconds(1), 1, 3);
  RealFft fft(n);
  Bins bins(fft.bins());
  sounds::Samples back(signal.size());
  fft.forward(signal, bins);
  fft.inverse(bins, back);
  for (std::size_t i = 0; i < back.size(); ++i) ASSERT_NEAR(back[i], signal[i], 1e-5);
}

}  // namespace
}  // namespace orakgarak::voice
