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

std::optional<std::string> Stream::take(bool chunked) {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  if (ran_over_) return std::nullopt;
  std::string bytes = std::exchange(queued_, {});
  in_flight_ = bytes.size();
  if (!chunked || bytes.empty()) return bytes;
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

void Stream::sent() {
  const std::lock_guard lock(mutex_);
  in_flight_ = 0;
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
