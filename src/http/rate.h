#pragma once
// How often one client may do something: a token bucket for each key, in memory.
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace orakgarak::http {

/// `burst` at once, then one more every per/burst. Safe from any thread.
class TokenBuckets {
 public:
  /// most_keys: beyond it the bucket that was used longest ago is forgotten, as if its key were new.
  TokenBuckets(int burst, Duration per, std::size_t most_keys = 1U << 16)
      : burst_(burst), per_(per), most_keys_(most_keys) {}

  /// Takes one; or else says how long until there is one again, more than 0. Time that runs backwards gives
  /// nothing.
  std::optional<Duration> take(std::string_view key, Time now);

 private:
  struct Bucket {
    std::string key;
    double tokens;
    Time filled;
  };
  const int burst_;
  const Duration per_;
  const std::size_t most_keys_;
  std::mutex mutex_;
  std::list<Bucket> buckets_;  ///< used last first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_key_;
};

/// Whom an address of RequestHead counts for, as net::client_of says; a text that is no address for itself.
std::string client_of(std::string_view address);

}  // namespace orakgarak::http
