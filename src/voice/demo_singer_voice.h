#pragma once
// The voiced sound: harmonics of a glottal pulse, shaped by the tract.
#include <cstddef>
#include <vector>

#include "voice/demo_singer_score.h"

namespace orakgarak::voice::demo {

struct Phasor {
  double re = 0, im = 0;
};

/// Glottal flow derivative (open quotient, return phase) through the formants, for harmonic k of f0.
Phasor harmonic_response(int k, double f0_hz, const Anatomy& anatomy, const Tract& tract);

/// Amplitude and phase of every harmonic, walking forward through a score.
class Mouth {
 public:
  /// band_hz: harmonics fade out below it.
  Mouth(const Score& score, const Anatomy& anatomy, double band_hz);

  /// Harmonic k = index + 1 at this time and f0, summing to the RMS that the gestures ask for. Times rise.
  ///
  /// Phases are those at the pitch of the note and blend from gesture to gesture, so that within a note each
  /// harmonic's frequency is exactly k·f0. O(harmonics).
  void harmonics_at(double seconds, double f0_hz, std::vector<Phasor>& out);

  /// The tract of the last call, for the breath that flows through it.
  const Tract& tract() const { return tract_; }

 private:
  struct Pose {
    double scale = 0;                ///< from the model's units to full scale
    std::vector<Phasor> directions;  ///< unit length, one a harmonic
  };
  Pose pose(const Gesture& gesture) const;
  double blend_seconds(std::size_t gesture) const;

  const Score& score_;
  const Anatomy& anatomy_;
  double band_hz_;
  std::size_t next_ = 0;  ///< gesture being reached; the one before is being left
  Pose leaving_, reaching_;
  Tract tract_;
};

}  // namespace orakgarak::voice::demo
