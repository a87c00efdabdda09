#pragma once
// The path through the candidates of a whole take.
#include <span>
#include <vector>

#include "voice/pitch_candidates.h"

namespace orakgarak::voice {

/// Worths are in units of autocorrelation strength; octaves are log2 of Hz.
struct PathOptions {
  float voicing_threshold = 0.62F;     ///< what being unvoiced is worth where the voice is loud
  float octave_cost = 0.01F;           ///< per octave below the highest of a frame's good candidates
  float noise_cost = 1.3F;             ///< more of the same for each unit of noise in the frame
  float jump_cost = 0.5F;              ///< per octave between neighbouring frames 10 ms apart
  float voicing_cost = 0.14F;          ///< for starting or stopping to be voiced
  float height_bonus = 0;              ///< per octave above 256 Hz, at most half an octave, negative below
  float home_low = 0, home_high = 20;  ///< octaves where this singer mainly sings
  float away_cost = 0;                 ///< per octave outside of them
  float strength_share = 1;            ///< of what strength above the threshold is worth
  float salience_worth = 0;     ///< of a candidate that the network is sure of, over one that it denies
  float salience_floor = 0.5F;  ///< salience from which on it speaks for a voice
  Seconds hop = frame_hop;
};

/// choice[i]: index of the candidate of frame i, −1 where unvoiced. `unvoiced[i]`: extra worth of being
/// unvoiced at frame i (0 where loud, rising where silent). The best sum over the whole take (Viterbi 1967)
/// of strengths and salience less costs (after Boersma 1993): octaves are decided over phrases, not frame by
/// frame. O(frames · candidates²); eight bytes a frame.
std::vector<std::int8_t> best_path(std::span<const CandidateFrame> frames, std::span<const float> unvoiced,
                                   const PathOptions& options);

}  // namespace orakgarak::voice
