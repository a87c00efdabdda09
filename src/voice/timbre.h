#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "voice/notes.h"

namespace orakgarak::voice {

/// A measured figure and what it rests on.
struct Measure {
  double value = 0;      ///< in the unit its name says
  double deviation = 0;  ///< standard deviation over the frames used
  double z = 0;          ///< standardised once, against the reference population in timbre.cpp
  double share = 0;      ///< share of voiced frames it rests on, 0 to 1
};

/// A word for the voice's colour, only with the number behind it.
struct TimbreWord {
  std::string_view word;     ///< stable code: "bright", "dark", "breathy", "clear", ...
  std::string_view measure;  ///< name of the measure that says so: "spectral_centroid_hz"
  double z = 0;
};

/// Voiced frames only. nullopt where too few frames carry the measure.
struct Timbre {
  std::optional<Measure> spectral_centroid_hz;
  std::optional<Measure> spectral_tilt_db_per_octave;
  std::optional<Measure> harmonic_to_noise_db;
  std::optional<Measure> cepstral_peak_prominence_db;
  std::optional<Measure> h1_h2_db;
  std::optional<Measure> vibrato_rate_hz;
  std::optional<Measure> vibrato_extent_cents;
  std::array<double, 13> mfcc_mean{}, mfcc_deviation{};
  double mfcc_share = 0;  ///< share of voiced frames under the MFCCs; 0 = none
  std::vector<TimbreWord> words;
};

}  // namespace orakgarak::voice
