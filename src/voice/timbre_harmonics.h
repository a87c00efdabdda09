#pragma once
// What the harmonics of the voice say, frame by frame, once its pitch is known.
#include <cstdint>
#include <span>
#include <vector>

#include "voice/kernels.h"
#include "voice/pitch.h"

namespace orakgarak::voice {

/// One frame of the voice, under a Hann window of 64 ms.
struct HarmonicFrame {
  std::uint32_t frame;  ///< index in the pitch track
  /// Harmonic-to-noise ratio below 4 kHz: 10·log10(r / (1 − r)), r the autocorrelation of the windowed signal
  /// at the period, divided by that of the window (Boersma, "Accurate short-term analysis of the fundamental
  /// frequency and the harmonics-to-noise ratio", IFA Proceedings 17, 1993); the autocorrelation is evaluated
  /// between lags as the exact transform of the power spectrum. −20 to 40.
  float hnr_db;
  /// Cepstral peak prominence below 4 kHz: height of the cepstrum's peak within 6 % of the period over the
  /// straight line through the cepstrum from 1 ms to 25 ms (Hillenbrand, Cleveland & Erickson, "Acoustic
  /// correlates of breathy vocal quality", 1994). NaN where the period is below 1.25 ms.
  float cpp_db;
  /// Level of the first harmonic over the second, as they sound (formants not taken out), −40 to 40. NaN
  /// where the second lies above 3,800 Hz.
  float h1_h2_db;
  /// Slope of the levels of harmonics 1, 2, 3, 4, 6, 8, 12, 16, 24, 32 below 3,800 Hz over log2 of their
  /// frequency, by least squares. NaN where fewer than four lie there.
  float tilt_db_per_octave;
};

/// Every second frame of the track (20 ms) that is voiced, in time.
/// signal: the whole take at analysis_rate; frame i is centred at sample 80·i. Samples outside count as 0.
/// O(frames); memory 20 bytes a frame made and 200 KB.
std::vector<HarmonicFrame> measure_harmonics(std::span<const PitchFrame> frames,
                                             std::span<const float> signal,
                                             InstructionSet set = best_instruction_set());

}  // namespace orakgarak::voice
