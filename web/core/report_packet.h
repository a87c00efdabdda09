#pragma once
// A VoiceReport as it leaves WebAssembly: one row of numbers and one text of codes, which src/report.ts reads
// in the same order. Numbers pass unrounded, so that the browser's report is the server's bit for bit.
//
// numbers, in order ("?" = 1 and then the fields, or 0 and nothing; "n×" = a count and then so many):
//   packet_version, analyser_version
//   duration_s, source_rate_hz, voiced_s
//   lowest, highest, comfortable_low, comfortable_high: ? midi, steady_s, listen_start_s, listen_end_s,
//     uncertainty_semitones; where 0, one code says why
//   tessitura: 128 numbers, seconds at each MIDI number
//   intonation: ? tuning_cents, mean_distance_cents, drift_cents_per_minute, notes
//   notes: n× start_s, end_s, midi, instability_cents, vibrato: ? rate_hz, extent_cents
//   glides: n× start_s, end_s, from_midi, to_midi
//   timbre: spectral_centroid_hz, spectral_tilt_db_per_octave, harmonic_to_noise_db,
//     cepstral_peak_prominence_db, h1_h2_db, vibrato_rate_hz, vibrato_extent_cents, instability_cents:
//     ? value, deviation, z, share; mfcc_share, 13 means, 13 deviations; words: n× z, with the codes word,
//     measure
//   capture: peak_db, active_level_db, snr_db, clipped_share, bandwidth_hz, hum_db, reverberation_s,
//     accompaniment, speech, instrument; advice: n× value, blocking, with the code of the fault
// codes: each ends with a line feed, in the order of the fields above.
#include <string>
#include <vector>

#include "voice/report.h"

namespace orakgarak::web {

inline constexpr int packet_version = 1;

struct ReportPacket {
  std::vector<double> numbers;
  std::string codes;
};

ReportPacket pack(const voice::VoiceReport& report);

}  // namespace orakgarak::web
