#include "events/kafka/handlers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>

namespace orakgarak::events {
namespace {

TEST(Handlers, AllThatAreGivenRunAtOnce) {
  constexpr int count = 8;
  std::latch all(count);
  Handlers handlers;
  for (int i = 0; i < count; ++i) handlers.run([&] { all.arrive_and_wait(); });
  all.wait();
}

TEST(Handlers, AThreadIsUsedAgain) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  {
    Handlers handlers;
    for (int i = 0; i < 50; ++i) {
      std::latch done(1);
      handlers.run([&] {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        done.count_down();
      });
      done.wait();
    }
  }
  EXPECT_LT(threads.size(), 10U);  // one may still be on its way back when the next comes
}

TEST(Handlers, WhatWasGivenComesToItsEnd) {
  std::atomic<int> ended = 0;
  {
    Handlers handlers;
    for (int i = 0; i < 20; ++i) handlers.run([&] { ++ended; });
  }
  EXPECT_EQ(ended, 20);
}

}  // namespace
}  // namespace orakgarak::events
