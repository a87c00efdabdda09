#include "voice/capture_source.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "voice/testing/sounds.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

SourceMeter metered(const Samples& samples, Hertz rate = Hertz(48000), std::size_t first_cut = 1000000,
                    InstructionSet set = best_instruction_set()) {
  SourceMeter meter(rate, set);
  std::span<const float> rest = samples;
  for (std::size_t cut = first_cut; !rest.empty(); cut = cut * 31 % 4099 + 1) {
    meter.push(rest.first(std::min(cut, rest.size())));
    rest = rest.subspan(std::min(cut, rest.size()));
  }
  meter.finish();
  return meter;
}

Samples tone(double peak, double seconds = 1) {
  return sounds::sine(Hertz(441), Hertz(48000), Seconds(seconds), peak);
}

Samples held_to(Samples samples, float low, float high) {
  for (float& x : samples) x = std::clamp(x, low, high);
  return samples;
}

/// A second of hiss, a second of it 60 dB softer, and so on: a sound that changes in all of its band.
Samples bursts(Hertz rate, int count = 6) {
  Samples out = sounds::noise(rate, Seconds(count), 0.1);
  const auto second = static_cast<std::size_t>(rate.value);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (i / second % 2 == 1) out[i] *= 0.001F;
  return out;
}

/// Only what lies below `edge`: 255 taps under a Hann window.
Samples below(Hertz edge, const Samples& in, Hertz rate) {
  constexpr int half = 127;
  const double turn = edge / rate;  // cycles a sample
  std::vector<float> filter;
  for (int t = -half; t <= half; ++t) {
    const double x = 2 * math::pi * turn * t, window = 0.5 + 0.5 * math::cos(math::pi * t / (half + 1));
    filter.push_back(static_cast<float>(window * 2 * turn * (t == 0 ? 1 : math::sin(x) / x)));
  }
  Samples out(in.size());
  for (std::size_t i = half; i + half < in.size(); ++i)
    out[i] = kernels(best_instruction_set()).dot(in.data() + i - half, filter.data(), filter.size());
  return out;
}

TEST(SourcePeak, IsTheLargestOfBothSigns) {
  EXPECT_EQ(metered({}).peak(), 0);
  EXPECT_EQ(metered({0.1F, -0.7F, 0.5F}).peak(), 0.7F);
  EXPECT_EQ(metered({0.1F, -0.2F, 0.5F}).peak(), 0.5F);
}

TEST(SourceClipping, ACleanToneHasNone) {
  for (double peak : {0.999, 0.1}) EXPECT_EQ(metered(tone(peak)).clipped_share(), 0) << peak;
}

TEST(SourceClipping, IsTheShareOfFlatSamples) {
  const Samples clipped = held_to(tone(2), -1, 1);
  const auto flat = std::ranges::count_if(clipped, [](float x) { return std::abs(x) == 1; });
  EXPECT_DOUBLE_EQ(metered(clipped).clipped_share(),
                   static_cast<double>(flat) / static_cast<double>(clipped.size()));
}

TEST(SourceClipping, IsFoundAfterTheRecordingWasTurnedDown) {
  const double share = metered(held_to(tone(2), -1, 1)).clipped_share();
  EXPECT_DOUBLE_EQ(metered(sounds::scaled(held_to(tone(2), -1, 1), 0.1)).clipped_share(), share);
}

TEST(SourceClipping, IsFoundOnOneSide) {
  EXPECT_GT(metered(held_to(tone(2), -3, 1)).clipped_share(), 0);  // the other side is higher and round
  EXPECT_GT(metered(held_to(tone(2), -1, 3)).clipped_share(), 0);
}

TEST(SourceClipping, FlatPlacesBelowTheHighestLevelAreNoClipping) {
  // A limiter that opened later: what counts is the level that nothing exceeds.
  EXPECT_EQ(metered(sounds::joined({held_to(tone(0.4), -0.2F, 0.2F), tone(0.9)})).clipped_share(), 0);
}

TEST(SourceClipping, FourSamplesAreNotFlatAt48KilohertzAndFiveAre) {
  for (std::size_t run : {4U, 5U}) {
    Samples samples = tone(0.5);
    std::fill_n(samples.begin() + 1000, run, 0.8F);
    EXPECT_EQ(metered(samples).clipped_share() > 0, run == 5) << run;  // 0.1 ms are 4.8 samples
  }
}

TEST(SourceClipping, TheLastSamplesCountToo) {
  Samples samples = tone(0.5);
  samples.insert(samples.end(), 10, 0.8F);
  EXPECT_DOUBLE_EQ(metered(samples).clipped_share(), 10 / 48010.0);
}

TEST(SourceClipping, IsNotLookedForInVerySoftTakes) {
  // Below −26 dBFS: the steps of 16 bits make every crest flat.
  EXPECT_EQ(metered(held_to(tone(0.1), -0.049F, 0.049F)).clipped_share(), 0);
  EXPECT_GT(metered(held_to(tone(0.1), -0.051F, 0.051F)).clipped_share(), 0);
}

TEST(SourceBandwidth, OfASoundInAllOfTheBandIsHalfTheRate) {
  for (double rate : {8000.0, 16000.0, 44100.0})
    EXPECT_DOUBLE_EQ(metered(bursts(Hertz(rate)), Hertz(rate)).bandwidth().edge.value, rate / 2) << rate;
}

TEST(SourceBandwidth, EndsWhereTheCodecCut) {
  const Hertz rate(48000);
  for (double edge : {3400.0, 7000.0, 16000.0}) {
    const Bandwidth band = metered(below(Hertz(edge), bursts(rate), rate), rate).bandwidth();
    // Bands are 375 Hz wide, and the filter takes 500 Hz to fall by the 65 dB that are still heard.
    EXPECT_NEAR(band.edge.value, edge, 900) << edge;
    EXPECT_LT(band.floor.value, -40) << edge;
  }
}

TEST(SourceBandwidth, HissThatDoesNotChangeHidesWhatLiesAboveIt) {
  const Hertz rate(48000);
  const Samples voice = below(Hertz(5000), bursts(rate), rate);
  const Bandwidth band =
      metered(sounds::mixed(voice, sounds::noise(rate, Seconds(6), 0.02)), rate).bandwidth();
  EXPECT_NEAR(band.edge.value, 5000, 600);
  EXPECT_GT(band.floor.value, -40);  // louder than a codec's dead band
}

TEST(SourceBandwidth, WhereNothingChangesItIsZero) {
  EXPECT_EQ(metered({}).bandwidth().edge.value, 0);
  EXPECT_EQ(metered(Samples(96000)).bandwidth().edge.value, 0);
  EXPECT_EQ(metered(sounds::noise(Hertz(16000), Seconds(40), 0.1), Hertz(16000)).bandwidth().edge.value, 0);
}

TEST(SourceMeter, DoesNotDependOnTheCutsNorOnTheInstructionSet) {
  const Hertz rate(44100);
  const Samples samples = held_to(sounds::mixed(bursts(rate, 3), tone(0.4, 3)), -0.45F, 0.45F);
  const SourceMeter whole = metered(samples, rate, samples.size(), InstructionSet::baseline);
  for (InstructionSet set : available_instruction_sets())
    for (std::size_t cut : {1U, 63U, 64U, 65U, 5000U}) {
      const SourceMeter pieces = metered(samples, rate, cut, set);
      EXPECT_EQ(pieces.peak(), whole.peak());
      EXPECT_EQ(pieces.clipped_share(), whole.clipped_share());
      EXPECT_EQ(pieces.bandwidth().edge, whole.bandwidth().edge);
      EXPECT_EQ(pieces.bandwidth().floor, whole.bandwidth().floor);
    }
  EXPECT_GT(whole.clipped_share(), 0);
}

}  // namespace
}  // namespace orakgarak::voice
