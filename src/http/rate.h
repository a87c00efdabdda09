#pragma once
// How often one client may do something: by key, in memory.
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

/// What is known of the keys that were used last; beyond `most` the one that was used longest ago is
/// forgotten.
template <class Known>
class Recent {
 public:
  explicit Recent(std::size_t most) : most_(most) {}

  /// What is known of `key`, or else `fresh`. It is the one used last from now on.
  Known& use(std::string_view key, Known fresh) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
    } else {
      if (entries_.size() >= most_) {
        by_key_.erase(entries_.back().key);
        entries_.pop_back();
      }
      entries_.push_front({std::string(key), std::move(fresh)});
      by_key_[entries_.front().key] = entries_.begin();
    }
    return entries_.front().known;
  }
  void forget(std::string_view key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return;
    const auto entry = found->second;
    by_key_.erase(found);
    entries_.erase(entry);
  }

 private:
  struct Entry {
    std::string key;
    Known known;
  };
  const std::size_t most_;
  std::list<Entry> entries_;  ///< used last first
  std::unordered_map<std::string_view, typename std::list<Entry>::iterator> by_key_;
};

/// `burst` at once, then one more every per/burst. Safe from any thread.
class TokenBuckets {
 public:
  /// most_keys: beyond it the bucket that was used longest ago is forgotten, as if its key were new.
  TokenBuckets(int burst, Duration per, std::size_t most_keys = 1U << 16)
      : burst_(burst), per_(per), buckets_(most_keys) {}

  /// Takes one; or else says how long until there is one again, more than 0. Time that runs backwards gives
  /// nothing.
  std::optional<Duration> take(std::string_view key, Time now);

 private:
  struct Bucket {
    double tokens;
    Time filled;
  };
  const int burst_;
  const Duration per_;
  std::mutex mutex_;
  Recent<Bucket> buckets_;
};

struct GrowingWaitOptions {
  int free = 5;                              ///< failures in a row without a wait
  Duration first = std::chrono::seconds(5);  ///< then this, and twice as long after each further one
  Duration most = std::chrono::hours(1);
  Duration forgiven_after = std::chrono::hours(24);  ///< without an attempt
  std::size_t most_keys = 1U << 16;
};

/// Ever longer waits between attempts that go wrong in a row. Safe from any thread.
class GrowingWaits {
 public:
  explicit GrowingWaits(GrowingWaitOptions options = {}) : options_(options), rows_(options.most_keys) {}

  /// Takes one attempt, which counts as gone wrong until forgive(): of many at once none is free. Or else
  /// says how long until there may be one, more than 0.
  std::optional<Duration> take(std::string_view key, Time now);
  /// It went well.
  void forgive(std::string_view key);

 private:
  struct Wrong {
    int in_a_row = 0;
    Time last, until;
  };
  const GrowingWaitOptions options_;
  std::mutex mutex_;
  Recent<Wrong> rows_;
};

/// Whom an address of RequestHead counts for, as net::client_of says; a text that is no address for itself.
std::string client_of(std::string_view address);

}  // namespace orakgarak::http
