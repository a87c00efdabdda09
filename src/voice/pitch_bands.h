#pragma once
// Where does this singer sing? The answers of the coarse pass that guide the close one.
#include <vector>

#include "voice/pitch_path.h"

namespace orakgarak::voice {

struct Band {
  float low, high;  ///< octaves (log2 Hz)
};

/// band[i]: where to look around coarse frame i: what the path sang within 1.5 s (its 4 % to 96 % quantiles;
/// of the whole take its 2 % to 98 % where less than eight frames are near), half an octave and more on each
/// side, within lowest_pitch to highest_pitch. Local, so that a wide-ranging singer keeps soft low notes.
std::vector<Band> singing_bands(std::span<const CandidateFrame> frames, std::span<const std::int8_t> path,
                                Seconds hop);

/// The stretch of 1.1 octaves that holds most of the path by squared strength, a quarter octave wider on
/// each side. For takes in which several sources sound: the singer is the one who sings most.
Band main_cluster(std::span<const CandidateFrame> frames, std::span<const std::int8_t> path);

}  // namespace orakgarak::voice
