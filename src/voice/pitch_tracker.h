#pragma once
// f0 of a whole take, in two passes: first find where this singer sings, then look there closely.
#include <vector>

#include "voice/pitch_candidates.h"
#include "voice/pitch_path.h"

namespace orakgarak::voice {

struct TrackerOptions {
  CandidateOptions candidates;
  PathOptions path;
  InstructionSet instruction_set = best_instruction_set();

  int coarse_every = 4;
  double quantile = 0.02;
  double local_seconds = 2.0;
  double floor_margin = 0.70, ceiling_margin = 1.6;
  float gate_background_db = 6, gate_peak_db = 22, gate_top_db = 40;
  float gate_slope = 0.08F;
  float peak_seconds = 0.5F;
  int pause_min = 12;
};

struct PitchTrack {
  std::vector<PitchFrame> frames;  ///< one per frame_hop, 1 + samples / 80
  Background background;           ///< what sounds while nobody sings
  float sources = 1;  ///< mean autocorrelation of the voiced frames; low when several sources sound
  float background_db = -200, voice_db = -200;
};

/// signal: at analysis_rate. O(n log n); ~60 bytes a frame while it runs.
PitchTrack track_pitch(std::span<const float> signal, const TrackerOptions& options = {});

}  // namespace orakgarak::voice
