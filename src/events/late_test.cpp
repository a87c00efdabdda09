#include "events/late.h"

#include <gtest/gtest.h>

#include <array>
#include <semaphore>

#include "events/dispatcher.h"

namespace orakgarak::events {
namespace {

using namespace std::chrono_literals;

const LateOptions quick{.first_wait = 10s, .try_every = 1ms};
const std::array<Event, 1> one{Event{"t", "k", "{}"}};

/// A broker that is away until it comes.
struct Broker {
  Result<std::unique_ptr<Events>> open() {
    if (tried.fetch_add(1) < away) return fail(ErrorKind::retry, "events_unavailable", "no broker answers");
    return in_process_events();
  }
  int away = 0;  ///< tries that fail
  std::atomic<int> tried = 0;
};

/// Publishes until it is accepted.
void publish(Events& events) {
  while (!events.publish(one)) std::this_thread::yield();
}

TEST(LateEvents, ABrokerThatIsThereIsUsedAtOnce) {
  Broker broker;
  const auto events = late_events([&] { return broker.open(); }, quick);
  ASSERT_TRUE(events);
  std::binary_semaphore told(0);
  const auto listening = (*events)->subscribe(std::array{std::string("t")}, "g", [&](const Event&) {
    told.release();
    return true;
  });
  ASSERT_TRUE(listening);
  EXPECT_TRUE((*events)->publish(one));
  told.acquire();
  EXPECT_EQ(broker.tried, 1);
}

TEST(LateEvents, UntilItIsThereNothingIsAcceptedAndSubscriptionsWait) {
  Broker broker{.away = 3};
  std::binary_semaphore come(0), told(0);
  std::atomic<int> complaints = 0;
  LateOptions options = quick;
  options.complain = [&](const Error& error) {
    EXPECT_EQ(error.code, "events_unavailable");
    ++complaints;
    come.acquire();
  };
  const auto events = late_events([&] { return broker.open(); }, options);
  ASSERT_TRUE(events);
  EXPECT_EQ((*events)->publish(one).error().code, "events_unavailable");
  EXPECT_EQ((*events)->lag().error().code, "events_unavailable");
  EXPECT_EQ((*events)->broker()->up, 0);
  const auto listening = (*events)->subscribe(std::array{std::string("t")}, "g", [&](const Event&) {
    told.release();
    return true;
  });
  ASSERT_TRUE(listening);
  come.release();
  publish(**events);
  told.acquire();
  EXPECT_EQ(broker.tried, 4);
  EXPECT_EQ(complaints, 1) << "once, not at every try";
}

TEST(LateEvents, ASubscriptionThatWentBeforeTheBrokerCameHearsNothing) {
  Broker broker{.away = 1};
  std::binary_semaphore come(0);
  LateOptions options = quick;
  options.complain = [&](const Error&) { come.acquire(); };
  const auto events = late_events([&] { return broker.open(); }, options);
  ASSERT_TRUE(events);
  std::atomic<int> told = 0;
  auto listening = (*events)->subscribe(std::array{std::string("t")}, "g", [&](const Event&) {
    ++told;
    return true;
  });
  listening->reset();
  come.release();
  publish(**events);
  EXPECT_TRUE((*events)->lag()->empty());
  EXPECT_EQ(told, 0);
}

TEST(LateEvents, ASettingThatNoRetryCanHelpIsToldAtOnce) {
  const auto events = late_events(
      []() -> Result<std::unique_ptr<Events>> { return rejected("events_unusable", "no such setting"); },
      quick);
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().code, "events_unusable");
}

TEST(LateEvents, ABrokerThatDoesNotAnswerHoldsTheStartNoLongerThanItMay) {
  std::binary_semaphore answer(0);
  LateOptions options = quick;
  options.first_wait = 1ms;
  const auto events = late_events(
      [&]() -> Result<std::unique_ptr<Events>> {
        answer.acquire();
        return fail(ErrorKind::retry, "events_unavailable", "no broker answers");
      },
      options);
  EXPECT_TRUE(events);
  answer.release();
  answer.release();  // for one more try before it ends
}

}  // namespace
}  // namespace orakgarak::events
