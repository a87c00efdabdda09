#include "http/health.h"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>

namespace orakgarak::http {
namespace {

using namespace std::chrono_literals;

Result<void> away() { return fail(ErrorKind::retry, "store_unavailable", "away"); }

net::RequestHead asked(std::string path, net::Method method = net::Method::get) {
  net::RequestHead head;
  head.method = method;
  head.path = std::move(path);
  return head;
}

int status_of(Health& health, std::string path, net::Method method = net::Method::get) {
  return health_response(&health, asked(std::move(path), method), "0123456789abcdef0123456789abcdef")->status;
}

TEST(Health, IsReadyWhereTheProbeEndsWell) {
  Health well([] { return Result<void>(); }, 10s), ill(away, 10s);
  EXPECT_EQ(status_of(well, "/readyz"), 200);
  EXPECT_EQ(status_of(ill, "/readyz"), 503);
  EXPECT_EQ(ill.ready().error().code, "not_ready");
}

TEST(Health, LivesWhateverTheProbeSays) {
  Health ill(away, 10s);
  EXPECT_EQ(status_of(ill, "/healthz"), 200);
  ill.stop();
  EXPECT_EQ(status_of(ill, "/healthz"), 200);
}

TEST(Health, AProbeThatTakesLongerThanItMayIsNoYes) {
  std::binary_semaphore answer(0);
  Health slow(
      [&] {
        answer.acquire();
        return Result<void>();
      },
      1ms);
  EXPECT_FALSE(slow.ready());
  answer.release();
  answer.release();  // where it was asked once more
}

TEST(Health, ManyWhoAskAreAnsweredByOneProbe) {
  std::atomic<int> probes = 0;
  Health health(
      [&] {
        ++probes;
        return Result<void>();
      },
      1min);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(health.ready());
  EXPECT_EQ(probes, 1);
}

TEST(Health, AnOldAnswerIsAskedForAnew) {
  std::atomic<bool> there = true;
  Health health([&] { return there ? Result<void>() : away(); }, 50ms);
  EXPECT_TRUE(health.ready());
  there = false;
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (health.ready() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_FALSE(health.ready());
}

TEST(Health, WhoStopsIsNotReadyAndSaysSoAtOnce) {
  Health health([] { return Result<void>(); }, 10s);
  ASSERT_TRUE(health.ready());
  health.stop();
  EXPECT_EQ(status_of(health, "/readyz"), 503);
}

TEST(Health, AnswersTwoAddressesAndOnlyToBeRead) {
  Health health([] { return Result<void>(); }, 10s);
  EXPECT_EQ(status_of(health, "/healthz", net::Method::head), 200);
  EXPECT_EQ(status_of(health, "/readyz", net::Method::post), 405);
  EXPECT_FALSE(health_response(&health, asked("/"), ""));
}

}  // namespace
}  // namespace orakgarak::http
