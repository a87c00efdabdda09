#pragma once
// Notes counted in quarters, as scores write them.
#include <vector>

#include "formats/song_melody.h"
#include "formats/song_tempo.h"

namespace orakgarak::formats {

struct QuarterNote {
  double start = 0, length = 0;  ///< quarters
  int midi = 60;
};

/// A tie makes one note of two: where `notes` (in order of writing) lately had one of the same pitch that
/// ends where `note` starts, that one grows, and the answer is true.
bool join_tie(std::vector<QuarterNote>& notes, const QuarterNote& note);

std::vector<MelodyNote> in_seconds(const std::vector<QuarterNote>& notes, const TempoMap& tempo);

}  // namespace orakgarak::formats
