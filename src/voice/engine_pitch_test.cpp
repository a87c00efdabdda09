// What must not matter to the pitch: the sample rate, the level, an offset, hum, clipping, a narrow band.
#include <gtest/gtest.h>

#include <algorithm>

#include "voice/demo_singer.h"
#include "voice/engine.h"
#include "voice/testing/sounds.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

VoiceReport pitch_of(const Samples& samples, Hertz rate) {
  Engine engine = *Engine::create(rate, {.pitch_only = true});
  engine.push(samples);
  return engine.finish();
}

class PitchAtRate : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Rates, PitchAtRate, testing::Values(8000, 11025, 16000, 44100, 48000, 96000));

TEST_P(PitchAtRate, IsRightWithinFiveCentsFrom50To1600Hertz) {
  const Hertz rate(GetParam());
  // Up the range in whole tones and a bit, each tone held for half a second.
  std::vector<double> tones;
  for (double f = 50.5; f < 1600; f *= 1.13) tones.push_back(f);
  tones.push_back(1595);
  Samples take = sounds::silence(rate, Seconds(0.5));
  for (double f : tones) {
    Samples tone = sounds::harmonics(Hertz(f), rate, Seconds(0.5));
    tone.resize(sounds::sample_count(rate, Seconds(0.5)));
    take.insert(take.end(), tone.begin(), tone.end());
  }
  const VoiceReport report = pitch_of(take, rate);
  for (std::size_t n = 0; n < tones.size(); ++n)
    for (std::size_t i = 50 + 50 * n + 15; i < 50 + 50 * n + 35; ++i) {  // the middle 0.2 s
      const PitchFrame& frame = report.frames.at(i);
      ASSERT_TRUE(frame.voiced()) << tones[n] << " Hz, frame " << i;
      // No ear tells less apart; most frames are within one cent.
      ASSERT_LT(std::abs(sounds::cents(frame.f0, Hertz(tones[n]))), 5) << tones[n] << " Hz, frame " << i;
    }
}

TEST_P(PitchAtRate, OfASineIsRightToo) {
  // A hum with closed lips is nearly one; it has no harmonics to lean on.
  const Hertz rate(GetParam());
  for (double f : {50.0, 58.0, 82.0, 110.0, 196.0, 440.0, 1200.0, 1600.0}) {
    const VoiceReport report = pitch_of(
        sounds::joined({sounds::silence(rate, Seconds(0.5)), sounds::sine(Hertz(f), rate, Seconds(1))}),
        rate);
    for (std::size_t i = 70; i < 130; ++i)
      ASSERT_LT(std::abs(sounds::cents(report.frames.at(i).f0, Hertz(f))), 5) << f << " Hz, frame " << i;
  }
}

TEST_P(PitchAtRate, FramesLieAtTheTimeOfTheirSound) {
  const Hertz rate(GetParam());
  const Samples quiet = sounds::silence(rate, Seconds(1));
  const VoiceReport report =
      pitch_of(sounds::joined({quiet, sounds::harmonics(Hertz(220), rate, Seconds(1)), quiet}), rate);
  const auto first = std::ranges::find_if(report.frames, &PitchFrame::voiced) - report.frames.begin();
  const auto voiced = std::ranges::count_if(report.frames, &PitchFrame::voiced);
  EXPECT_NEAR(static_cast<double>(first), 100, 3);  // a window of four periods is 18 ms long
  EXPECT_NEAR(static_cast<double>(voiced), 100, 6);
}

/// A mezzo at 16 kHz and what was done to her recording.
class PitchDespite : public testing::Test {
 protected:
  static constexpr Hertz rate{16000};

  static const SungTake& sung() {
    static const SungTake take = sing(VoiceType::mezzo, demo_melody(VoiceType::mezzo), rate);
    return take;
  }

  /// Every sung frame is heard, its pitch is right, and the range is the one that was sung.
  static void expect_right(const Samples& samples, double range_tolerance = 0.1) {
    const VoiceReport report = pitch_of(samples, rate);
    const std::vector<double>& truth = sung().truth.f0;
    std::vector<double> errors;
    for (std::size_t i = 0; i < std::min(truth.size(), report.frames.size()); ++i)
      if (truth[i] > 0 && report.frames[i].voiced())
        errors.push_back(std::abs(sounds::cents(report.frames[i].f0, Hertz(truth[i]))));
    const auto sung_frames = std::ranges::count_if(truth, [](double f) { return f > 0; });
    EXPECT_GE(static_cast<double>(errors.size()), 0.95 * static_cast<double>(sung_frames));
    ASSERT_FALSE(errors.empty());
    std::ranges::sort(errors);
    EXPECT_LT(errors[errors.size() / 2], 3);
    // A pitch in another octave would be 1,200 cents off; only edges of notes may be far.
    const auto far = std::ranges::count_if(errors, [](double c) { return c > 600; });
    EXPECT_LE(static_cast<double>(far), 0.005 * static_cast<double>(errors.size()));
    ASSERT_TRUE(report.range.lowest && report.range.highest);
    EXPECT_NEAR(report.range.lowest->pitch.value, sung().truth.lowest.value, range_tolerance);
    EXPECT_NEAR(report.range.highest->pitch.value, sung().truth.highest.value, range_tolerance);
  }

  static Samples with(const Samples& sound) { return sounds::mixed(sung().audio.samples, sound); }
  static Seconds length() { return sung().audio.duration(); }
};

TEST_F(PitchDespite, NothingAtAll) { expect_right(sung().audio.samples); }

TEST_F(PitchDespite, ALevelOfMinus40Decibels) {
  expect_right(sounds::scaled(sung().audio.samples, 0.1));   // −41 dBFS
  expect_right(sounds::scaled(sung().audio.samples, 0.01));  // and much less than that
}

TEST_F(PitchDespite, AnOffset) {
  for (float offset : {0.3F, -0.05F}) {
    Samples samples = sung().audio.samples;
    for (float& x : samples) x += offset;
    expect_right(samples);
  }
}

TEST_F(PitchDespite, MainsHum) {
  for (double mains : {50.0, 60.0}) {
    // 20 dB below the voice, with the harmonics that transformers have.
    Samples hum = sounds::sine(Hertz(mains), rate, length(), 0.01);
    for (int k : {2, 3, 5})
      hum = sounds::mixed(hum, sounds::sine(Hertz(mains * k), rate, length(), 0.006 / k));
    expect_right(with(hum));
  }
}

TEST_F(PitchDespite, Clipping) {
  Samples samples = sounds::scaled(sung().audio.samples, 20);  // peaks 10 dB and more over full scale
  for (float& x : samples) x = std::clamp(x, -1.0F, 1.0F);
  ASSERT_GT(std::ranges::count_if(samples, [](float x) { return std::abs(x) >= 1; }),
            std::ssize(samples) / 50);
  expect_right(samples);
}

TEST_F(PitchDespite, TheSixteenBitsOfAFile) {
  Samples samples = sounds::scaled(sung().audio.samples, 0.05);
  for (float& x : samples) x = std::floor(x * 32768 + 0.5F) / 32768;
  expect_right(samples);
}

TEST_F(PitchDespite, ATelephone) {
  // 300 to 3,400 Hz: two poles at each end (Butterworth, bilinear); most fundamentals lose their level.
  Samples samples = sung().audio.samples;
  for (double corner : {300.0, -3400.0}) {  // negative: keeps what lies below
    const double w = 2 * math::pi * std::abs(corner) / rate.value, c = math::cos(w),
                 alpha = math::sin(w) / 1.41421356, a0 = 1 + alpha;
    const double b1 = corner > 0 ? -(1 + c) : 1 - c, b0 = (corner > 0 ? -b1 : b1) / 2;
    double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
    for (float& x : samples) {
      const double y = (b0 * x + b1 * x1 + b0 * x2 + 2 * c * y1 - (1 - alpha) * y2) / a0;
      x2 = x1, x1 = x, y2 = y1, y1 = y;
      x = static_cast<float>(y);
    }
  }
  expect_right(samples);
}

TEST_F(PitchDespite, NoiseTwentyDecibelsBelow) {
  expect_right(with(sounds::noise(rate, length(), 0.01)), 0.15);  // a soft end may lose a frame to the noise
}

}  // namespace
}  // namespace orakgarak::voice
