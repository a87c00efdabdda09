#pragma once
// How loud must a frame be to be the singer?
#include <vector>

#include "voice/pitch_candidates.h"

namespace orakgarak::voice {

/// gate[i]: extra worth of frame i being unvoiced: 0.12 for each dB that it lies below the highest of
///  - the background + 6 dB (on what subtraction leaves of either),
///  - the loudest moment of the 0.4 s before and of the 0.4 s after − 18 dB (tails of a room, other sources),
///  - the take's 95 % quantile − 40 dB.
/// Levels are relative, so that the take's own level does not matter.
std::vector<float> level_gate(std::span<const CandidateFrame> frames, float background_kept_db, Seconds hop);

}  // namespace orakgarak::voice
