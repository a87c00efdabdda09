#pragma once
// What a short window says about its pitch: peaks of the autocorrelation.
#include <array>
#include <cstdint>
#include <vector>

#include "voice/fft.h"
#include "voice/pitch.h"

namespace orakgarak::voice {

struct PitchCandidate {
  float octave;    ///< log2 of the frequency in Hz
  float strength;  ///< autocorrelation at that period, corrected for the window and the background, 0 to 1
};

/// One analysed window.
struct CandidateFrame {
  static constexpr int most = 6;
  std::array<PitchCandidate, most> items;  ///< strongest first
  std::uint8_t count = 0;
  float level_db = -200;   ///< of the window, high-passed, dB re full scale
  float signal_share = 0;  ///< of that power, what the background does not explain, 0 to 1
};

/// Mean power spectrum of what sounds while nobody sings, on the bins of `grid_size` at analysis_rate, per
/// unit of window energy. Empty: unknown or none.
struct Background {
  static constexpr int grid_size = 1024;
  std::vector<float> density;
};

struct CandidateOptions {
  Hertz floor{50}, ceiling{1600};
  float weakest = 0.2F;           ///< peaks below this are dropped
  float octave_cost = 0.01F;      ///< prefers the higher of two equal peaks, per octave (Boersma 1993)
  float over_subtraction = 1.5F;  ///< times the background
  float keep = 0.02F;             ///< share of a bin that always stays
};

/// Windows of one length.
///
/// Method: Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
/// ratio of a sampled sound" (IFA Proceedings 17, 1993): the autocorrelation of a Hann window divided by
/// that of the window itself; four periods of the lowest pitch a window; sinc interpolation of peaks. The
/// spectrum is first high-passed softly at 100 Hz and the background's power is taken out of it (Boll 1979).
class CandidateFinder {
 public:
  /// Four periods of `lowest` fit the window.
  CandidateFinder(Hertz lowest, InstructionSet set);

  void set_background(const Background& background, const CandidateOptions& options);

  /// frames[i]: window centred at sample centres[i] of `signal` (analysis_rate); at most 16.
  void run(std::span<const float> signal, std::span<const std::ptrdiff_t> centres,
           const CandidateOptions& options, std::span<CandidateFrame> frames);
  /// The weighted power spectrum of the same windows: [bins][16], valid until the next call.
  std::span<const float> spectra(std::span<const float> signal, std::span<const std::ptrdiff_t> centres);

  const BatchFft& fft() const { return fft_; }
  float window_energy() const { return window_energy_; }

 private:
  void transform(std::span<const float> signal, std::span<const std::ptrdiff_t> centres);
  void pick(const float* lags, const CandidateOptions& options, CandidateFrame& frame) const;
  PitchCandidate refine(const float* lags, int peak) const;

  const Kernels* kernels_;
  int window_size_;
  BatchFft fft_;
  std::vector<float> window_;
  float window_energy_ = 0;
  int longest_lag_, lag_rows_, stride_;
  std::vector<float> lag_scale_;  // 1 / autocorrelation of the window
  std::vector<float> gain_, noise_;
  AlignedFloats rows_, power_, lags_;
};

}  // namespace orakgarak::voice
