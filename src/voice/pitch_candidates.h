#pragma once
// What a short window says about its pitch: peaks of the autocorrelation.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "voice/fft.h"
#include "voice/pitch.h"

namespace orakgarak::voice {

struct PitchCandidate {
  float octave;    ///< log2 of the frequency in Hz
  float strength;  ///< autocorrelation at that period, corrected for the window and the background, 0 to 1
  float salience = 0;  ///< probability of a voice at this pitch, as the network hears it
};

/// One analysed window.
struct CandidateFrame {
  static constexpr int found = 6;         ///< at most, by autocorrelation
  static constexpr int most = found + 1;  ///< and the network's
  std::array<PitchCandidate, most>
      items;  ///< strongest first, a short period before a slightly stronger multiple
  std::uint8_t count = 0;
  bool guessed = false;   ///< the last item is the network's own pitch: its strength was not measured
  float level_db = -200;  ///< of the weighted window, dB re full scale
  float kept_db = -200;   ///< of what the background does not explain
  float noise = 0;        ///< share of the window's power that the background explains, 0 to 1/3
  float voice = 0;        ///< probability of a voice, as the network hears it

  std::span<const PitchCandidate> candidates() const { return {items.data(), count}; }
  float strongest() const { return count > 0 ? items[0].strength : 0.0F; }
};

/// Mean power spectrum of what sounds while nobody sings, on the bins of `grid_size` at analysis_rate, per
/// unit of window energy. Empty: unknown or none.
struct Background {
  static constexpr int grid_size = 1024;
  std::vector<float> density;
};

inline constexpr float over_subtraction = 3;  ///< times the background's expected power is taken out

struct PitchBounds {
  Hertz floor, ceiling;  ///< candidates lie above 0.98 · floor
};

/// Windows of one length.
///
/// Method: Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
/// ratio of a sampled sound" (IFA Proceedings 17, 1993): the autocorrelation of a Hann window divided by
/// that of the window itself, with four periods of the lowest pitch a window and sinc interpolation of
/// peaks. The power spectrum is weighted first (a soft band from `low_cut` to 1.5 kHz) and three times the
/// background's expected power is taken out of it (Boll, "Suppression of acoustic noise in speech using
/// spectral subtraction", 1979), so that steady noise and hum neither make peaks nor weaken the voice's.
class CandidateFinder {
 public:
  static constexpr Hertz usual_low_cut{100};

  /// Four periods of `lowest` fit the window.
  CandidateFinder(Hertz lowest, InstructionSet set);

  /// Weights from now on; the background may be empty.
  void set_weights(Hertz low_cut, const Background& background);

  /// frames[i]: window centred at sample centres[i] of `signal` (analysis_rate); at most 16.
  void run(std::span<const float> signal, std::span<const std::ptrdiff_t> centres, const PitchBounds& bounds,
           std::span<CandidateFrame> frames);
  /// The unweighted power spectrum of the same windows: [bins][16], valid until the next call.
  std::span<const float> spectra(std::span<const float> signal, std::span<const std::ptrdiff_t> centres);

  int bins() const { return fft_.bins(); }
  float window_energy() const { return window_energy_; }

 private:
  void transform(std::span<const float> signal, std::span<const std::ptrdiff_t> centres);
  void pick(std::size_t lane, const PitchBounds& bounds, CandidateFrame& frame) const;
  struct Period {
    double lag;  // samples
    float strength;
  };
  Period refine(const float* lags, int peak) const;
  Period sharpen(const float* lags, Period one) const;
  double unbiased(std::size_t lane, double f0) const;

  const Kernels* kernels_;
  int window_size_;
  BatchFft fft_;
  std::vector<float> window_;
  float window_energy_ = 0;
  int longest_lag_, lag_rows_, stride_;
  std::vector<float> lag_scale_;  // 1 / autocorrelation of the window
  std::vector<float> handicap_;   // of a peak at each lag
  std::vector<float> gain_, noise_;
  Hertz low_cut_ = usual_low_cut;
  AlignedFloats rows_, power_, lags_;
};

}  // namespace orakgarak::voice
