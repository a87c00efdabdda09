#pragma once
// Provisional frames while somebody sings: the same candidates, a short memory instead of the whole take.
#include <deque>
#include <vector>

#include "voice/pitch_path.h"

namespace orakgarak::voice {

/// Frame i needs the analysis signal up to i · 10 ms + look_ahead; its path looks back `memory` frames.
class LivePitch {
 public:
  static constexpr int future_frames = 2;
  static constexpr Seconds look_ahead{0.010 * future_frames + 0.033};

  explicit LivePitch(InstructionSet set);

  /// signal: at analysis_rate, all of the take so far. Appends the frames that became known.
  void run(std::span<const float> signal, std::vector<PitchFrame>& out);

 private:
  void decide(std::vector<PitchFrame>& out);

  CandidateFinder finder_;
  std::deque<CandidateFrame> recent_;
  std::vector<float> unvoiced_;  // worth of silence for each of recent_
  std::size_t next_ = 0;         // frame to analyse
  float peak_db_ = -60, background_db_ = -90;
};

}  // namespace orakgarak::voice
