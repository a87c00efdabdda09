#include "voice/take_signal.h"

#include <gmock/gmock.h>

#include <cmath>

#include "voice/resample.h"

namespace orakgarak::voice {
namespace {

std::vector<float> played(TakeSignal signal) {
  std::vector<float> out;
  std::move(signal).to_analysis_rate(
      [&](std::span<const float> part) { out.insert(out.end(), part.begin(), part.end()); });
  return out;
}

std::vector<float> resampled(const TakeSignal& signal) {
  return TakeSignal(signal).to_analysis_rate([](std::span<const float>) {});
}

std::vector<float> saw(std::size_t count, float height) {
  std::vector<float> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(height * (static_cast<float>(i % 37) / 18 - 1));
  return out;
}

TEST(TakeSignal, KeepsEverySampleToFifteenBitsOfItsBlock) {
  auto samples = saw(1000, 0.5F);
  const auto quiet = saw(1000, 1e-5F);  // 94 dB below: 16 bits of full scale would not hold it
  samples.insert(samples.begin() + 512, quiet.begin(), quiet.end());
  TakeSignal signal;
  signal.push(samples);
  const auto out = played(signal);
  ASSERT_EQ(out.size(), samples.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool soft = i >= 512 && i < 1280;  // blocks without a loud sample
    ASSERT_NEAR(out[i], samples[i], soft ? 1e-9 : 2e-5) << i;
  }
}

TEST(TakeSignal, DoesNotDependOnTheCut) {
  const auto samples = saw(2000, 0.3F);
  TakeSignal whole, cut;
  whole.push(samples);
  for (std::size_t at = 0; at < samples.size(); at += 7)
    cut.push(std::span(samples).subspan(at, std::min<std::size_t>(7, samples.size() - at)));
  EXPECT_EQ(played(whole), played(cut));
  EXPECT_EQ(resampled(whole), resampled(cut));
  EXPECT_EQ(whole.loud_level_db(), cut.loud_level_db());
}

TEST(TakeSignal, KnowsTheLevelOfItsLoudMoments) {
  TakeSignal signal;
  EXPECT_EQ(signal.loud_level_db(), -200);
  signal.push(std::vector<float>(16000));
  EXPECT_EQ(signal.loud_level_db(), -200);
  signal.push(std::vector<float>(16000, 0.1F));
  EXPECT_NEAR(signal.loud_level_db(), -20, 0.01);
}

TEST(TakeSignal, IsWhatItWasGivenWhereThatIsLessThanABlock) {
  TakeSignal signal;
  EXPECT_EQ(resampled(signal), std::vector<float>());
  signal.push(saw(100, 0.2F));
  EXPECT_EQ(played(signal), saw(100, 0.2F));
  EXPECT_EQ(resampled(signal).size(), 50U);
}

TEST(TakeSignal, BecomesTheSameAtHalfTheRateWhereItLies) {
  for (const std::size_t count : {1U, 255U, 256U, 257U, 511U, 512U, 513U, 20001U}) {
    const auto samples = saw(count, 0.5F);
    Resampler halve(16000, 8000);
    std::vector<float> expected;
    halve.push(samples, expected);
    halve.finish(expected);
    TakeSignal signal;
    signal.push(samples);
    const auto out = resampled(signal);
    ASSERT_EQ(out.size(), expected.size()) << count;
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], expected[i], 4e-5) << count << ' ' << i;
  }
}

TEST(TakeSignal, NeedsNoMoreMemoryInTheEnd) {
  TakeSignal signal;
  signal.reserve(20000);
  signal.push(saw(20000, 0.5F));
  const auto out = std::move(signal).to_analysis_rate([](std::span<const float>) {});
  EXPECT_EQ(out.capacity(), 10000U);
}

}  // namespace
}  // namespace orakgarak::voice
