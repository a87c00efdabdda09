#include "formats/musicxml_repeats.h"

#include <algorithm>
#include <bit>

namespace orakgarak::formats {

std::vector<std::size_t> playing_order(std::span<const RepeatMarks> marks) {
  std::vector<std::size_t> order;
  std::size_t start = 0;  // where the passage in hand begins
  int pass = 1;
  for (std::size_t i = 0; i < marks.size() && order.size() < max_played_measures;) {
    const RepeatMarks& mark = marks[i];
    if (mark.forward && i != start) {
      start = i;
      pass = 1;
    }
    const bool skipped = mark.endings != 0 && (mark.endings >> pass & 1u) == 0;
    if (skipped) {
      ++i;
      // A first ending without a second: the passage ends with it.
      if (mark.backward && (i == marks.size() || marks[i].endings == 0)) {
        start = i;
        pass = 1;
      }
      continue;
    }
    order.push_back(i);
    // The bracket of endings 1 and 2 implies a third pass, whatever `times` says.
    const int implied = static_cast<int>(std::bit_width(mark.endings));
    const int times = std::min(std::max(mark.times, implied), max_repeat_times);
    if (mark.backward && pass < times) {
      ++pass;
      i = start;
      continue;
    }
    const bool passage_over = mark.backward || (mark.ending_stops && pass > 1);
    ++i;
    if (passage_over) {
      start = i;
      pass = 1;
    }
  }
  return order;
}

}  // namespace orakgarak::formats
