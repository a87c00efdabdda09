#pragma once
// Which event of which partition is handed over next, and which offset is stored then: the rules of a
// subscription as plain data. One thread uses it; handlers run elsewhere.
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "events/events.h"

namespace orakgarak::events {

using Partition = std::pair<std::string, int>;  ///< topic, as the broker calls it, and number

struct Fetched {
  std::int64_t offset = 0;
  std::shared_ptr<const Event> event;
};

struct HandOverOptions {
  std::chrono::milliseconds again_after{1000};
  std::size_t most_waiting = 256;  ///< of a partition; it is paused then, until half of them have gone
};

class HandOver {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  explicit HandOver(const HandOverOptions& options) : options_(options) {}

  void assigned(std::span<const Partition>);
  /// All of them leave. What waits is forgotten: whoever gets the partition is told it. What is handed over
  /// stays known until it is finished; if its partition comes back before, nothing of it is handed over.
  void revoked();

  /// Of a partition that is not ours (any more): ignored.
  void arrived(const Partition&, Fetched);

  /// Those to hand over now, one a partition; each must be told as finished.
  std::vector<std::pair<Partition, Fetched>> due(Instant now);
  /// Gives the offset to store, where the event is done and the partition still ours; where it is not done,
  /// the event is due again `again_after` later.
  std::optional<std::int64_t> finished(const Partition&, std::int64_t offset, bool done, Instant now);
  /// When due() may give more without anything else happening.
  std::optional<Instant> next_due() const;
  bool anything_running() const;

  /// Those that have to be paused, or can go on, since the last call.
  std::vector<Partition> to_pause();
  std::vector<Partition> to_resume();
  std::vector<Partition> paused() const;

 private:
  struct State {
    bool ours = false, paused = false;
    std::deque<Fetched> waiting = {};  ///< the one handed over is its first, unless the partition has left
    std::optional<std::int64_t> running = {};  ///< offset
    Instant not_before{};
  };

  const HandOverOptions options_;
  std::map<Partition, State> partitions_;
};

}  // namespace orakgarak::events
