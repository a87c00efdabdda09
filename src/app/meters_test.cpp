#include "app/meters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>

namespace orakgarak::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Waits for it, half a minute at most.
bool becomes(const std::function<bool()>& reached) {
  for (int i = 0; i < 3000 && !reached(); ++i) std::this_thread::sleep_for(10ms);
  return reached();
}

TEST(Asked, IsUpWhileTheLastAnswerWasAGoodOne) {
  std::atomic<bool> well = true;
  const Asked asked(
      [&]() -> Result<void> {
        if (well) return {};
        return fail(ErrorKind::retry, "store_unavailable", "it is away");
      },
      1ms, 1h);
  EXPECT_TRUE(becomes([&] { return asked.up(); }));
  well = false;
  EXPECT_TRUE(becomes([&] { return !asked.up(); }));
  well = true;
  EXPECT_TRUE(becomes([&] { return asked.up(); }));
}

TEST(Asked, IsDownWhileAnAnswerIsWaitedForTooLongAndUpOnceItCame) {
  std::atomic<bool> hangs = false;
  std::binary_semaphore answer(0);
  const Asked asked(
      [&]() -> Result<void> {
        if (hangs.exchange(false)) answer.acquire();
        return {};
      },
      1ms, 50ms);
  EXPECT_TRUE(becomes([&] { return asked.up(); }));
  hangs = true;
  EXPECT_TRUE(becomes([&] { return !asked.up(); }));
  EXPECT_GE(asked.seconds(), 0.05);
  answer.release();
  EXPECT_TRUE(becomes([&] { return asked.up(); }));
}

TEST(Asked, IsDownUntilTheFirstAnswer) {
  std::binary_semaphore answer(0);
  const Asked asked(
      [&]() -> Result<void> {
        answer.acquire();
        return {};
      },
      1h, 1h);
  EXPECT_FALSE(asked.up());
  answer.release();
  EXPECT_TRUE(becomes([&] { return asked.up(); }));
}

TEST(Meters, HaveTheBoundsThatThePromisesAreAbout) {
  Meters meters;
  const auto text = meters.metrics().text();
  EXPECT_THAT(
      text,
      HasSubstr(
          "orakgarak_http_request_duration_seconds_bucket{method=\"any\",route=\"object\",le=\"0.5\"}"));
  EXPECT_THAT(text, HasSubstr("orakgarak_take_duration_seconds_bucket{le=\"60\"}"));
}

TEST(Meters, ThatNobodyWantsCountNothing) {
  Meters meters(false);
  meters.object_answered({}, 204, 1ms);
  EXPECT_THAT(meters.metrics().text(),
              HasSubstr("orakgarak_http_requests_total{code=\"2xx\",method=\"any\",route=\"object\"} 0\n"));
}

TEST(Meters, CountWhatUpkeepFound) {
  Meters meters;
  meters.kept_up({.found = 2, .expired = 3});
  const auto text = meters.metrics().text();
  EXPECT_THAT(text, HasSubstr("orakgarak_reconciler_finds_total{what=\"lost_event\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("orakgarak_reconciler_finds_total{what=\"expired\"} 3\n"));
}

}  // namespace
}  // namespace orakgarak::app
