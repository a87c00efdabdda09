#include "people/passwords.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace orakgarak::people {
namespace {

constexpr PasswordOptions cheap{.memory_bytes = 8U << 10, .passes = 1};

TEST(Password, HasEightToAHundredAndTwentyEightCharactersOfAnyScript) {
  EXPECT_FALSE(parse_password("1234567"));
  EXPECT_TRUE(parse_password("12345678"));
  EXPECT_TRUE(parse_password("오락가락오락가락"));
  EXPECT_FALSE(parse_password("오락가락오락가"));
  std::string longest;
  for (int i = 0; i < 128; ++i) longest += "\U0001F3A4";
  EXPECT_TRUE(parse_password(longest));
  EXPECT_FALSE(parse_password(longest + "a"));
  EXPECT_FALSE(parse_password(std::string(100'000, 'a')));
  EXPECT_FALSE(parse_password("1234567\xff"));
}

TEST(Password, IsTheSameHoweverItsCharactersWereTyped) {
  EXPECT_EQ(parse_password("caf\u00e9 caf\u00e9"), parse_password("cafe\u0301 cafe\u0301"));
  // 8 characters once composed, 16 as typed
  EXPECT_TRUE(parse_password(
      "\u1100\u1161\u1100\u1161\u1100\u1161\u1100\u1161\u1100\u1161\u1100\u1161\u1100\u1161\u1100\u1161"));
}

TEST(Passwords, OnlyTheRightOneIsAccepted) {
  Passwords passwords(cheap);
  const std::string stored = *passwords.hash("right password");
  EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << stored;
  EXPECT_FALSE(stored.contains("right"));
  EXPECT_NE(*passwords.hash("right password"), stored) << "each has a salt of its own";
  EXPECT_TRUE(*passwords.verify("right password", stored));
  EXPECT_FALSE(*passwords.verify("wrong password", stored));
  EXPECT_FALSE(*passwords.verify("", stored));
}

TEST(Passwords, OneRunCosts64MebibytesAndThreePasses) {
  EXPECT_TRUE(Passwords().hash("some password")->starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
}

TEST(Passwords, WhoIsNotThereCostsARunToo) {
  // 16 MiB and 4 passes take milliseconds; to be told "no" without a run takes microseconds.
  Passwords passwords({.memory_bytes = 16U << 20, .passes = 4});
  const auto stored = *passwords.hash("right password");
  const auto took = [&](const std::optional<std::string>& of) {
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_FALSE(*passwords.verify("wrong password", of));
    return std::chrono::steady_clock::now() - begun;
  };
  const auto somebody = std::min({took(stored), took(stored), took(stored)});
  const auto nobody = std::min({took(std::nullopt), took(std::nullopt), took(std::nullopt)});
  EXPECT_GT(nobody, somebody / 4);
  EXPECT_GT(somebody, nobody / 4);
}

TEST(Passwords, NobodyIsAskedForWithTheZerosThatStandForNobody) {
  Passwords passwords(cheap);
  EXPECT_FALSE(*passwords.verify(std::string(8, '\0'), std::nullopt));
  EXPECT_FALSE(*passwords.verify("", std::nullopt));
}

TEST(Passwords, WhoFindsNoPlaceIsSentAway) {
  Passwords none({.memory_bytes = 8U << 10,
                  .passes = 1,
                  .at_once = 0,
                  .waiting = 1,
                  .patience = std::chrono::milliseconds(1)});
  EXPECT_EQ(none.hash("some password").error().code, "passwords_busy");
  EXPECT_EQ(none.verify("some password", std::nullopt).error().kind, ErrorKind::retry);
}

TEST(Passwords, MoreThanMayRunAndWaitAtOnceAreSentAwayAtOnce) {
  // Of 8 at once one runs and one waits; runs of 64 MiB last long enough for the others to come meanwhile.
  Passwords passwords({.passes = 4, .at_once = 1, .waiting = 1, .patience = std::chrono::minutes(1)});
  std::atomic<int> done = 0, sent_away = 0;
  std::latch start(8);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      start.arrive_and_wait();
      ++(passwords.hash("some password") ? done : sent_away);
    });
  threads.clear();
  EXPECT_GE(done, 2);
  EXPECT_GE(sent_away, 1);
  EXPECT_EQ(done + sent_away, 8);
}

}  // namespace
}  // namespace orakgarak::people
