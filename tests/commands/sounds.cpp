#include "commands/sounds.h"

#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

namespace orakgarak::commands {
namespace {

constexpr double turn = 2 * std::numbers::pi;

class Dice {
 public:
  float next() {  // uniform in [−1, 1): a linear congruence is random enough for noise
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<float>(static_cast<std::int32_t>(state_ >> 32)) / 2147483648.0f;
  }

 private:
  std::uint64_t state_ = 1;
};

std::size_t count(double seconds) { return static_cast<std::size_t>(seconds * sound_rate); }
double time_of(std::size_t i) { return static_cast<double>(i) / sound_rate; }

/// Loudness of a harmonic at `hertz` behind the formants of a vowel, over a source that falls 12 dB an
/// octave.
double vowel_gain(double hertz, double first, double second) {
  double gain = 0.02;
  for (const double formant : {first, second, 2600.0}) {
    const double distance = (hertz - formant) / 120;
    gain += 1 / (1 + distance * distance);
  }
  return gain * std::pow(100 / hertz, 1.0);
}

double vowel(double phase, double hertz, double first, double second) {
  double sum = 0;
  for (int k = 1; k * hertz < sound_rate * 0.45; ++k)
    sum += vowel_gain(k * hertz, first, second) * std::sin(k * phase);
  return sum;
}

template <class Number>
void append(std::string& bytes, Number number) {
  std::array<char, sizeof number> raw;
  std::memcpy(raw.data(), &number, sizeof number);
  bytes.append(raw.data(), raw.size());
}

}  // namespace

std::string wav(const Samples& samples, const WavHeader& header) {
  const std::uint16_t sample_bytes = header.format == 3 ? 4 : 2;
  const auto frame_bytes = static_cast<std::uint16_t>(header.channels * sample_bytes);
  const auto data_bytes = static_cast<std::uint32_t>(samples.size() * frame_bytes);
  std::string bytes = "RIFF";
  append(bytes, 36 + data_bytes);
  bytes += "WAVEfmt ";
  append(bytes, std::uint32_t{16});
  append(bytes, header.format);
  append(bytes, header.channels);
  append(bytes, header.rate);
  append(bytes, static_cast<std::uint32_t>(header.rate * frame_bytes));
  append(bytes, frame_bytes);
  append(bytes, static_cast<std::uint16_t>(sample_bytes * 8));
  bytes += "data";
  append(bytes, data_bytes);
  for (const float sample : samples)
    for (int channel = 0; channel < header.channels; ++channel) {
      if (header.format == 3)
        append(bytes, sample);
      else
        append(bytes, static_cast<std::int16_t>(sample * 32767));
    }
  return bytes;
}

Samples silence(double seconds) { return Samples(count(seconds)); }

Samples noise(double seconds, float level) {
  Dice dice;
  Samples samples(count(seconds));
  for (float& sample : samples) sample = level * dice.next();
  return samples;
}

Samples tone(double seconds, double hertz) {
  Samples samples(count(seconds));
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = 0.3f * static_cast<float>(std::sin(turn * hertz * time_of(i)));
  return samples;
}

Samples held_vowel(double seconds, double hertz) {
  Samples samples(count(seconds));
  double phase = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double pitch = hertz * (1 + 0.012 * std::sin(turn * 5.5 * time_of(i)));
    phase += turn * pitch / sound_rate;
    samples[i] = 0.15f * static_cast<float>(vowel(phase, pitch, 650, 1100));
  }
  return samples;
}

Samples speech(double seconds) {
  constexpr double syllable = 0.21, voiced = 0.15, phrase = 1.9;
  constexpr std::array<std::array<double, 2>, 4> vowels{{{700, 1200}, {350, 2000}, {450, 900}, {550, 1700}}};
  Dice dice;
  Samples samples(count(seconds));
  double phase = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double time = time_of(i), in_phrase = std::fmod(time, phrase) / phrase;
    if (in_phrase > 0.85) continue;  // breath
    const double in_syllable = std::fmod(time, syllable);
    const auto& formants = vowels[static_cast<std::size_t>(time / syllable * 7) % vowels.size()];
    // Declination over the phrase, an accent that rises and falls within every syllable.
    const double hertz = (130 - 40 * in_phrase) *
                         (1 + 0.12 * std::sin(turn / 2 * in_syllable / syllable) * std::sin(time * 3.1));
    phase += turn * hertz / sound_rate;
    if (in_syllable < voiced)
      samples[i] = 0.12f * static_cast<float>(vowel(phase, hertz, formants[0], formants[1]) *
                                              std::sin(turn / 2 * in_syllable / voiced));
    else
      samples[i] = 0.03f * dice.next();
  }
  return samples;
}

Samples piano(double seconds) {
  constexpr double beat = 0.5, stretch = 0.0004;
  constexpr std::array<std::array<int, 4>, 4> chords{
      {{48, 60, 64, 67}, {45, 60, 64, 69}, {41, 60, 65, 69}, {43, 59, 62, 67}}};
  Samples samples(count(seconds));
  for (int stroke = 0; stroke * beat < seconds; ++stroke)
    for (const int midi : chords[static_cast<std::size_t>(stroke / 2) % chords.size()]) {
      const double hertz = 440 * std::exp2((midi - 69) / 12.0);
      const std::size_t start = count(stroke * beat);
      for (std::size_t i = start; i < std::min(samples.size(), start + count(1.5)); ++i) {
        const double time = time_of(i - start);
        double sum = 0;
        for (int k = 1; k <= 8; ++k)
          sum += std::sin(turn * hertz * k * std::sqrt(1 + stretch * k * k) * time) / std::pow(k, 1.2) *
                 std::exp(-time * (1.5 + 0.8 * k));
        samples[i] += 0.06f * static_cast<float>(sum * std::min(1.0, time / 0.004));
      }
    }
  return samples;
}

}  // namespace orakgarak::commands
