// The singer whose pitch is known exactly, heard by the engine: the whole chain against the truth.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "voice/demo_singer.h"
#include "voice/engine.h"

namespace orakgarak::voice {
namespace {

struct Heard {
  SungTruth truth;
  VoiceReport report;
};

/// Sung and heard once for all the tests of a voice.
const Heard& heard(VoiceType voice) {
  static std::map<VoiceType, Heard> takes;
  const auto [at, missing] = takes.try_emplace(voice);
  if (missing) {
    SungTake take = sing(voice, demo_melody(voice), Hertz(44100));
    Engine engine = *Engine::create(take.audio.rate);
    engine.push(take.audio.samples);
    at->second = {std::move(take.truth), engine.finish()};
  }
  return at->second;
}

class DemoSingerHeard : public testing::TestWithParam<VoiceType> {
 protected:
  const SungTruth& truth_ = heard(GetParam()).truth;
  const VoiceReport& report_ = heard(GetParam()).report;
};

TEST_P(DemoSingerHeard, PitchIsRightToTwoCentsAndInTheRightOctave) {
  std::vector<double> cents;
  for (std::size_t i = 0; i < std::min(truth_.f0.size(), report_.frames.size()); ++i)
    if (truth_.f0[i] > 0 && report_.frames[i].voiced())
      cents.push_back(std::fabs(1200 * math::log2(report_.frames[i].f0.value / truth_.f0[i])));
  auto sung = std::ranges::count_if(truth_.f0, [](double f) { return f > 0; });
  EXPECT_GE(static_cast<double>(cents.size()), 0.99 * static_cast<double>(sung));
  auto wrong_octave = std::ranges::count_if(cents, [](double c) { return c > 600; });
  EXPECT_LE(static_cast<double>(wrong_octave), 0.003 * static_cast<double>(cents.size()));
  std::ranges::nth_element(cents, cents.begin() + std::ssize(cents) / 2);
  EXPECT_LE(cents[cents.size() / 2], 2);
}

TEST_P(DemoSingerHeard, RangeEndsAreRightToATenthOfASemitone) {
  ASSERT_TRUE(report_.range.lowest && report_.range.highest);
  EXPECT_NEAR(report_.range.lowest->pitch.value, truth_.lowest.value, 0.1);
  EXPECT_NEAR(report_.range.highest->pitch.value, truth_.highest.value, 0.1);
}

TEST_P(DemoSingerHeard, NothingIsWrongWithTheRecording) {
  for (const CaptureAdvice& a : report_.capture.advice) ADD_FAILURE() << to_string(a.fault) << ' ' << a.value;
}

INSTANTIATE_TEST_SUITE_P(SixVoices, DemoSingerHeard,
                         testing::Values(VoiceType::bass, VoiceType::baritone, VoiceType::tenor,
                                         VoiceType::alto, VoiceType::mezzo, VoiceType::soprano));

}  // namespace
}  // namespace orakgarak::voice
