#include "formats/pitch_curve.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace orakgarak::formats {
namespace {

std::vector<voice::PitchFrame> frames(std::initializer_list<double> hertz) {
  std::vector<voice::PitchFrame> all;
  for (const double f0 : hertz) all.push_back({.f0 = Hertz(f0)});
  return all;
}

TEST(PitchCurve, HasOneEntryForEachHopThatAFrameBegins) {
  EXPECT_TRUE(pitch_curve({}).points.empty());
  EXPECT_EQ(pitch_curve(std::vector<voice::PitchFrame>(1)).points.size(), 1U);
  EXPECT_EQ(pitch_curve(std::vector<voice::PitchFrame>(5)).points.size(), 1U);
  EXPECT_EQ(pitch_curve(std::vector<voice::PitchFrame>(6)).points.size(), 2U);
  EXPECT_NEAR(pitch_curve({}).hop.value, 0.05, 1e-12);
}

TEST(PitchCurve, IsTheMedianOfFiveFrames) {
  const auto all = frames({440, 440, 440, 880, 440, 440, 220, 440, 0, 0});
  const auto curve = pitch_curve(all);
  ASSERT_EQ(curve.points.size(), 2U);
  ASSERT_TRUE(curve.points[0].pitch && curve.points[1].pitch);
  EXPECT_NEAR(curve.points[0].pitch->value, 69, 1e-9);
  EXPECT_NEAR(curve.points[1].pitch->value, 69, 1e-9) << "an octave jump of one frame does not show";
}

TEST(PitchCurve, IsNothingWhereFewerThanThreeFramesAreVoiced) {
  const auto three = frames({0, 0, 0, 440, 440, 440, 0, 0});
  const auto two = frames({0, 0, 0, 440, 440, 0, 0, 0});
  EXPECT_TRUE(pitch_curve(three).points[1].pitch);
  EXPECT_FALSE(pitch_curve(two).points[1].pitch);
  EXPECT_FALSE(pitch_curve(three).points[0].pitch);
}

}  // namespace
}  // namespace orakgarak::formats
