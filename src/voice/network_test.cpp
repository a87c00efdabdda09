#include "voice/network.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>

#include "base/math.h"
#include "voice/demo_singer.h"
#include "voice/network_reference.h"

namespace orakgarak::voice {
namespace {

std::vector<float> demo_take(double seconds) {
  auto take = sing(VoiceType::tenor, demo_melody(VoiceType::tenor), network_rate).audio.samples;
  take.resize(static_cast<std::size_t>(seconds * network_rate.value));
  return take;
}

std::vector<NetworkFrame> run(std::span<const float> signal, InstructionSet set = best_instruction_set(),
                              std::size_t cut = 100000) {
  std::vector<NetworkFrame> out;
  const auto keep = [&](const NetworkFrame& f) { out.push_back(f); };
  Network network(set);
  for (; !signal.empty(); signal = signal.subspan(std::min(cut, signal.size())))
    network.push(signal.first(std::min(cut, signal.size())), keep);
  network.finish(keep);
  return out;
}

double octave(const NetworkFrame& f) {
  const auto best = std::max_element(f.likelihood.begin(), f.likelihood.end()) - f.likelihood.begin();
  double sum = 0, weights = 0;
  for (auto b = std::max<std::ptrdiff_t>(0, best - 1);
       b <= std::min<std::ptrdiff_t>(network_bins - 1, best + 1); ++b) {
    const double w = math::exp(double{f.likelihood[static_cast<std::size_t>(b)]} -
                               f.likelihood[static_cast<std::size_t>(best)]);
    sum += w * (network_lowest_octave + static_cast<double>(b) * network_bin_octaves);
    weights += w;
  }
  return sum / weights;
}

double probability(const NetworkFrame& f) { return 1 / (1 + math::exp(-double{f.voicing})); }

bool same_bits(const std::vector<NetworkFrame>& a, const std::vector<NetworkFrame>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(NetworkFrame)) == 0;
}

TEST(Network, IsThatOfThePlainLoops) {
  const auto take = demo_take(6);
  const auto fast = run(take), plain = run_network_plainly(take);
  ASSERT_EQ(fast.size(), plain.size());
  int voiced = 0;
  for (std::size_t t = 0; t < fast.size(); ++t) {
    EXPECT_NEAR(probability(fast[t]), probability(plain[t]), 0.006) << t;
    if (probability(plain[t]) < 0.5) continue;
    ++voiced;
    EXPECT_NEAR(octave(fast[t]), octave(plain[t]), 0.4 / 1200) << t;
  }
  EXPECT_GT(voiced, 100);
}

TEST(Network, HearsTheToneThatSounds) {
  for (const double hertz : {82.41, 220.0, 440.0, 987.8}) {
    std::vector<float> tone;
    for (int i = 0; i < 16000; ++i) {
      double sum = 0;
      for (int k = 1; k <= 8 && k * hertz < 7000; ++k)
        sum += math::sin(2 * math::pi * hertz * k * i / 16000) / k;
      tone.push_back(static_cast<float>(0.1 * sum));
    }
    const auto frames = run(tone);
    ASSERT_EQ(frames.size(), 62U);
    EXPECT_GT(probability(frames[31]), 0.9) << hertz;
    EXPECT_NEAR(octave(frames[31]), math::log2(hertz), 0.02) << hertz;
  }
}

TEST(Network, EveryInstructionSetGivesTheSameBits) {
  const auto take = demo_take(4);
  const auto first = run(take, InstructionSet::baseline);
  for (const InstructionSet set : available_instruction_sets()) EXPECT_TRUE(same_bits(first, run(take, set)));
}

TEST(Network, TheFramesDoNotDependOnTheCut) {
  const auto take = demo_take(3);
  const auto whole = run(take);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{255}, std::size_t{4096}, std::size_t{4097}})
    EXPECT_TRUE(same_bits(whole, run(take, best_instruction_set(), cut))) << cut;
}

TEST(Network, EachFrameIsKnown6656SamplesAfterItsCentre) {
  const auto take = demo_take(3);
  Network network;
  std::size_t known = 0;
  for (std::size_t i = 0; i < take.size(); ++i) {
    network.push(std::span(take).subspan(i, 1), [&](const NetworkFrame&) { ++known; });
    ASSERT_LT(i + 1, known * network_hop + 6656) << i;
  }
}

TEST(Network, HasOneFrameAHopAndOneForTheShortestTake) {
  for (const std::size_t samples :
       {std::size_t{0}, std::size_t{1}, std::size_t{255}, std::size_t{256}, std::size_t{511}})
    EXPECT_EQ(run(std::vector<float>(samples, 0.1F)).size(), 1U) << samples;
  EXPECT_EQ(run(std::vector<float>(512, 0.1F)).size(), 2U);
  EXPECT_EQ(run(std::vector<float>(std::size_t{17} * 256 + 255)).size(), 17U);
}

TEST(Network, SilenceOffsetAndFullScaleGiveNumbers) {
  std::vector<float> square(8000);
  for (std::size_t i = 0; i < square.size(); ++i) square[i] = i / 40 % 2 == 0 ? 1.0F : -1.0F;
  for (const auto& take : {std::vector<float>(8000), std::vector<float>(8000, 1.0F), square}) {
    const auto fast = run(take), plain = run_network_plainly(take);
    for (std::size_t t = 0; t < fast.size(); ++t) {
      EXPECT_TRUE(std::isfinite(fast[t].voicing));
      EXPECT_NEAR(probability(fast[t]), probability(plain[t]), 0.05) << t;
    }
  }
}

// Beyond what the integers hold, values are cut: nothing wraps round.
TEST(Network, WhatIsFarTooLoudIsStillHeard) {
  auto take = demo_take(3);
  const auto usual = run(take);
  for (float& s : take) s *= 1000;
  const auto loud = run(take);
  for (std::size_t t = 0; t < usual.size(); ++t)
    if (probability(usual[t]) > 0.9) {
      EXPECT_NEAR(octave(loud[t]), octave(usual[t]), 0.1) << t;
    }
}

}  // namespace
}  // namespace orakgarak::voice
