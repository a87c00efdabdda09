#include "voice/backing_path.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "voice/testing/sounds.h"

namespace orakgarak::voice {
namespace {

const Hertz rate(16000);

sounds::Samples some_path(std::size_t taps) {
  auto path = sounds::noise(rate, Seconds(static_cast<double>(taps) / rate.value), 1, 9);
  for (std::size_t k = 0; k < taps; ++k)
    path[k] *= static_cast<float>(math::exp(-4.0 * static_cast<double>(k) / static_cast<double>(taps)));
  return path;
}

TEST(BackingPath, ThroughAPathIsTheConvolution) {
  const auto signal = sounds::noise(rate, Seconds(1.3), 1);  // no whole number of blocks
  const auto path = some_path(5000);
  const auto out = through_path(signal, path);
  ASSERT_EQ(out.size(), signal.size());
  for (std::size_t n = 0; n < signal.size(); n += 997) {
    double sum = 0;
    for (std::size_t k = 0; k < path.size() && k <= n; ++k)
      sum += static_cast<double>(path[k]) * signal[n - k];
    EXPECT_NEAR(out[n], sum, 1e-3);
  }
}

TEST(BackingPath, LeastSquaresFindsThePath) {
  const auto signal = sounds::noise(rate, Seconds(8), 1);
  const auto path = some_path(600);
  const auto found = least_squares_path(through_path(signal, path), signal, 1000);
  ASSERT_EQ(found.size(), 1000U);
  // 0.1 % of white noise is assumed beside the signal; a longer path than there is has nothing to say.
  for (std::size_t k = 0; k < found.size(); ++k)
    EXPECT_NEAR(found[k], k < path.size() ? path[k] : 0, 0.01) << k;
}

TEST(BackingPath, WhereNothingIsPlayedThereIsNoPath) {
  const auto found =
      least_squares_path(sounds::noise(rate, Seconds(1), 1), sounds::silence(rate, Seconds(1)), 64);
  EXPECT_TRUE(std::ranges::all_of(found, [](float h) { return h == 0; }));
  EXPECT_TRUE(through_path({}, found).empty());
}

}  // namespace
}  // namespace orakgarak::voice
