#pragma once
// What the network hears, beside the autocorrelation's candidates.
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "voice/network.h"
#include "voice/pitch_candidates.h"

namespace orakgarak::voice {

/// What the network hears over a whole take: about 100 bytes each 16 ms.
class Salience {
 public:
  /// At one moment, between two of the network's frames.
  struct Moment {
    float voice = 0;   ///< probability of a voice
    float octave = 0;  ///< the most likely pitch, log2 Hz
    float peak = 0;    ///< likelihood around it
    std::array<float, network_bins> likelihood{};

    /// Probability of a voice at this pitch: `voice` at the most likely one, less elsewhere. Within ±1 bin.
    float at(float octave) const;
  };

  bool empty() const { return frames_.empty(); }
  Moment at(Seconds time) const;  ///< not of an empty one

 private:
  friend class SalienceListener;
  struct Frame {
    float voice;
    std::array<std::uint8_t, network_bins> likelihood;  // in 255ths
  };
  std::vector<Frame> frames_;
};

/// Hears a take at the level that the network hears best: its loud moments at −24 dB re full scale.
class SalienceListener {
 public:
  /// level_db: of the loud moments, dB re full scale; −200: of silence, which is not listened to.
  /// count: of the samples that will come, about. maker: of another way than over the processor.
  SalienceListener(float level_db, std::size_t count, InstructionSet set, const NetworkMaker& maker = {});
  /// samples: at network_rate.
  void push(std::span<const float> samples);
  /// Spent afterwards. Empty of silence.
  Salience finish();

 private:
  void keep(const NetworkFrame& heard);

  std::unique_ptr<NetworkRun> network_;
  float gain_ = 0;
  std::vector<float> louder_;  // of one push
  Salience salience_;
};

/// Fills in the salience of each candidate, and adds the network's own pitch with `strength` where none lies
/// within half a semitone of it. heard: at the frame's centre.
void add_salience(const Salience::Moment& heard, float strength, CandidateFrame& frame);

}  // namespace orakgarak::voice
