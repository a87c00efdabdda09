#include "voice/network_signal.h"

#include <gmock/gmock.h>

#include <cmath>

namespace orakgarak::voice {
namespace {

std::vector<float> played(const NetworkSignal& signal, float gain = 1) {
  std::vector<float> out;
  signal.play(gain, [&](std::span<const float> part) { out.insert(out.end(), part.begin(), part.end()); });
  return out;
}

std::vector<float> saw(std::size_t count, float height) {
  std::vector<float> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(height * (static_cast<float>(i % 37) / 18 - 1));
  return out;
}

TEST(NetworkSignal, KeepsEverySampleToFifteenBitsOfItsBlock) {
  auto samples = saw(1000, 0.5F);
  const auto quiet = saw(1000, 1e-5F);  // 94 dB below: 16 bits of full scale would not hold it
  samples.insert(samples.begin() + 512, quiet.begin(), quiet.end());
  NetworkSignal signal;
  signal.push(samples);
  const auto out = played(signal, 2);
  ASSERT_EQ(out.size(), samples.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool soft = i >= 512 && i < 1280;  // blocks without a loud sample
    ASSERT_NEAR(out[i], 2 * samples[i], soft ? 2e-9 : 4e-5) << i;
  }
}

TEST(NetworkSignal, DoesNotDependOnTheCut) {
  const auto samples = saw(2000, 0.3F);
  NetworkSignal whole, cut;
  whole.push(samples);
  for (std::size_t at = 0; at < samples.size(); at += 7)
    cut.push(std::span(samples).subspan(at, std::min<std::size_t>(7, samples.size() - at)));
  EXPECT_EQ(played(whole), played(cut));
  EXPECT_EQ(whole.loud_level_db(), cut.loud_level_db());
}

TEST(NetworkSignal, KnowsTheLevelOfItsLoudMoments) {
  NetworkSignal signal;
  EXPECT_EQ(signal.loud_level_db(), -200);
  signal.push(std::vector<float>(16000));
  EXPECT_EQ(signal.loud_level_db(), -200);
  signal.push(std::vector<float>(16000, 0.1F));
  EXPECT_NEAR(signal.loud_level_db(), -20, 0.01);
}

TEST(NetworkSignal, IsWhatItWasGivenWhereThatIsLessThanABlock) {
  NetworkSignal signal;
  EXPECT_TRUE(signal.empty());
  signal.push(saw(100, 0.2F));
  EXPECT_FALSE(signal.empty());
  EXPECT_EQ(played(signal), saw(100, 0.2F));
}

}  // namespace
}  // namespace orakgarak::voice
