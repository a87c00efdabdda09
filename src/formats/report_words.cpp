#include "formats/report_words.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace orakgarak::formats {
namespace {

constexpr Seconds shortest_take{1};  // in less, what stands in the way is that it is so short
constexpr Decibels no_level{-199};   // at and below: nothing was there to measure

struct MeasureName {
  std::string_view code, label, unit;
  int decimals;
  std::optional<voice::Measure> voice::Timbre::* field;
};

constexpr std::array<MeasureName, 7> measure_names{{
    {"spectral_centroid_hz", "spectral centroid", " Hz", 0, &voice::Timbre::spectral_centroid_hz},
    {"spectral_tilt_db_per_octave", "spectral tilt", " dB per octave", 1,
     &voice::Timbre::spectral_tilt_db_per_octave},
    {"harmonic_to_noise_db", "harmonics over noise", " dB", 0, &voice::Timbre::harmonic_to_noise_db},
    {"cepstral_peak_prominence_db", "cepstral peak", " dB", 1, &voice::Timbre::cepstral_peak_prominence_db},
    {"h1_h2_db", "H1–H2", " dB", 1, &voice::Timbre::h1_h2_db},
    {"vibrato_rate_hz", "vibrato rate", " Hz", 1, &voice::Timbre::vibrato_rate_hz},
    {"vibrato_extent_cents", "vibrato extent", " cents", 0, &voice::Timbre::vibrato_extent_cents},
}};

}  // namespace

std::optional<std::string> nothing_to_measure(const voice::VoiceReport& report) {
  if (report.range.lowest || report.range.highest) return std::nullopt;
  const double samples = report.duration.value * report.source_rate.value;
  for (const auto& advice : report.capture.advice)
    if (advice.fault == voice::CaptureFault::invalid_samples && advice.value > samples / 2)
      return "Most of its samples are not numbers, or far beyond full scale. Export it again.";
  if (report.duration < shortest_take)
    return "It is shorter than a second. Sing for at least ten seconds, with some low and some high notes.";
  for (const auto& advice : report.capture.advice)
    if (advice.blocking) return std::string(voice::advice(advice.fault));
  return std::string(voice::explain(report.range.lowest.error()));
}

std::string clock_time(Seconds time) {
  const auto tenths = std::llround(time.value * 10);
  return fmt::format("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10);
}

std::string sample_rate(Hertz rate) { return fmt::format("{:g} kHz", rate.value / 1000); }

std::string describe(const voice::TimbreWord& word, const voice::Timbre& timbre) {
  for (const auto& name : measure_names) {
    const auto& measure = timbre.*name.field;
    if (name.code != word.measure || !measure) continue;
    return fmt::format("{} ({} {:.{}f}{}, {:+.1f} σ)", word.word, name.label, measure->value, name.decimals,
                       name.unit, word.z);
  }
  return fmt::format("{} ({:+.1f} σ)", word.word, word.z);
}

std::string plain_timbre(const voice::Timbre& timbre) {
  std::string text;
  for (const auto& name : measure_names) {
    const auto& measure = timbre.*name.field;
    if (!measure || (name.code != "spectral_centroid_hz" && name.code != "harmonic_to_noise_db")) continue;
    text += fmt::format("{}{} {:.{}f}{} ({:+.1f} σ)", text.empty() ? "" : ", ", name.label, measure->value,
                        name.decimals, name.unit, measure->z);
  }
  return text;
}

std::string describe(const voice::Intonation& intonation) {
  return fmt::format(
      "{:.0f} cents from the notes on average, tuned {:+.0f} cents to A4 = 440 Hz, drift {:+.0f} "
      "cents a minute ({} notes)",
      intonation.mean_distance.value, intonation.tuning.value, intonation.drift_per_minute.value,
      intonation.notes);
}

std::string describe(const voice::CaptureQuality& capture) {
  if (capture.peak <= no_level) return "every sample is zero";
  auto text = fmt::format("peak {:.0f} dBFS", capture.peak.value);
  if (capture.active_level > no_level)
    text += fmt::format(", voice {:.0f} dBFS, {:.0f} dB over the background", capture.active_level.value,
                        capture.snr.value);
  if (capture.bandwidth > Hertz()) text += fmt::format(", up to {:.1f} kHz", capture.bandwidth.value / 1000);
  if (capture.clipped_share > 0) text += fmt::format(", {:.2f} % clipped", capture.clipped_share * 100);
  if (capture.reverberation > Seconds())
    text += fmt::format(", reverberation {:.1f} s", capture.reverberation.value);
  return text;
}

}  // namespace orakgarak::formats
