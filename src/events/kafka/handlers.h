#pragma once
// Threads for handlers, which may block: as many as have ever run at once.
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace orakgarak::events {

class Handlers {
 public:
  Handlers() = default;
  Handlers(const Handlers&) = delete;
  Handlers& operator=(const Handlers&) = delete;
  ~Handlers();  ///< lets all that was given come to its end

  /// Begins at once, on a thread of its own; so the caller says how many there are.
  void run(std::function<void()>);

 private:
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  std::size_t idle_ = 0;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace orakgarak::events
