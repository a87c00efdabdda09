#include "net/stream.h"

#include <gtest/gtest.h>

namespace orakgarak::net {
namespace {

TEST(Stream, SendsWhatWaitsAsOneChunk) {
  int woken = 0;
  Stream stream(100, [&] { ++woken; });
  EXPECT_TRUE(stream.write("abc"));
  EXPECT_TRUE(stream.write("0123456789abcdef"));
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(stream.take(true), "13\r\nabc0123456789abcdef\r\n");
  EXPECT_EQ(stream.take(true), "");
  EXPECT_TRUE(stream.write("x"));
  EXPECT_EQ(woken, 2);
  EXPECT_EQ(stream.take(false), "x");
}

TEST(Stream, QueuesTheMostAndNotOneByteMore) {
  Stream stream(4, [] {});
  EXPECT_TRUE(stream.write("ab"));
  EXPECT_EQ(stream.take(false), "ab");
  EXPECT_TRUE(stream.write("cd"));
  EXPECT_FALSE(stream.write("e")) << "what is on its way counts until it is sent";
  EXPECT_FALSE(stream.write(""));
  EXPECT_TRUE(stream.ran_over());
}

TEST(Stream, WakesItsConnectionWhenItRunsOverEvenWhereItWasWokenBefore) {
  int woken = 0;
  Stream stream(4, [&] { ++woken; });
  EXPECT_TRUE(stream.write("ab"));
  EXPECT_FALSE(stream.ran_over());
  EXPECT_FALSE(stream.write("cde"));
  EXPECT_EQ(woken, 2);
}

TEST(Stream, HasRoomAgainForWhatWasSent) {
  Stream stream(4, [] {});
  EXPECT_TRUE(stream.write("abcd"));
  EXPECT_EQ(stream.take(false), "abcd");
  stream.sent();
  EXPECT_TRUE(stream.write("efgh"));
}

TEST(Stream, EndsAfterWhatWasQueued) {
  Stream stream(100, [] {});
  EXPECT_TRUE(stream.write("a"));
  stream.close();
  EXPECT_FALSE(stream.write("b"));
  EXPECT_FALSE(stream.ended());
  EXPECT_EQ(stream.take(false), "a");
  EXPECT_FALSE(stream.ended());
  stream.sent();
  EXPECT_TRUE(stream.ended());
}

TEST(Stream, WakesNobodyWhoIsGone) {
  int woken = 0;
  Stream stream(100, [&] { ++woken; });
  stream.shut();
  EXPECT_FALSE(stream.write("a"));
  stream.close();
  EXPECT_EQ(woken, 0);
}

}  // namespace
}  // namespace orakgarak::net
