#include "http/rate.h"

#include <algorithm>
#include <cmath>

#include "net/proxies.h"

namespace orakgarak::http {

std::optional<Duration> TokenBuckets::take(std::string_view key, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    if (buckets_.size() >= most_keys_) {
      by_key_.erase(buckets_.back().key);
      buckets_.pop_back();
    }
    buckets_.push_front({std::string(key), static_cast<double>(burst_), now});
    by_key_[buckets_.front().key] = buckets_.begin();
  } else {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
  }
  auto& bucket = buckets_.front();
  const double per_token = static_cast<double>(per_.count()) / burst_;
  if (now > bucket.filled) {
    bucket.tokens = std::min<double>(
        burst_, bucket.tokens + static_cast<double>((now - bucket.filled).count()) / per_token);
    bucket.filled = now;
  }
  if (bucket.tokens < 1)
    return Duration(static_cast<Duration::rep>(std::ceil((1 - bucket.tokens) * per_token)));
  bucket.tokens -= 1;
  return std::nullopt;
}

std::string client_of(std::string_view address) {
  const auto ip = net::parse_ip(address.substr(0, address.find('%')));  // a zone says nothing of the client
  return ip ? net::to_string(net::client_of(*ip)) : std::string(address);
}

}  // namespace orakgarak::http
