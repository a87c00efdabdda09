#pragma once
// The path through the candidates of a whole take.
#include <span>
#include <vector>

#include "voice/pitch_candidates.h"

namespace orakgarak::voice {

struct PathOptions {
  float voicing_threshold = 0.45F;  ///< what being unvoiced is worth where the voice is loud
  float octave_cost = 0.01F;        ///< per octave downwards
  float jump_cost = 0.35F;          ///< per octave between neighbouring frames 10 ms apart
  float voicing_cost = 0.14F;       ///< for starting or stopping to be voiced
  Seconds hop = frame_hop;
};

/// choice[i]: index of the candidate of frame i, −1 where unvoiced. `unvoiced[i]`: extra worth of being
/// unvoiced at frame i (0 where loud, rising where silent). Viterbi 1967; costs after Boersma 1993.
/// O(frames · candidates²); one byte a frame and state is kept.
std::vector<std::int8_t> best_path(std::span<const CandidateFrame> frames, std::span<const float> unvoiced,
                                   const PathOptions& options);

}  // namespace orakgarak::voice
