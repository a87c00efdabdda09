#include "formats/waveform.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace orakgarak::formats {
namespace {

std::vector<float> ramp(std::size_t size) {
  std::vector<float> samples(size);
  for (std::size_t i = 0; i < size; ++i)
    samples[i] = (i % 2 == 0 ? 1.0F : -1.0F) * static_cast<float>(i) / static_cast<float>(size);
  return samples;
}

TEST(Waveform, OfATakeThatGrowsLouderRises) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{63}, std::size_t{6400}, std::size_t{38'400},
                                 std::size_t{38'401}, std::size_t{1'000'003}}) {
    Waveform waveform;
    waveform.add(ramp(size));
    const auto peaks = waveform.peaks();
    ASSERT_FALSE(peaks.empty()) << size;
    EXPECT_LE(peaks.size(), most_peaks);
    EXPECT_GE(peaks.size(), std::min(size / 64, most_peaks / 2)) << size;
    EXPECT_TRUE(std::ranges::is_sorted(peaks)) << size;
    EXPECT_GE(peaks.back(), size == 1 ? 0 : 240) << size;
  }
}

TEST(Waveform, DoesNotDependOnHowTheSamplesCome) {
  const auto samples = ramp(100'000);
  Waveform whole, pieces;
  whole.add(samples);
  std::span<const float> left = samples;
  for (std::size_t piece = 1; !left.empty(); piece = piece * 7 % 1009 + 1) {
    const auto now = left.first(std::min(piece, left.size()));
    pieces.add(now);
    left = left.subspan(now.size());
  }
  EXPECT_EQ(whole.peaks(), pieces.peaks());
}

TEST(Waveform, HasNoSenselessPeaks) {
  Waveform waveform;
  EXPECT_TRUE(waveform.peaks().empty());
  waveform.add(std::vector{std::numeric_limits<float>::quiet_NaN(), 0.0F});
  EXPECT_EQ(waveform.peaks(), std::vector<std::uint8_t>{0});
  waveform.add(std::vector{-std::numeric_limits<float>::infinity(), 3.0F});
  EXPECT_EQ(waveform.peaks(), std::vector<std::uint8_t>{255});
}

}  // namespace
}  // namespace orakgarak::formats
