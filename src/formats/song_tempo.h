#pragma once
#include <algorithm>
#include <vector>

#include "base/units.h"

namespace orakgarak::formats {

/// Positions in a score (beats, quarters or ticks: the reader's choice) to seconds, under changing tempi.
class TempoMap {
 public:
  explicit TempoMap(double seconds_per_beat) : changes_{{0, 0, seconds_per_beat}} {}

  /// From `beat` >= 0 on. In any order; of two at one beat the later call holds.
  void add(double beat, double seconds_per_beat) { changes_.push_back({beat, 0, seconds_per_beat}); }

  /// Call after the last add() and before at(). O(n log n).
  void finish() {
    std::stable_sort(changes_.begin(), changes_.end(),
                     [](const Change& a, const Change& b) { return a.beat < b.beat; });
    for (std::size_t i = 1; i < changes_.size(); ++i)
      changes_[i].seconds = at_change(changes_[i - 1], changes_[i].beat);
  }

  Seconds at(double beat) const {
    const auto after = std::upper_bound(changes_.begin() + 1, changes_.end(), beat,
                                        [](double b, const Change& change) { return b < change.beat; });
    return Seconds(at_change(*(after - 1), beat));
  }

 private:
  struct Change {
    double beat, seconds, seconds_per_beat;
  };
  static double at_change(const Change& change, double beat) {
    return change.seconds + (beat - change.beat) * change.seconds_per_beat;
  }

  std::vector<Change> changes_;
};

}  // namespace orakgarak::formats
