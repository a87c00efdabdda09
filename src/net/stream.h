#pragma once
// What waits to be sent to one client of a stream: the side that handlers hold, and the connection's side.
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

#include "net/http.h"

namespace orakgarak::net {

class Stream : public StreamSink {
 public:
  /// wake: asks the connection to look for what is new; called from any thread, until shut().
  Stream(std::size_t most_queued, std::function<void()> wake)
      : most_queued_(most_queued), wake_(std::move(wake)) {}

  bool write(std::string bytes) override;
  void close() override;

  /// What waits, as one chunk or raw; it counts as waiting until sent().
  std::string take(bool chunked);
  void sent();
  /// The queue ran over: the client is too slow to be kept, even for what is on its way to it.
  bool ran_over() const;
  /// Whether close() was called and all is sent.
  bool ended() const;
  /// The connection is gone: nothing is written or woken any more.
  void shut();

 private:
  void wake();

  const std::size_t most_queued_;
  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::string queued_;
  std::size_t in_flight_ = 0;
  bool woken_ = false, closed_ = false, ran_over_ = false;
};

}  // namespace orakgarak::net
