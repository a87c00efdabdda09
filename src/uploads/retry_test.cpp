#include "uploads/retry.h"

#include <gtest/gtest.h>

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;

TEST(Retry, ComesAfterFiveSecondsAMinuteAndTenMinutes) {
  EXPECT_EQ(retry_delay(1, 0.5), 5s);
  EXPECT_EQ(retry_delay(2, 0.5), 1min);
  EXPECT_EQ(retry_delay(3, 0.5), 10min);
}

TEST(Retry, EndsAfterTheFourthAttempt) {
  EXPECT_FALSE(retry_delay(4, 0.5));
  EXPECT_FALSE(retry_delay(1000, 0.5));
  EXPECT_FALSE(retry_delay(0, 0.5));  // nothing was tried yet
}

TEST(Retry, IsSpreadByAFifthToBothSides) {
  EXPECT_EQ(retry_delay(2, 0), 48s);
  EXPECT_EQ(retry_delay(2, 1), 72s);
}

}  // namespace
}  // namespace orakgarak::uploads
