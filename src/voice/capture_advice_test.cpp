// What is said of several faults at once, and how.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "voice/testing/capture.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

constexpr CaptureFault all_faults[] = {
    CaptureFault::silence,         CaptureFault::too_quiet,     CaptureFault::clipped,
    CaptureFault::noisy,           CaptureFault::narrow_band,   CaptureFault::hum,
    CaptureFault::reverberant,     CaptureFault::accompaniment, CaptureFault::speech,
    CaptureFault::instrument,      CaptureFault::pure_tone,     CaptureFault::no_voice,
    CaptureFault::invalid_samples, CaptureFault::too_little};

TEST(CaptureAdvice, EachFaultHasACodeForProgramsAndASentenceForSingers) {
  std::set<std::string_view> codes, sentences;
  for (CaptureFault f : all_faults) {
    codes.insert(to_string(f));
    sentences.insert(advice(f));
    EXPECT_TRUE(std::ranges::all_of(to_string(f), [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); }));
    EXPECT_TRUE(advice(f).ends_with('.')) << to_string(f);
  }
  EXPECT_EQ(codes.size(), std::size(all_faults));
  EXPECT_EQ(sentences.size(), std::size(all_faults));
}

TEST(CaptureAdvice, OnlyWhatIsNoSingingHasNoRange) {
  const std::set<CaptureFault> no_singing = {CaptureFault::silence,    CaptureFault::no_voice,
                                             CaptureFault::too_little, CaptureFault::pure_tone,
                                             CaptureFault::instrument, CaptureFault::speech};
  for (CaptureFault f : all_faults) {
    EXPECT_EQ(is_no_singing({f, 1, true}), no_singing.contains(f)) << to_string(f);
    EXPECT_FALSE(is_no_singing({f, 1, false})) << to_string(f);
  }
}

DrawnTrack phrases() {
  DrawnTrack drawn;
  for (int i = 0; i < 4; ++i) drawn.jitter(12).hold(62 + 2 * i, 1).rest(1);
  return drawn;
}

TEST(CaptureAdvice, TheWorstComesFirst) {
  // Drowned in noise, soft, and with two samples that were no numbers.
  const DrawnTrack drawn = phrases();
  Samples sound = sounds::mixed(recorded(drawn), sounds::noise(timbre_rate, Seconds(8), 0.2, 9));
  sound = sounds::scaled(sound, 0.01);
  EXPECT_EQ(faults(captured(drawn, sound, 2)), "noisy! too_quiet invalid_samples");
}

TEST(CaptureAdvice, WhatBlocksComesBeforeWhatDoesNot) {
  DrawnTrack drawn;  // half talk, half song
  for (int i = 0; i < 15; ++i) drawn.line(55 + i % 3, 50 + i % 3, 0.2).rest(0.1);
  for (int i = 0; i < 3; ++i) drawn.jitter(12).hold(52, 0.5).rest(0.3);
  const Samples sound = sounds::mixed(recorded(drawn), sounds::noise(timbre_rate, Seconds(8), 0.2, 9));
  EXPECT_EQ(faults(captured(drawn, sound)), "noisy! speech");
}

TEST(CaptureAdvice, ClippingIsToldOfWhatIsNoSingingToo) {
  Samples square(16000 * 3);
  for (std::size_t i = 0; i < square.size(); ++i) square[i] = i / 40 % 2 == 0 ? 0.5F : -0.5F;
  const DrawnTrack drawn = DrawnTrack().hold(to_midi(Hertz(200)).value, 3);
  EXPECT_EQ(faults(captured(drawn, square)), "instrument! clipped");
}

TEST(CaptureAdvice, SilenceIsNotAlsoNoise) {
  const DrawnTrack nothing = DrawnTrack().rest(3);
  EXPECT_EQ(faults(captured(nothing, sounds::noise(timbre_rate, Seconds(3), 1e-5))), "silence!");
  EXPECT_EQ(faults(captured(nothing, sounds::noise(timbre_rate, Seconds(3), 0.1))), "no_voice!");
  EXPECT_EQ(faults(captured(DrawnTrack(), {})), "silence!");
}

TEST(CaptureAdvice, TheNumberIsThatOfTheMeasure) {
  const DrawnTrack drawn = phrases();
  const Samples hum = sounds::sine(Hertz(60), timbre_rate, Seconds(8), 0.01);
  const CaptureQuality quality = captured(drawn, sounds::mixed(recorded(drawn), hum));
  ASSERT_EQ(faults(quality), "hum");
  EXPECT_EQ(quality.advice.front().value, quality.hum.value);
}

TEST(CaptureAdvice, IsTheSameOnEveryInstructionSet) {
  const DrawnTrack drawn = phrases();
  const Samples sound = sounds::mixed(recorded(drawn), sounds::noise(timbre_rate, Seconds(8), 0.03, 9));
  const CaptureQuality plain = captured(drawn, sound, 0, InstructionSet::baseline);
  EXPECT_EQ(faults(plain), "noisy");
  for (InstructionSet set : available_instruction_sets()) {
    const CaptureQuality fast = captured(drawn, sound, 0, set);
    EXPECT_EQ(faults(fast), faults(plain));
    EXPECT_EQ(fast.snr, plain.snr);
    EXPECT_EQ(fast.bandwidth, plain.bandwidth);
    EXPECT_EQ(fast.accompaniment, plain.accompaniment);
  }
}

}  // namespace
}  // namespace orakgarak::voice
