#pragma once
#include <array>
#include <optional>
#include <span>

#include "voice/notes.h"

namespace orakgarak::voice {

/// seconds[m]: time sung at MIDI number m (nearest semitone), voiced frames only.
struct Tessitura {
  std::array<float, 128> seconds{};
};
Tessitura measure_tessitura(std::span<const PitchFrame> frames);

/// How the notes lie on the equal-tempered grid that fits this take best (a singer without a backing has a
/// tuning of their own). The grid is the direction of the sum of the notes' pitches as points on a circle of
/// one semitone, each weighted by its duration up to 2 s (circular mean: Mardia & Jupp, "Directional
/// Statistics", 2000; for tuning: Dressler & Streich, ISMIR 2007). The drift is the slope that makes that sum
/// longest.
struct Intonation {
  Cents tuning;         ///< offset of the fitted grid from A4 = 440 Hz, (−50, 50]
  Cents mean_distance;  ///< mean absolute distance of notes from the grid, weighted by duration; 25 = chance
  Cents drift_per_minute;  ///< slope of the grid over the take, positive = sharper; 0 under 10 s of notes; at
                           ///< most 60 cents over the whole take (more looks like the next semitone)
  int notes = 0;           ///< how many notes this rests on
};
/// Nothing where fewer than 5 notes were sung. notes: in time. O(notes).
std::optional<Intonation> measure_intonation(std::span<const Note> notes);

}  // namespace orakgarak::voice
