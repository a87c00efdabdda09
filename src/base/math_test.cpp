#include "base/math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace orakgarak {
namespace {

double relative(double got, double want) { return std::fabs(got - want) / std::max(std::fabs(want), 1e-300); }

TEST(Math, LogMatchesLibmOverTheWholeRange) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; ++i) {
    double x = std::exp(std::uniform_real_distribution<double>(-740, 709)(random));
    ASSERT_NEAR(math::log(x), std::log(x), 4e-16 * std::max(1.0, std::fabs(std::log(x)))) << x;
    ASSERT_NEAR(math::log2(x), std::log2(x), 6e-16 * std::max(1.0, std::fabs(std::log2(x)))) << x;
  }
  EXPECT_EQ(math::log(1.0), 0.0);
  EXPECT_EQ(math::log2(8.0), 3.0);
}

TEST(Math, ExpMatchesLibmAndSaturates) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200000; ++i) {
    double x = std::uniform_real_distribution<double>(-700, 700)(random);
    ASSERT_LT(relative(math::exp(x), std::exp(x)), 4e-16 * std::max(1.0, std::fabs(x))) << x;
    ASSERT_LT(relative(math::exp2(x), std::exp2(x)), 8e-16) << x;
  }
  EXPECT_EQ(math::exp(-1e9), 0.0);
  EXPECT_TRUE(std::isinf(math::exp(1e9)));
  EXPECT_EQ(math::exp2(-1080), 0.0);
  EXPECT_EQ(math::exp2(-1074), 0x1p-1074);
  EXPECT_EQ(math::exp2(1023), 0x1p1023);
}

TEST(Math, SineCosineAndArctangentMatchLibm) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> angle(-100, 100);
  for (int i = 0; i < 200000; ++i) {
    double x = angle(random), y = angle(random);
    ASSERT_NEAR(math::sin(x), std::sin(x), 1e-15) << x;
    ASSERT_NEAR(math::cos(x), std::cos(x), 1e-15) << x;
    ASSERT_NEAR(math::atan2(y, x), std::atan2(y, x), 2e-15) << y << ' ' << x;
  }
  EXPECT_EQ(math::atan2(0, 0), 0.0);
  EXPECT_NEAR(math::atan2(0, -1), math::pi, 1e-15);
}

}  // namespace
}  // namespace orakgarak
