#pragma once
// Servers as tests start them.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "net/server.h"

namespace orakgarak::net::testing {

inline std::unique_ptr<Server> serve(Handler handler, const ServerOptions& options = {}) {
  auto server = Server::start(options, std::move(handler));
  if (!server) {
    ADD_FAILURE() << server.error().detail;
    return nullptr;
  }
  return std::move(*server);
}

/// Answers with the method, path and query, and the body, of which it takes 1000 bytes.
inline std::unique_ptr<Exchange> echo(const RequestHead& head) {
  const std::string line = std::string(to_string(head.method)) + " " + head.path + "?" + head.query + "\n";
  return gather(
      head, 1000, [line](std::string body) { return Response{200, {}, line + body}; },
      [] { return Response{413, {}, "too large"}; });
}

inline Handler always_answering(const Response& response) {
  return [response](const RequestHead&) { return answer(response); };
}

/// Something that one thread waits for and another lets happen; by itself after 10 s, so that no test hangs.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    ++opened_;
    changed_.notify_all();
  }
  /// Whether it was opened `times` times.
  bool wait(int times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return opened_ >= times; });
  }
  int opened() {
    const std::lock_guard lock(mutex_);
    return opened_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int opened_ = 0;
};

}  // namespace orakgarak::net::testing
