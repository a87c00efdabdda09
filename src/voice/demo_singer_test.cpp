#include "voice/demo_singer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "voice/demo_singer_score.h"
#include "voice/demo_singer_voice.h"

namespace orakgarak::voice {
namespace {

constexpr VoiceType all_voices[] = {VoiceType::bass, VoiceType::baritone, VoiceType::tenor,
                                    VoiceType::alto, VoiceType::mezzo,    VoiceType::soprano};

double rms_db(std::span<const float> x) {
  double sum = 0;
  for (float v : x) sum += double{v} * v;
  return math::power_to_db(sum / static_cast<double>(x.size()));
}

// Phase in cycles of x at the frequency whose phase is `turns`, over a window of whole cycles around `at`.
double phase_against(std::span<const float> x, std::span<const double> turns, std::size_t at, double cycles) {
  double re = 0, im = 0;
  for (std::size_t n = 0; n < x.size(); ++n) {
    double u = (turns[n] - turns[at]) / cycles;
    if (std::fabs(u) >= 0.5) continue;
    double w = 1 + math::cos(2 * math::pi * u), angle = 2 * math::pi * (turns[n] - std::floor(turns[n]));
    re += w * x[n] * math::cos(angle);
    im -= w * x[n] * math::sin(angle);
  }
  return math::atan2(im, re) / (2 * math::pi);
}

TEST(DemoSinger, SingsTheSameBitsForASeedAndOthersForAnother) {
  auto melody = demo_melody(VoiceType::alto);
  auto a = sing(VoiceType::alto, melody, Hertz(16000), 1), b = sing(VoiceType::alto, melody, Hertz(16000), 1);
  EXPECT_EQ(a.audio.samples, b.audio.samples);
  EXPECT_EQ(a.truth.f0, b.truth.f0);
  EXPECT_NE(a.audio.samples, sing(VoiceType::alto, melody, Hertz(16000), 2).audio.samples);
}

TEST(DemoSinger, TruthDoesNotDependOnTheRate) {
  auto melody = demo_melody(VoiceType::tenor);
  auto a = sing(VoiceType::tenor, melody, Hertz(8000)), b = sing(VoiceType::tenor, melody, Hertz(22050));
  EXPECT_EQ(a.truth.f0, b.truth.f0);
  EXPECT_EQ(a.truth.lowest, b.truth.lowest);
  EXPECT_EQ(a.audio.samples.size(), 8000u * 21);
}

TEST(DemoSinger, FundamentalFollowsTheTruthToAHundredthOfACycle) {
  for (VoiceType voice : all_voices) {
    const auto& a = demo::anatomy(voice);
    for (double at : {0.0, 0.5, 1.0}) {
      Midi pitch(a.low.value + at * (a.high - a.low).value);
      MelodyNote note{pitch, Seconds(1)};
      constexpr double rate = 11025;
      auto take = sing(voice, {&note, 1}, Hertz(rate));
      auto score = demo::write_score(voice, {&note, 1}, 1);
      std::vector<double> turns;
      double sum = 0;
      for (std::size_t n = 0; n < take.audio.samples.size(); ++n) {  // midpoint rule on the knots
        double t = (static_cast<double>(n) + 0.5) / rate * demo::Score::knots_per_second;
        auto knot = static_cast<std::size_t>(t);
        double u = t - static_cast<double>(knot);
        turns.push_back(sum);
        sum += ((1 - u) * score.f0_hz[knot] + u * score.f0_hz[knot + 1]) / rate;
      }
      double cycles = 0.2 * to_hertz(pitch).value;
      double early = phase_against(take.audio.samples, turns, static_cast<std::size_t>(0.3 * rate), cycles);
      double late = phase_against(take.audio.samples, turns, static_cast<std::size_t>(0.85 * rate), cycles);
      double drift = late - early - std::floor(late - early + 0.5);
      // Jitter is 0.0012 of a cycle at each end and what breath noise falls on the harmonic adds twice as
      // much; over 0.55 s of the lowest bass note 0.006 is a quarter of a cent.
      EXPECT_LT(std::fabs(drift), 0.006) << static_cast<int>(voice) << " at " << pitch.value;
      EXPECT_EQ(take.truth.f0[50], score.f0_hz[500]);
    }
  }
}

TEST(DemoSinger, DemoMelodyHoldsBothEndsOfTheVoice) {
  for (VoiceType voice : all_voices)
    for (std::uint32_t seed : {1u, 2u, 3u}) {
      auto truth = sing(voice, demo_melody(voice), Hertz(8000), seed).truth;
      // Vibrato reaches up to 44 cents beyond the note.
      EXPECT_NEAR(truth.lowest.value, demo::anatomy(voice).low.value, 0.5);
      EXPECT_NEAR(truth.highest.value, demo::anatomy(voice).high.value, 0.5);
      auto held = [&](Midi pitch) {
        return std::ranges::count_if(
            truth.f0, [&](double f) { return f > 0 && std::fabs((to_midi(Hertz(f)) - pitch).value) <= 0.5; });
      };
      EXPECT_GE(held(truth.lowest), 50);  // frames of 10 ms
      EXPECT_GE(held(truth.highest), 50);
    }
}

TEST(DemoSinger, SingsAtAUsualLevelAndNeverClips) {
  for (VoiceType voice : all_voices)
    for (std::uint32_t seed : {1u, 2u}) {
      auto take = sing(voice, demo_melody(voice), Hertz(8000), seed);
      EXPECT_NEAR(rms_db(take.audio.samples), -21, 2);
      EXPECT_LT(
          std::fabs(*std::ranges::max_element(take.audio.samples, {}, [](float x) { return std::fabs(x); })),
          0.9);
    }
}

TEST(DemoSinger, RestsAreUnvoicedAndQuiet) {
  MelodyNote melody[] = {{Midi(60), Seconds(0.5)}, {Midi(), Seconds(1)}, {Midi(60), Seconds(0.5)}};
  auto take = sing(VoiceType::tenor, melody, Hertz(16000));
  for (std::size_t i = 51; i < 149; ++i) EXPECT_EQ(take.truth.f0[i], 0);
  std::span<const float> samples(take.audio.samples);
  EXPECT_LT(rms_db(samples.subspan(9000, 3000)), -65);   // the room
  EXPECT_GT(rms_db(samples.subspan(18000, 3000)), -60);  // the breath before the next phrase
  EXPECT_LT(rms_db(samples.subspan(18000, 3000)), -40);
}

TEST(DemoSinger, AShortRestHasNoBreath) {
  MelodyNote melody[] = {{Midi(60), Seconds(0.5)}, {Midi(), Seconds(0.24)}, {Midi(60), Seconds(0.5)}};
  MelodyNote with_breath[] = {{Midi(60), Seconds(0.5)}, {Midi(), Seconds(0.25)}, {Midi(60), Seconds(0.5)}};
  auto hisses = [](std::span<const MelodyNote> m) {
    return demo::write_score(VoiceType::alto, m, 1).hisses.size();
  };
  EXPECT_EQ(hisses(melody) + 1, hisses(with_breath));
}

TEST(DemoSinger, LegatoGlidesWithoutAJump) {
  for (std::uint32_t seed = 1; seed < 20; ++seed) {
    MelodyNote melody[] = {{Midi(50), Seconds(0.4)},
                           {Midi(62), Seconds(0.1)},
                           {Midi(50), Seconds(0.02)},
                           {Midi(55), Seconds(0.4)}};
    auto score = demo::write_score(VoiceType::baritone, melody, seed);
    for (std::size_t i = 1; i < score.f0_hz.size(); ++i) {
      if (score.gain[i] == 0 || score.gain[i - 1] == 0) continue;
      // The steepest slide is an octave in 12 ms.
      EXPECT_LT(std::fabs((to_midi(Hertz(score.f0_hz[i])) - to_midi(Hertz(score.f0_hz[i - 1]))).value), 2.0);
      EXPECT_LT(std::fabs(score.gain[i] - score.gain[i - 1]), 0.5);
    }
  }
}

TEST(DemoSinger, FormantsAreWhereTheMouthPutsThem) {
  const auto& a = demo::anatomy(VoiceType::bass);
  demo::Tract tract{{700, 1100, 2400, 3400, 4500, 5500, 6500}, {70, 90, 130, 180, 260, 340, 420}};
  auto power = [&](double hz) {  // the same harmonic number, so that the glottal pulse stays out of it
    auto h = demo::harmonic_response(1, hz, a, tract);
    return h.re * h.re + h.im * h.im;
  };
  for (double formant : {700.0, 1100.0, 2400.0, 3400.0}) {
    EXPECT_GT(power(formant), power(formant - 150));
    EXPECT_GT(power(formant), power(formant + 150));
  }
}

TEST(DemoSinger, OutsideTheRatesNothingIsSung) {
  auto melody = demo_melody(VoiceType::bass);
  for (double rate : {0.0, -1.0, 7999.9, 192000.1, std::numeric_limits<double>::quiet_NaN()}) {
    auto take = sing(VoiceType::bass, melody, Hertz(rate));
    EXPECT_TRUE(take.audio.samples.empty());
    EXPECT_TRUE(take.truth.f0.empty());
  }
  MelodyNote note{Midi(60), Seconds(0.2)};
  EXPECT_EQ(sing(VoiceType::bass, {&note, 1}, Hertz(192000)).audio.samples.size(), 38400u);
}

TEST(DemoSinger, OddNotesAreHeldToWhatAVoiceCanDo) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   inf = std::numeric_limits<double>::infinity();
  MelodyNote odd[] = {{Midi(60), Seconds(-1)},    {Midi(60), Seconds(nan)}, {Midi(nan), Seconds(0.3)},
                      {Midi(1000), Seconds(0.5)}, {Midi(1), Seconds(0.5)},  {Midi(inf), Seconds(0.001)}};
  auto take = sing(VoiceType::mezzo, odd, Hertz(8000));
  EXPECT_EQ(take.audio.samples.size(), 10408u);
  for (float x : take.audio.samples) ASSERT_TRUE(std::isfinite(x));
  for (double f : take.truth.f0) {
    if (f == 0) continue;
    ASSERT_GE(f, 38);
    ASSERT_LE(f, 2200);
  }
  EXPECT_TRUE(sing(VoiceType::mezzo, {}, Hertz(8000)).audio.samples.empty());
}

TEST(DemoSinger, StopsAfterTwentyMinutes) {
  MelodyNote melody[] = {{Midi(), Seconds(1199.5)}, {Midi(60), Seconds(1)}, {Midi(60), Seconds(1)}};
  auto score = demo::write_score(VoiceType::alto, melody, 1);
  EXPECT_EQ(score.duration_seconds, 1200);
  EXPECT_LE(score.gestures.size(), 2u);
}

}  // namespace
}  // namespace orakgarak::voice
