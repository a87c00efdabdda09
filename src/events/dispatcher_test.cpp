// What the in-process dispatcher does of its own; the rest is tests/contract/events.
#include "events/dispatcher.h"

#include <gtest/gtest.h>

#include <array>
#include <semaphore>

namespace orakgarak::events {
namespace {

TEST(Dispatcher, ASubscriptionThatDoesNotKeepUpIsToldToThePublisher) {
  const auto events = in_process_events({.most_queued = 2, .patience = std::chrono::milliseconds(1)});
  std::binary_semaphore go_on(0), began(0);
  bool first = true;
  const auto listening = events->subscribe(std::array{std::string("t")}, "slow", [&](const Event&) {
    if (std::exchange(first, false)) {
      began.release();
      go_on.acquire();
    }
    return true;
  });
  const std::array<Event, 1> one{Event{"t", "k", "{}"}};
  ASSERT_TRUE(events->publish(one));
  began.acquire();  // handed over: the queue is empty again
  EXPECT_TRUE(events->publish(one));
  EXPECT_TRUE(events->publish(one));
  const auto refused = events->publish(one);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::retry);
  EXPECT_EQ(refused.error().code, "events_unavailable");
  go_on.release();
}

TEST(Dispatcher, ASlowSubscriptionDoesNotHoldUpAnother) {
  const auto events = in_process_events();
  std::binary_semaphore go_on(0), heard(0);
  const auto slow = events->subscribe(std::array{std::string("t")}, "slow", [&](const Event&) {
    go_on.acquire();
    return true;
  });
  const auto quick = events->subscribe(std::array{std::string("t")}, "quick", [&](const Event&) {
    heard.release();
    return true;
  });
  ASSERT_TRUE(events->publish(std::array{Event{"t", "k", "{}"}}));
  EXPECT_TRUE(heard.try_acquire_for(std::chrono::seconds(10)));
  go_on.release();
}

}  // namespace
}  // namespace orakgarak::events
