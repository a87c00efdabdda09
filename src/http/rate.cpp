#include "http/rate.h"

#include <algorithm>
#include <cmath>

#include "net/proxies.h"

namespace orakgarak::http {

std::optional<Duration> TokenBuckets::take(std::string_view key, Time now) {
  const std::lock_guard lock(mutex_);
  auto& bucket = buckets_.use(key, {static_cast<double>(burst_), now});
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

std::optional<Duration> GrowingWaits::take(std::string_view key, Time now) {
  const std::lock_guard lock(mutex_);
  auto& wrong = rows_.use(key, {0, now, now});
  if (now - wrong.last >= options_.forgiven_after) wrong = {0, now, now};
  if (now < wrong.until) return wrong.until - now;
  wrong.last = now;
  if (++wrong.in_a_row < options_.free) return std::nullopt;
  constexpr int most_doublings = 30;
  const auto doublings = std::min(wrong.in_a_row - options_.free, most_doublings);
  wrong.until = now + std::min(options_.most, options_.first * (std::int64_t{1} << doublings));
  return std::nullopt;
}

void GrowingWaits::forgive(std::string_view key) {
  const std::lock_guard lock(mutex_);
  rows_.forget(key);
}

std::string client_of(std::string_view address) {
  const auto ip = net::parse_ip(address.substr(0, address.find('%')));  // a zone says nothing of the client
  return ip ? net::to_string(net::client_of(*ip)) : std::string(address);
}

}  // namespace orakgarak::http
