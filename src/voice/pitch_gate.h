#pragma once
// How loud must a frame be to be the singer?
#include <vector>

#include "voice/pitch_candidates.h"

namespace orakgarak::voice {

/// gate[i]: extra worth of frame i being unvoiced: 0.12 for each dB that it lies below the highest of
///  - the background + 6 dB (on what subtraction leaves of either),
///  - the loudest moment of the 0.4 s before and of the 0.4 s after − 18 dB (tails of a room, other sources),
///  - the take's 95 % quantile − 40 dB.
/// and up to 0.5 more where the level falls at the room's own rate, 60 dB in `reverberation` (from 0.45 s on;
/// 0: unknown): a tail keeps the pitch of the note that it belongs to, and only its fall gives it away.
/// Levels are relative, so that the take's own level does not matter.
std::vector<float> level_gate(std::span<const CandidateFrame> frames, float background_kept_db, Seconds hop,
                              Seconds reverberation = Seconds(0));

}  // namespace orakgarak::voice
