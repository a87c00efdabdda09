#pragma once
// The reasons of one song in one key, from the facts that the song has: seconds where it was transcribed, its
// ends where only those are known.
//
// A semitone counts as above an end when it lies above the semitone nearest to that end, so that a
// comfortable 64.4 reads "E4" and only F4 and higher are above it.
#include <vector>

#include "songs/reach.h"
#include "songs/reason.h"
#include "songs/song.h"

namespace orakgarak::songs {

struct ChosenKey {
  int key_shift = 0;     ///< semitones
  int octave_shift = 0;  ///< −1, 0, +1
  int lowest_key = -6;   ///< of the keys that may be chosen instead
};

/// Most telling first: how it lies in the chosen key, what another key would change, then what is known of
/// the song.
std::vector<Reason> explain(const Song& song, const Reach& reach, const ChosenKey& chosen);

/// Why even this song, the nearest, does not fit.
std::vector<Reason> explain_misfit(const Song& song, const Reach& reach, const ChosenKey& chosen);

/// What the reach assumes about the singer.
std::vector<Reason> cautions_about(const Reach& reach, int takes);

}  // namespace orakgarak::songs
