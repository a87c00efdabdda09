#pragma once
// What every adapter of events::Events keeps. A program brings one by defining open_events().
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "events/events.h"

namespace orakgarak::events {

/// A fresh place for events: topics of an earlier test are not seen.
std::unique_ptr<Events> open_events();

/// Keeps what comes, and waits for it.
class Heard {
 public:
  EventHandler handler() {
    return [this](const Event& event) {
      const std::lock_guard lock(mutex_);
      all_.push_back(event);
      changed_.notify_all();
      return true;
    };
  }
  /// Waits until there are `count`, ten seconds at most.
  std::vector<Event> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return all_.size() >= count; });
    return all_;
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return all_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> all_;
};

}  // namespace orakgarak::events
