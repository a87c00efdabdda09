#pragma once
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "voice/notes.h"

namespace orakgarak::voice {

class BandSpectra;
struct HarmonicFrame;

/// A measured figure and what it rests on.
struct Measure {
  double value = 0;  ///< in the unit its name says
  double deviation =
      0;             ///< standard deviation over the frames used; of vibrato and instability over the notes
  double z = 0;      ///< standardised once, against the reference voices in timbre.cpp
  double share = 0;  ///< share of voiced frames it rests on, 0 to 1
};

/// A word for the voice's colour, only with the number behind it: one standard deviation or more from the
/// reference voices. "bright" or "dark" by the centroid, "ringing" or "warm" by the tilt, "clear" or
/// "breathy" by the cepstral peak, "firm" or "soft" by H1–H2, "steady" by the instability. "vibrant": vibrato
/// of at least 25 cents in at least 0.3 of the voiced time, whatever its z.
struct TimbreWord {
  std::string_view word;     ///< stable code: "bright", "dark", "breathy", "clear", ...
  std::string_view measure;  ///< name of the measure that says so: "spectral_centroid_hz"
  double z = 0;
};

/// Voiced frames only, one in 20 ms. nullopt where less than half a second carries the measure. Nothing here
/// depends on the level.
struct Timbre {
  std::optional<Measure> spectral_centroid_hz;  ///< 60 to 7,600 Hz; none where less was captured
  std::optional<Measure> spectral_tilt_db_per_octave;
  std::optional<Measure> harmonic_to_noise_db;
  std::optional<Measure> cepstral_peak_prominence_db;
  std::optional<Measure> h1_h2_db;
  std::optional<Measure> vibrato_rate_hz;
  std::optional<Measure> vibrato_extent_cents;
  std::optional<Measure> instability_cents;  ///< of held notes, vibrato taken out
  /// Cosine transform of the 32 mel bands in dB, coefficients 1 to 13 (0, the level, is left out), scaled by
  /// sqrt(2 / 32) (Davis & Mermelstein 1980).
  std::array<double, 13> mfcc_mean{}, mfcc_deviation{};
  double mfcc_share = 0;  ///< share of voiced frames under the MFCCs; 0 = none
  std::vector<TimbreWord> words;
};

/// What the recording allows to be said.
struct TimbreConditions {
  Hertz bandwidth;  ///< centroid and MFCC need 7,000 Hz
  Decibels snr;     ///< below 25 dB the noise of the room would pass for breath or ring: no words from those
};

/// frames, notes, bands and harmonics: of the same take.
Timbre measure_timbre(std::span<const PitchFrame> frames, std::span<const Note> notes,
                      const BandSpectra& bands, std::span<const HarmonicFrame> harmonics,
                      const TimbreConditions& conditions);

}  // namespace orakgarak::voice
