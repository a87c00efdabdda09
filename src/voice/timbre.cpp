#include "voice/timbre.h"

#include <algorithm>
#include <cmath>

#include "voice/timbre_bands.h"
#include "voice/timbre_harmonics.h"

namespace orakgarak::voice {
namespace {

constexpr double frames_per_second = 1 / timbre_hop.value;
constexpr double least_seconds = 0.5;
constexpr Hertz least_bandwidth{7000};
constexpr Decibels least_snr_for_words{25};
constexpr double word_threshold = 1;   // standard deviations
constexpr double vibrant_share = 0.3;  // of the voiced time
constexpr double vibrant_cents = 25;

/// Mean and standard deviation between voices.
struct Reference {
  double mean, deviation;
};

// The reference voices: the demo singer's six voice types, one baritone's unaccompanied song (vocadito 1,
// CC BY 4.0) and one man's 36 held notes (vocobox human-voice-dataset, MIT): n = 8, six of them synthetic.
// That is few: a z says on which side of ordinary a voice lies, not how rare it is. To regenerate, take the
// mean and the standard deviation of what `analyze --json` says of these takes. For vibrato, which the two
// sung takes hardly have: ten professional singers (Prame, JASA 1994 and 1997; deviations from the ranges
// given there).
constexpr Reference centroid_hz{509, 146};
constexpr Reference tilt_db{-13.7, 2.1};
constexpr Reference hnr_db{22.1, 2.2};
constexpr Reference cpp_db{22.6, 3.2};
constexpr Reference h1_h2{3.8, 5.0};
constexpr Reference vibrato_hz{6.0, 0.4};
constexpr Reference extent_cents{71, 22};
constexpr Reference instability{13.6, 5.7};

/// Weighted mean and deviation, built up one value at a time (West 1979).
class Moments {
 public:
  void add(double value, double weight = 1) {
    weight_ += weight;
    const double step = value - mean_;
    mean_ += step * weight / weight_;
    squares_ += weight * step * (value - mean_);
  }
  double mean() const { return mean_; }
  double deviation() const { return weight_ > 0 ? math::sqrt(squares_ / weight_) : 0; }
  double weight() const { return weight_; }

 private:
  double weight_ = 0, mean_ = 0, squares_ = 0;
};

/// seconds: what the measure rests on, of `voiced_seconds`.
std::optional<Measure> measure(const Moments& m, double seconds, double voiced_seconds,
                               const Reference& reference) {
  if (seconds < least_seconds) return std::nullopt;
  return Measure{m.mean(), m.deviation(), (m.mean() - reference.mean) / reference.deviation,
                 std::min(1.0, seconds / voiced_seconds)};
}

void measure_bands(const BandSpectra& bands, std::span<const HarmonicFrame> voice, Timbre& out) {
  std::array<std::array<double, band_count>, 13> cosines{};
  for (int c = 0; c < 13; ++c)
    for (int b = 0; b < band_count; ++b)
      cosines[static_cast<std::size_t>(c)][static_cast<std::size_t>(b)] =
          math::sqrt(2.0 / band_count) * math::cos(math::pi * (c + 1) * (b + 0.5) / band_count);
  Moments centroid;
  std::array<Moments, 13> mfcc;
  for (const HarmonicFrame& f : voice) {
    const std::size_t i = f.frame / 2;
    if (i >= bands.size()) break;
    centroid.add(bands.centroid(i).value);
    std::array<double, band_count> db{};
    for (int b = 0; b < band_count; ++b)
      db[static_cast<std::size_t>(b)] = static_cast<double>(bands.band_db(i, b));
    for (std::size_t c = 0; c < mfcc.size(); ++c) {
      double sum = 0;
      for (std::size_t b = 0; b < db.size(); ++b) sum += cosines[c][b] * db[b];
      mfcc[c].add(sum);
    }
  }
  const double voiced = static_cast<double>(voice.size()) / frames_per_second;
  const double seconds = centroid.weight() / frames_per_second;
  out.spectral_centroid_hz = measure(centroid, seconds, voiced, centroid_hz);
  if (!out.spectral_centroid_hz) return;
  out.mfcc_share = out.spectral_centroid_hz->share;
  for (std::size_t c = 0; c < mfcc.size(); ++c) {
    out.mfcc_mean[c] = mfcc[c].mean();
    out.mfcc_deviation[c] = mfcc[c].deviation();
  }
}

void measure_voice(std::span<const HarmonicFrame> voice, Timbre& out) {
  Moments hnr, cpp, first_second, tilt;
  auto add = [](Moments& m, float value) {
    if (!std::isnan(value)) m.add(static_cast<double>(value));
  };
  for (const HarmonicFrame& f : voice) {
    add(hnr, f.hnr_db);
    add(cpp, f.cpp_db);
    add(first_second, f.h1_h2_db);
    add(tilt, f.tilt_db_per_octave);
  }
  const double voiced = static_cast<double>(voice.size()) / frames_per_second;
  auto told = [&](const Moments& m, const Reference& reference) {
    return measure(m, m.weight() / frames_per_second, voiced, reference);
  };
  out.harmonic_to_noise_db = told(hnr, hnr_db);
  out.cepstral_peak_prominence_db = told(cpp, cpp_db);
  out.h1_h2_db = told(first_second, h1_h2);
  out.spectral_tilt_db_per_octave = told(tilt, tilt_db);
}

void measure_pitch_movement(std::span<const Note> notes, double voiced, Timbre& out) {
  Moments rate, extent, unsteady;
  for (const Note& n : notes) {
    const double seconds = n.span.duration().value;
    unsteady.add(n.instability.value, seconds);
    if (!n.vibrato) continue;
    rate.add(n.vibrato->rate.value, seconds);
    extent.add(n.vibrato->extent.value, seconds);
  }
  out.vibrato_rate_hz = measure(rate, rate.weight(), voiced, vibrato_hz);
  out.vibrato_extent_cents = measure(extent, extent.weight(), voiced, extent_cents);
  out.instability_cents = measure(unsteady, unsteady.weight(), voiced, instability);
}

void add_words(Timbre& t, bool quiet_room) {
  auto say = [&](const std::optional<Measure>& m, std::string_view name, std::string_view above,
                 std::string_view below) {
    if (!m) return;
    std::string_view word = m->z >= word_threshold    ? above
                            : m->z <= -word_threshold ? below
                                                      : std::string_view();
    if (!word.empty()) t.words.push_back({word, name, m->z});
  };
  say(t.spectral_centroid_hz, "spectral_centroid_hz", "bright", "dark");
  if (quiet_room) {
    say(t.spectral_tilt_db_per_octave, "spectral_tilt_db_per_octave", "ringing", "warm");
    say(t.cepstral_peak_prominence_db, "cepstral_peak_prominence_db", "clear", "breathy");
  }
  say(t.h1_h2_db, "h1_h2_db", "soft", "firm");
  if (const auto& m = t.vibrato_extent_cents; m && m->share >= vibrant_share && m->value >= vibrant_cents)
    t.words.push_back({"vibrant", "vibrato_extent_cents", m->z});
  say(t.instability_cents, "instability_cents", "", "steady");
}

}  // namespace

Timbre measure_timbre(std::span<const PitchFrame> frames, std::span<const Note> notes,
                      const BandSpectra& bands, std::span<const HarmonicFrame> harmonics,
                      const TimbreConditions& conditions) {
  Timbre out;
  const auto voiced_frames = std::count_if(frames.begin(), frames.end(), [](auto& f) { return f.voiced(); });
  if (voiced_frames == 0) return out;
  if (conditions.bandwidth >= least_bandwidth) measure_bands(bands, harmonics, out);
  measure_voice(harmonics, out);
  measure_pitch_movement(notes, static_cast<double>(voiced_frames) * frame_hop.value, out);
  add_words(out, conditions.snr >= least_snr_for_words);
  return out;
}

}  // namespace orakgarak::voice
