#include "voice/timbre.h"

#include <gtest/gtest.h>

#include <random>

#include "voice/demo_singer.h"
#include "voice/engine.h"
#include "voice/timbre_bands.h"
#include "voice/timbre_harmonics.h"
#include "voice/timbre_lanes.h"

namespace orakgarak::voice {
namespace {

/// Harmonics of f0 below 4 kHz, falling by `tilt` dB an octave, with white noise `snr` dB below them.
std::vector<float> harmonics_and_noise(double f0, double tilt, double snr, double rate = 8000,
                                       double seconds = 2) {
  std::vector<float> out(static_cast<std::size_t>(rate * seconds));
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  double power = 0;
  for (int k = 1; k * f0 < 3900; ++k) {
    const double amplitude = math::exp(-tilt * math::log2(k) / 20 * math::log(10));
    power += amplitude * amplitude / 2;
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] += static_cast<float>(
          0.1 * amplitude *
          math::sin(2 * math::pi * (k * f0 * static_cast<double>(i) / rate + 0.37 * k * k)));
  }
  const double noise = 0.1 * math::sqrt(power * math::exp(-snr / 10 * math::log(10)) * rate / 8000);
  for (float& x : out) x += static_cast<float>(noise) * normal(random);
  return out;
}

std::vector<PitchFrame> steady_track(double f0, double seconds) {
  return std::vector<PitchFrame>(static_cast<std::size_t>(seconds / frame_hop.value),
                                 {Hertz(f0), 0.9f, 0.9f, -20});
}

HarmonicFrame middle_frame(double f0, double tilt, double snr) {
  const auto found = measure_harmonics(steady_track(f0, 2), harmonics_and_noise(f0, tilt, snr));
  return found.at(found.size() / 2);
}

TEST(Lanes, LogarithmIsGoodToAMillionth) {
  for (float x = 1e-37f; x < 1e37f; x *= 1.07f)
    ASSERT_NEAR(log2_fast(x), math::log2(static_cast<double>(x)), 2e-6 + 1e-7 * std::abs(log2_fast(x))) << x;
  EXPECT_NEAR(decibels_fast(0), -300, 1e-3);
}

TEST(Harmonics, NoiseRatioIsWhatWasMixed) {
  // One frame of 64 ms knows the level of noise to about 1 dB; a mean over the take is closer.
  for (double f0 : {90.0, 220.0, 700.0})
    for (double snr : {0.0, 10.0, 25.0}) {
      double sum = 0;
      const auto found = measure_harmonics(steady_track(f0, 2), harmonics_and_noise(f0, 6, snr));
      for (std::size_t i = 5; i + 5 < found.size(); ++i) sum += static_cast<double>(found[i].hnr_db);
      EXPECT_NEAR(sum / static_cast<double>(found.size() - 10), snr, 1.5) << f0 << " Hz, " << snr << " dB";
    }
}

TEST(Harmonics, TiltAndFirstOverSecondAreThoseOfTheSource) {
  for (double f0 : {90.0, 220.0, 700.0})
    for (double tilt : {3.0, 6.0, 12.0}) {
      const HarmonicFrame f = middle_frame(f0, tilt, 60);
      EXPECT_NEAR(f.tilt_db_per_octave, -tilt, 0.3) << f0 << " Hz";
      EXPECT_NEAR(f.h1_h2_db, tilt, 0.3) << f0 << " Hz";
    }
}

TEST(Harmonics, ProminenceFallsWithBreath) {
  EXPECT_GT(middle_frame(200, 6, 30).cpp_db, middle_frame(200, 6, 10).cpp_db + 3);
  EXPECT_GT(middle_frame(200, 6, 10).cpp_db, middle_frame(200, 6, -5).cpp_db + 3);
}

TEST(Harmonics, NothingIsSaidWhereTheBandEnds) {
  EXPECT_TRUE(std::isnan(middle_frame(1500, 6, 30).tilt_db_per_octave));  // two harmonics below 3,800 Hz
  EXPECT_TRUE(std::isnan(middle_frame(850, 6, 30).cpp_db));               // a period below 1.25 ms
}

TEST(Harmonics, AreTheSameOnEveryInstructionSet) {
  const auto signal = harmonics_and_noise(180, 6, 15);
  const auto track = steady_track(180, 1.9);
  const auto plain = measure_harmonics(track, signal, InstructionSet::baseline);
  for (InstructionSet set : available_instruction_sets()) {
    const auto other = measure_harmonics(track, signal, set);
    ASSERT_EQ(other.size(), plain.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
      ASSERT_EQ(other[i].hnr_db, plain[i].hnr_db);
      ASSERT_EQ(other[i].cpp_db, plain[i].cpp_db);
      ASSERT_EQ(other[i].tilt_db_per_octave, plain[i].tilt_db_per_octave);
    }
  }
}

TEST(Bands, CentroidOfAToneIsTheTone) {
  BandSpectra bands;
  std::vector<float> tone(32000);
  for (std::size_t i = 0; i < tone.size(); ++i)
    tone[i] = static_cast<float>(0.1 * math::sin(2 * math::pi * 1234 * static_cast<double>(i) / 16000));
  bands.push(tone);
  bands.finish();
  ASSERT_EQ(bands.size(), 100u);
  EXPECT_NEAR(bands.centroid(50).value, 1234, 1);
}

TEST(Bands, DoNotDependOnTheCutsNorOnTheInstructionSet) {
  const auto signal = harmonics_and_noise(180, 6, 15, 16000, 1.37);
  BandSpectra whole(InstructionSet::baseline);
  whole.push(signal);
  whole.finish();
  for (InstructionSet set : available_instruction_sets()) {
    BandSpectra pieces(set);
    std::span<const float> rest = signal;
    for (std::size_t cut = 1; !rest.empty(); cut = cut * 13 % 1009 + 1) {
      pieces.push(rest.first(std::min(cut, rest.size())));
      rest = rest.subspan(std::min(cut, rest.size()));
    }
    pieces.finish();
    ASSERT_EQ(pieces.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      ASSERT_EQ(pieces.centroid(i), whole.centroid(i)) << i;
      for (int b = 0; b < band_count; ++b) ASSERT_EQ(pieces.band_db(i, b), whole.band_db(i, b)) << i;
    }
  }
}

TEST(Bands, AnEmptyTakeHasNone) {
  BandSpectra bands;
  bands.push({});
  bands.finish();
  EXPECT_EQ(bands.size(), 0u);
}

Timbre timbre_at(float gain) {
  static const AudioBuffer audio = sing(VoiceType::alto, demo_melody(VoiceType::alto), Hertz(32000)).audio;
  auto samples = audio.samples;
  for (float& x : samples) x *= gain;
  Engine engine = *Engine::create(audio.rate);
  engine.push(samples);
  return engine.finish().timbre;
}

TEST(Timbre, DoesNotDependOnTheLevel) {
  const Timbre loud = timbre_at(1), soft = timbre_at(0.01f);
  // Voicing may differ in a frame at a note's edge, and bands are kept in steps of 1/64 dB.
  EXPECT_NEAR(soft.spectral_centroid_hz.value().value, loud.spectral_centroid_hz.value().value, 2);
  EXPECT_NEAR(soft.spectral_tilt_db_per_octave.value().value, loud.spectral_tilt_db_per_octave.value().value,
              0.05);
  EXPECT_NEAR(soft.harmonic_to_noise_db.value().value, loud.harmonic_to_noise_db.value().value, 0.05);
  EXPECT_NEAR(soft.cepstral_peak_prominence_db.value().value, loud.cepstral_peak_prominence_db.value().value,
              0.05);
  EXPECT_NEAR(soft.h1_h2_db.value().value, loud.h1_h2_db.value().value, 0.05);
  for (std::size_t c = 0; c < loud.mfcc_mean.size(); ++c)
    EXPECT_NEAR(soft.mfcc_mean[c], loud.mfcc_mean[c], 0.2);
  EXPECT_EQ(soft.words.size(), loud.words.size());
}

TEST(Timbre, WordsHaveANumberBehindThem) {
  for (const TimbreWord& w : timbre_at(1).words) EXPECT_GE(std::abs(w.z), 1) << w.word;
}

/// What `measure_timbre` says of a synthetic voice.
Timbre timbre_of(double f0, double tilt, double snr, double seconds, const TimbreConditions& conditions) {
  const auto track = steady_track(f0, seconds);
  BandSpectra bands;
  bands.push(harmonics_and_noise(f0, tilt, snr, 16000, seconds));
  bands.finish();
  const auto harmonics = measure_harmonics(track, harmonics_and_noise(f0, tilt, snr, 8000, seconds));
  return measure_timbre(track, {}, bands, harmonics, conditions);
}

bool says(const Timbre& t, std::string_view word) {
  return std::any_of(t.words.begin(), t.words.end(), [&](auto& w) { return w.word == word; });
}

TEST(Timbre, NeedsHalfASecondOfVoice) {
  const TimbreConditions good{Hertz(20000), Decibels(60)};
  EXPECT_FALSE(timbre_of(200, 12, 30, 0.45, good).harmonic_to_noise_db);
  EXPECT_TRUE(timbre_of(200, 12, 30, 0.55, good).harmonic_to_noise_db);
}

TEST(Timbre, ATelephoneHasNoCentroidAndNoMfcc) {
  const Timbre wide = timbre_of(200, 12, 30, 1, {Hertz(7000), Decibels(60)});
  const Timbre narrow = timbre_of(200, 12, 30, 1, {Hertz(6999), Decibels(60)});
  EXPECT_TRUE(wide.spectral_centroid_hz);
  EXPECT_GT(wide.mfcc_share, 0.9);
  EXPECT_FALSE(narrow.spectral_centroid_hz);
  EXPECT_EQ(narrow.mfcc_share, 0);
  EXPECT_TRUE(narrow.harmonic_to_noise_db);
}

TEST(Timbre, NoiseOfTheRoomIsNotBreath) {
  EXPECT_TRUE(says(timbre_of(200, 12, 0, 1, {Hertz(20000), Decibels(25)}), "breathy"));
  EXPECT_FALSE(says(timbre_of(200, 12, 0, 1, {Hertz(20000), Decibels(24)}), "breathy"));
}

TEST(Timbre, ASteepSourceIsDarkerThanAShallowOne) {
  const TimbreConditions good{Hertz(20000), Decibels(60)};
  // At 18 dB an octave the 24th harmonic lies 83 dB below the first: more noise than that would hide the
  // slope.
  const Timbre steep = timbre_of(150, 18, 100, 1, good), shallow = timbre_of(150, 3, 100, 1, good);
  EXPECT_TRUE(says(steep, "dark"));
  EXPECT_TRUE(says(steep, "warm"));
  EXPECT_TRUE(says(shallow, "bright"));
  EXPECT_TRUE(says(shallow, "ringing"));
}

TEST(Timbre, VibratoIsWeightedByTheNotesItIsIn) {
  const auto track = steady_track(200, 4);
  std::vector<Note> notes = {{{Seconds(0), Seconds(3)}, Midi(57), Cents(5), Vibrato{Hertz(5), Cents(40)}},
                             {{Seconds(3), Seconds(4)}, Midi(57), Cents(9), Vibrato{Hertz(6), Cents(80)}}};
  const BandSpectra none;
  const Timbre t = measure_timbre(track, notes, none, {}, {Hertz(20000), Decibels(60)});
  EXPECT_NEAR(t.vibrato_rate_hz.value().value, 5.25, 1e-9);
  EXPECT_NEAR(t.vibrato_extent_cents.value().value, 50, 1e-9);
  EXPECT_NEAR(t.vibrato_extent_cents->share, 1, 1e-9);
  EXPECT_NEAR(t.instability_cents.value().value, 6, 1e-9);
  EXPECT_TRUE(says(t, "vibrant"));
}

TEST(Timbre, VibratoInFewNotesIsNotVibrant) {
  const auto track = steady_track(200, 4);
  std::vector<Note> notes = {{{Seconds(0), Seconds(1.1)}, Midi(57), Cents(15), Vibrato{Hertz(5), Cents(60)}},
                             {{Seconds(2), Seconds(4)}, Midi(57), Cents(15), {}}};
  const BandSpectra none;
  EXPECT_FALSE(says(measure_timbre(track, notes, none, {}, {Hertz(20000), Decibels(60)}), "vibrant"));
}

}  // namespace
}  // namespace orakgarak::voice
