#include "storage/local_objects/byte_range.h"

#include <gtest/gtest.h>

namespace orakgarak::storage {
namespace {

TEST(ByteRange, IsHeldToTheObject) {
  EXPECT_EQ(byte_range("bytes=0-0", 10), (ByteRange{0, 1}));
  EXPECT_EQ(byte_range("bytes=3-", 10), (ByteRange{3, 7}));
  EXPECT_EQ(byte_range("bytes=3-99", 10), (ByteRange{3, 7}));
  EXPECT_EQ(byte_range("bytes=-4", 10), (ByteRange{6, 4}));
  EXPECT_EQ(byte_range("bytes=-99", 10), (ByteRange{0, 10}));
  EXPECT_EQ(byte_range("bytes=0-18446744073709551615", 10), (ByteRange{0, 10}));
}

TEST(ByteRange, OfNoByteThatIsThereIsNone) {
  for (const auto* none : {"bytes=10-", "bytes=10-20", "bytes=-0"})
    EXPECT_FALSE(byte_range(none, 10).has_value()) << none;
  EXPECT_FALSE(byte_range("bytes=0-", 0).has_value());
  EXPECT_FALSE(byte_range("bytes=-1", 0).has_value());
}

TEST(ByteRange, ThatIsNotUnderstoodIsTheWhole) {
  for (const auto* whole : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-3", "bytes=0-1,3-4",
                            "lines=1-2", "bytes=+1-2", "bytes= 1-2", "bytes=99999999999999999999-"}) {
    const auto range = byte_range(whole, 10);
    ASSERT_TRUE(range) << whole;
    EXPECT_FALSE(range->has_value()) << whole;
  }
}

}  // namespace
}  // namespace orakgarak::storage
