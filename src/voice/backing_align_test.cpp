#include "voice/backing_align.h"

#include <gtest/gtest.h>

#include "voice/testing/backing.h"

namespace orakgarak::voice {
namespace {

constexpr Seconds length{32};
constexpr std::size_t count = 32 * backing_rate;

const sounds::Samples& a_band() {
  static const sounds::Samples samples = band(Seconds(60));
  return samples;
}

TEST(BackingAlignment, IsFoundLateAndEarlyFastAndSlow) {
  struct Case {
    double seconds, drift;
  };
  for (const auto& [seconds, drift] : {Case{-0.137, 0}, {-9, 60e-6}, {11, -100e-6}, {0, 100e-6}}) {
    const auto heard = played(a_band(), {.lag = seconds * backing_rate, .drift = drift}, count);
    const auto found = align_backing(heard, a_band(), Seconds(0));
    ASSERT_TRUE(found) << seconds;
    // Half a sample at 4 kHz over 32 s are 4 ppm; the drift is searched in steps of 2.
    EXPECT_NEAR(found->lag, seconds * backing_rate, 8) << seconds;
    EXPECT_NEAR(found->drift, drift, 20e-6) << seconds;
  }
}

TEST(BackingAlignment, IsFoundWhereItIsSaidToBegin) {
  const auto heard = played(a_band(), {.lag = -20.0 * backing_rate}, count);
  EXPECT_FALSE(align_backing(heard, a_band(), Seconds(0))) << "20 s are more than it looks";
  const auto found = align_backing(heard, a_band(), Seconds(15));
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->lag, -20.0 * backing_rate, 8);
}

TEST(BackingAlignment, OtherMusicAndNoneAreNotFound) {
  const auto heard = played(a_band(), {}, count);
  EXPECT_FALSE(align_backing(heard, band(length, 77), Seconds(0)));
  EXPECT_FALSE(align_backing(singer(), a_band(), Seconds(0)));
  EXPECT_FALSE(align_backing(heard, sounds::silence(Hertz(backing_rate), length), Seconds(0)));
  EXPECT_FALSE(align_backing(heard, {}, Seconds(0)));
  EXPECT_FALSE(align_backing({}, a_band(), Seconds(0)));
}

TEST(BackingAlignment, IsRefinedFromAnEcho) {
  const auto heard = played(a_band(), {.drift = 60e-6}, count);
  const BackingAlignment wrong{0, 57e-6};
  const auto echo = played(a_band(), {.drift = 57e-6}, count);
  EXPECT_NEAR(refine_alignment(wrong, heard, echo).drift, 60e-6, 0.5e-6);
  EXPECT_EQ(refine_alignment(wrong, std::span(heard).first(1000), std::span(echo).first(1000)).drift, 57e-6)
      << "too short to tell";
}

TEST(BackingAlignment, AsTheTakeWouldHaveIt) {
  const auto heard = aligned_backing(a_band(), {-100, 0}, 40, 1000);
  ASSERT_EQ(heard.size(), 1000U);
  EXPECT_EQ(heard[59], 0);  // it begins 60 samples into the take
  for (std::size_t n = 60; n < heard.size(); ++n)
    ASSERT_NEAR(heard[n], a_band()[n - 60], 0.02);  // less over 7 kHz
}

}  // namespace
}  // namespace orakgarak::voice
