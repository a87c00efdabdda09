#pragma once
// A thread that sleeps until it is woken, until some time has passed, or for good.
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace orakgarak::events {

/// Each wake() lets one sleep() return at once, also one that begins later; several at once count once for
/// each sleeper.
class Alarm {
 public:
  explicit Alarm(int sleepers = 1) : most_(sleepers) {}

  void wake() {
    {
      const std::lock_guard lock(mutex_);
      if (wakes_ < most_) ++wakes_;
    }
    changed_.notify_one();
  }
  void end() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
  }
  bool ended() {
    const std::lock_guard lock(mutex_);
    return ended_;
  }
  /// Whether to go on.
  bool sleep(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [this] { return ended_ || wakes_ > 0; });
    if (wakes_ > 0) --wakes_;
    return !ended_;
  }
  /// The same whoever wakes: what wakes it meanwhile lets the next sleep() return.
  bool rest(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return ended_; });
    return !ended_;
  }

 private:
  const int most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int wakes_ = 0;
  bool ended_ = false;
};

}  // namespace orakgarak::events
