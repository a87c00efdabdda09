#include "voice/backing.h"

#include <gtest/gtest.h>

#include <limits>

#include "voice/engine.h"
#include "voice/testing/backing.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

const Samples& voice_alone() {
  static const Samples samples = singer();
  return samples;
}
const Samples& a_band() {
  static const Samples samples = band(Seconds(40));
  return samples;
}
double power(std::span<const float> signal) {
  double sum = 0;
  for (const float s : signal) sum += static_cast<double>(s) * s;
  return sum;
}
/// What is left of the backing, in dB against the voice.
double left(const Samples& echo_heard, const Samples& echo_found) {
  Samples rest(echo_heard.size());
  for (std::size_t n = 0; n < rest.size(); ++n) rest[n] = echo_heard[n] - echo_found.at(n);
  return math::power_to_db(power(rest) / power(voice_alone()));
}

// As loud as the voice. Without a path for what the loudspeaker bends, 12.6 dB would be left of the bent one.
TEST(BackingEcho, IsTakenOutThroughRoomClockAndLoudspeaker) {
  for (const bool bent : {false, true}) {
    const auto echo =
        played(a_band(), {.lag = -3.3 * backing_rate, .drift = 60e-6, .level = 0.1, .bent = bent},
               voice_alone().size());
    const auto found = find_backing_echo(sounds::mixed(voice_alone(), echo), a_band());
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_LT(left(echo, found->samples), bent ? -16 : -20);
    EXPECT_GT(found->removed.value, 20);
    EXPECT_NEAR(found->started.value, 3.3, 0.001);
    EXPECT_NEAR(found->drift_ppm, 60, 1);
  }
}

TEST(BackingEcho, TheRangeIsWhatItIsWithoutTheBacking) {
  const auto echo = played(a_band(), {.drift = -100e-6, .level = 0.1}, voice_alone().size());
  Samples take = sounds::mixed(voice_alone(), echo);
  const auto found = find_backing_echo(take, a_band());
  ASSERT_TRUE(found);
  EchoSubtractor(Hertz(backing_rate), found->samples).run(take);
  const auto report = [](const Samples& samples) {
    auto engine = Engine::create(Hertz(backing_rate));
    engine->push(samples);
    return engine->finish();
  };
  const auto clean = report(voice_alone()), cleaned = report(take);
  ASSERT_TRUE(cleaned.range.lowest && cleaned.range.highest);
  EXPECT_NEAR(cleaned.range.lowest->pitch.value, clean.range.lowest->pitch.value, 0.2);
  EXPECT_NEAR(cleaned.range.highest->pitch.value, clean.range.highest->pitch.value, 0.2);
}

TEST(BackingEcho, ABackingThatEndsOrBeginsWithinTheTakeIsTakenOutWhereItIs) {
  const Samples part(a_band().begin(), a_band().begin() + 8 * backing_rate);
  const auto echo = played(part, {.lag = -6.0 * backing_rate, .level = 0.1}, voice_alone().size());
  const auto found = find_backing_echo(sounds::mixed(voice_alone(), echo), part);
  ASSERT_TRUE(found);
  EXPECT_LT(left(echo, found->samples), -15);
  EXPECT_LT(power(std::span(found->samples).first(5 * backing_rate)), 1e-3 * power(found->samples));
}

TEST(BackingEcho, WhatIsNotInTheTakeIsRefused) {
  const auto echo = played(a_band(), {.level = 0.1}, voice_alone().size());
  const Samples take = sounds::mixed(voice_alone(), echo);
  const Samples silence(take.size());
  for (const auto& [heard, backing] : {std::pair(take, band(Seconds(40), 77)),
                                       {voice_alone(), a_band()},
                                       {take, silence},
                                       {silence, a_band()},
                                       {take, Samples()},
                                       {Samples(), a_band()},
                                       {Samples(100, 0.1F), a_band()}}) {
    const auto found = find_backing_echo(heard, backing);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, "backing_not_heard");
    EXPECT_EQ(found.error().kind, ErrorKind::rejected);
  }
}

TEST(BackingEcho, StopsWhereNobodyWantsItAnyMore) {
  const auto echo = played(a_band(), {.level = 0.1}, voice_alone().size());
  for (const int patience : {0, 1, 3}) {
    int asked = 0;
    const auto found = find_backing_echo(echo, a_band(), Seconds(0), [&] { return asked++ < patience; });
    EXPECT_EQ(asked, patience + 1);
    ASSERT_FALSE(found) << patience;
    EXPECT_EQ(found.error().code, "stopped");
  }
}

TEST(BackingEcho, IsSubtractedTheSameAtAnyCutAndAnyRate) {
  const auto echo = sounds::sine(Hertz(440), Hertz(backing_rate), Seconds(1));
  for (const int rate : {8000, 16000, 44100, 48000}) {
    const auto sound = sounds::sine(Hertz(440), Hertz(rate), Seconds(1.2));
    Samples whole = sound, cut = sound;
    EchoSubtractor(Hertz(rate), echo).run(whole);
    EchoSubtractor pieces(Hertz(rate), echo);
    std::size_t size = 1;
    for (std::size_t at = 0; at < cut.size(); at += size, size = size * 3 % 5003)
      pieces.run(std::span(cut).subspan(at, std::min(size, cut.size() - at)));
    EXPECT_EQ(whole, cut) << rate;
    const auto second = static_cast<std::size_t>(rate);
    EXPECT_LT(power(std::span(whole).subspan(second / 10, second * 8 / 10)), 1e-6 * power(sound)) << rate;
    EXPECT_EQ(whole.back(), sound.back()) << "where the echo has ended, nothing is subtracted";
  }
}

TEST(BackingRate, WhatIsNoSampleCountsAsNothing) {
  BackingRateReader reader{Hertz(backing_rate)};
  const float nan = std::numeric_limits<float>::quiet_NaN();
  reader.push(std::vector<float>{0, nan, std::numeric_limits<float>::infinity(), 2e6F, 0});
  EXPECT_EQ(reader.finish(), Samples(5));
}

TEST(BackingRate, KeepsThePartThatIsWanted) {
  const auto sound = sounds::noise(Hertz(backing_rate), Seconds(1), 0.1);
  BackingRateReader whole{Hertz(backing_rate)}, part(Hertz(backing_rate), 3000, 5000);
  EXPECT_TRUE(whole.push(sound));
  bool wants = true;
  std::size_t at = 0;
  for (; wants && at < sound.size(); at += 100) wants = part.push(std::span(sound).subspan(at, 100));
  EXPECT_LT(at, 9000U) << "it says when it has all";
  const auto all = whole.finish(), kept = part.finish();
  ASSERT_EQ(kept.size(), 5000U);
  EXPECT_TRUE(std::equal(kept.begin(), kept.end(), all.begin() + 3000));
  BackingRateReader beyond(Hertz(backing_rate), 20000);
  beyond.push(sound);
  EXPECT_TRUE(beyond.finish().empty());
}

}  // namespace
}  // namespace orakgarak::voice
