#include "net/stream.h"

#include <fmt/format.h>

namespace orakgarak::net {

void Stream::wake() {
  if (woken_ || !wake_) return;
  woken_ = true;
  wake_();
}

bool Stream::write(std::string bytes) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  const std::size_t waiting = queued_.size() + in_flight_;
  if (waiting > most_queued_ || bytes.size() > most_queued_ - waiting) {
    closed_ = ran_over_ = true;
    std::string().swap(queued_);
    woken_ = false;  // an earlier call may have found a chunk on its way and left it at that
    wake();
    return false;
  }
  if (queued_.empty()) {
    queued_ = std::move(bytes);
  } else {
    queued_ += bytes;
  }
  wake();
  return true;
}

void Stream::close() {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  closed_ = true;
  wake();
}

std::string Stream::take(bool chunked) {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  std::string bytes = std::exchange(queued_, {});
  in_flight_ = bytes.size();
  if (!chunked || bytes.empty()) return bytes;
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

void Stream::sent() {
  const std::lock_guard lock(mutex_);
  in_flight_ = 0;
}

bool Stream::ran_over() const {
  const std::lock_guard lock(mutex_);
  return ran_over_;
}

bool Stream::ended() const {
  const std::lock_guard lock(mutex_);
  return closed_ && queued_.empty() && in_flight_ == 0;
}

void Stream::shut() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  wake_ = nullptr;
  std::string().swap(queued_);
}

}  // namespace orakgarak::net
