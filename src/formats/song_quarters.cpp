#include "formats/song_quarters.h"

#include <cmath>

namespace orakgarak::formats {

bool join_tie(std::vector<QuarterNote>& notes, const QuarterNote& note) {
  constexpr double same_place = 1e-6;    // sums of divided durations, far below any note
  constexpr std::size_t look_back = 12;  // a chord of ten fingers and then some
  for (std::size_t back = 1; back <= std::min(notes.size(), look_back); ++back) {
    QuarterNote& before = notes[notes.size() - back];
    if (before.midi != note.midi || std::abs(before.start + before.length - note.start) > same_place)
      continue;
    before.length += note.length;
    return true;
  }
  return false;
}

std::vector<MelodyNote> in_seconds(const std::vector<QuarterNote>& notes, const TempoMap& tempo) {
  std::vector<MelodyNote> out;
  out.reserve(notes.size());
  for (const QuarterNote& note : notes) {
    const Seconds start = tempo.at(note.start);
    out.push_back({start, tempo.at(note.start + note.length) - start, note.midi});
  }
  return out;
}

}  // namespace orakgarak::formats
