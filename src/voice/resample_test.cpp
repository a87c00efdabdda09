#include "voice/resample.h"

#include <gtest/gtest.h>

#include "base/math.h"

namespace orakgarak::voice {
namespace {

std::vector<float> sine(double hz, int rate, std::size_t count) {
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i)
    out[i] = static_cast<float>(math::sin(2 * math::pi * hz * static_cast<double>(i) / rate));
  return out;
}

class Resample : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Rates, Resample,
                         testing::Values(8000, 11025, 16000, 22050, 44100, 44101, 48000, 96000, 192000,
                                         383999));

TEST_P(Resample, KeepsAToneInPlaceAndHeight) {
  const int rate = GetParam();
  std::vector<float> out;
  Resampler resampler(rate, 16000);
  resampler.push(sine(1000, rate, static_cast<std::size_t>(rate) / 5), out);
  resampler.finish(out);
  const std::vector<float> expected = sine(1000, 16000, 3200);
  EXPECT_NEAR(static_cast<double>(out.size()), 3200, 1);
  for (std::size_t i = 200; i < 3000; ++i)  // pass-band ripple of a 70 dB design
    ASSERT_NEAR(out[i], expected[i], 1e-3) << i;
}

TEST_P(Resample, DoesNotDependOnTheCut) {
  const int rate = GetParam();
  const std::vector<float> in = sine(440, rate, static_cast<std::size_t>(rate) / 20);
  std::vector<float> whole, pieces;
  Resampler one(rate, 16000), many(rate, 16000);
  one.push(in, whole);
  one.finish(whole);
  for (std::size_t i = 0, step = 1; i < in.size(); i += step, step = step * 7 % 97 + 1)
    many.push(std::span(in).subspan(i, std::min(step, in.size() - i)), pieces);
  many.finish(pieces);
  EXPECT_EQ(whole, pieces);
}

TEST_P(Resample, EveryInstructionSetGivesTheSameBits) {
  const int rate = GetParam();
  const std::vector<float> in = sine(333, rate, static_cast<std::size_t>(rate) / 50);
  std::vector<float> expected;
  Resampler plain(rate, 16000, InstructionSet::baseline);
  plain.push(in, expected);
  plain.finish(expected);
  for (InstructionSet set : available_instruction_sets()) {
    std::vector<float> out;
    Resampler fast(rate, 16000, set);
    fast.push(in, out);
    fast.finish(out);
    EXPECT_EQ(out, expected);
  }
}

TEST(Resample, StopsWhatWouldFold) {
  std::vector<float> out;
  Resampler resampler(44100, 8000);
  resampler.push(sine(6000, 44100, 8820), out);
  for (std::size_t i = 100; i + 100 < out.size(); ++i) ASSERT_LT(std::abs(out[i]), 1e-3) << i;  // −60 dB
}

TEST(Resample, LagsNoMoreThanItsReach) {
  Resampler resampler(48000, 16000);
  std::vector<float> out;
  resampler.push(std::vector<float>(static_cast<std::size_t>(resampler.reach()) + 1, 1.0F), out);
  EXPECT_EQ(out.size(), 1U);
}

TEST(DcBlocker, TakesAnOffsetAwayFromTheFirstSample) {
  std::vector<float> samples(1000, 0.25F);
  DcBlocker(16000).run(samples);
  for (float x : samples) ASSERT_EQ(x, 0.0F);
}

}  // namespace
}  // namespace orakgarak::voice
