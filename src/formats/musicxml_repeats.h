#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace orakgarak::formats {

/// What the barlines of a measure say about repeating.
struct RepeatMarks {
  bool forward = false;       ///< a repeated passage begins here
  bool backward = false;      ///< it ends here
  int times = 2;              ///< how often it is played in all, where backward
  std::uint32_t endings = 0;  ///< bit n: inside the bracket of ending n (1..31); 0: inside none
  bool ending_stops = false;  ///< the bracket closes here

  bool operator==(const RepeatMarks&) const = default;
};

inline constexpr int max_repeat_times = 16;
inline constexpr std::size_t max_played_measures = 20'000;

/// The measures in the order in which they are played, as indices; each repeated passage is played
/// min(times, max_repeat_times) times. Stops at max_played_measures. O(result + marks).
std::vector<std::size_t> playing_order(std::span<const RepeatMarks> marks);

}  // namespace orakgarak::formats
