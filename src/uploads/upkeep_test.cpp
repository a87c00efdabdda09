#include "uploads/upkeep.h"

#include <gtest/gtest.h>

namespace orakgarak::uploads {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(RemovalDelay, DoublesFromAMinuteToADay) {
  EXPECT_EQ(removal_delay(0), minutes(1));
  EXPECT_EQ(removal_delay(1), minutes(2));
  EXPECT_EQ(removal_delay(10), minutes(1024));
  EXPECT_EQ(removal_delay(11), hours(24));
  EXPECT_EQ(removal_delay(1'000'000), hours(24));
}

}  // namespace
}  // namespace orakgarak::uploads
