#include "http/rate.h"

#include <gtest/gtest.h>

namespace orakgarak::http {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time start{std::chrono::days(20000)};

TEST(TokenBuckets, GivesTheBurstThenOneAtATime) {
  TokenBuckets buckets(60, hours(1));
  for (int i = 0; i < 60; ++i) EXPECT_FALSE(buckets.take("a", start)) << i;
  EXPECT_EQ(buckets.take("a", start), minutes(1));
  EXPECT_EQ(buckets.take("a", start + std::chrono::seconds(45)), std::chrono::seconds(15));
  EXPECT_FALSE(buckets.take("a", start + minutes(1)));
  EXPECT_TRUE(buckets.take("a", start + minutes(1)));
}

TEST(TokenBuckets, NeverHoldsMoreThanTheBurst) {
  TokenBuckets buckets(2, hours(1));
  EXPECT_FALSE(buckets.take("a", start));
  const auto later = start + hours(100);
  EXPECT_FALSE(buckets.take("a", later));
  EXPECT_FALSE(buckets.take("a", later));
  EXPECT_TRUE(buckets.take("a", later));
}

TEST(TokenBuckets, KeysAreApart) {
  TokenBuckets buckets(1, hours(1));
  EXPECT_FALSE(buckets.take("a", start));
  EXPECT_FALSE(buckets.take("b", start));
  EXPECT_TRUE(buckets.take("a", start));
}

TEST(TokenBuckets, ForgetsTheOneUsedLongestAgo) {
  TokenBuckets buckets(1, hours(1), 2);
  EXPECT_FALSE(buckets.take("a", start));
  EXPECT_FALSE(buckets.take("b", start));
  EXPECT_TRUE(buckets.take("a", start));   // a was used last
  EXPECT_FALSE(buckets.take("c", start));  // forgets b
  EXPECT_TRUE(buckets.take("a", start));
  EXPECT_FALSE(buckets.take("b", start));
}

TEST(TokenBuckets, AClockThatRunsBackwardsGivesNothing) {
  TokenBuckets buckets(1, hours(1));
  EXPECT_FALSE(buckets.take("a", start));
  EXPECT_TRUE(buckets.take("a", start - hours(5)));
  EXPECT_TRUE(buckets.take("a", start));
}

TEST(GrowingWaits, DoubleWithEachFailureInARowUpToTheMost) {
  GrowingWaits waits({.free = 2, .first = seconds(5), .most = seconds(18)});
  EXPECT_FALSE(waits.take("a", start));
  EXPECT_FALSE(waits.take("a", start)) << "the second is the last that is free";
  EXPECT_EQ(waits.take("a", start), seconds(5));
  EXPECT_EQ(waits.take("a", start + seconds(2)), seconds(3)) << "asking does not make it longer";
  auto now = start;
  for (const auto wait : {5, 10, 18, 18}) {
    EXPECT_EQ(waits.take("a", now), seconds(wait));
    now += seconds(wait);
    EXPECT_FALSE(waits.take("a", now));
  }
  EXPECT_FALSE(waits.take("b", start)) << "keys are apart";
}

TEST(GrowingWaits, AreOverOnceAllIsWellOrADayHasPassed) {
  GrowingWaits waits({.free = 1, .first = hours(1)});
  EXPECT_FALSE(waits.take("a", start));
  EXPECT_TRUE(waits.take("a", start));
  waits.forgive("a");
  waits.forgive("never seen");
  EXPECT_FALSE(waits.take("a", start));
  EXPECT_FALSE(waits.take("a", start + hours(1)));
  EXPECT_EQ(waits.take("a", start + hours(1)), hours(1)) << "an hour is the most";
  EXPECT_FALSE(waits.take("a", start + hours(25)));
  EXPECT_EQ(waits.take("a", start + hours(25)), hours(1));
}

TEST(GrowingWaits, StayShortOfOverflowHoweverManyFail) {
  GrowingWaits waits({.free = 1});
  auto now = start;
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(waits.take("a", now));
    const auto wait = waits.take("a", now);
    ASSERT_TRUE(wait);
    EXPECT_GT(*wait, Duration{0});
    EXPECT_LE(*wait, hours(1));
    now += *wait;
  }
}

TEST(ClientOf, IsTheAddressOrTheNetworkOfAnIpv6Address) {
  EXPECT_EQ(client_of("203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(client_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
  EXPECT_EQ(client_of("fe80::1%eth0"), "fe80::");
  EXPECT_EQ(client_of("::ffff:203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(client_of(""), "");
}

}  // namespace
}  // namespace orakgarak::http
