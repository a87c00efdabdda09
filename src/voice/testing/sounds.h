#pragma once
// Sounds whose pitch, level and spectrum tests know exactly. For tests only.
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "base/math.h"
#include "base/units.h"

namespace orakgarak::voice::sounds {

using Samples = std::vector<float>;

/// Amplitude of a level in dB re full scale.
inline double amplitude(Decibels level) { return math::exp(level.value * (math::log(10) / 20)); }

inline std::size_t sample_count(Hertz rate, Seconds length) {
  return static_cast<std::size_t>(rate.value * length.value + 0.5);
}

inline Samples silence(Hertz rate, Seconds length) { return Samples(sample_count(rate, length)); }

/// A sine that begins at phase 0.
inline Samples sine(Hertz f, Hertz rate, Seconds length, double peak = 0.1) {
  Samples out(sample_count(rate, length));
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] =
        static_cast<float>(peak * math::sin(2 * math::pi * f.value * static_cast<double>(i) / rate.value));
  return out;
}

/// Harmonics of f0 below `highest`, the k-th at 1/k of the first, all beginning at phase 0.
inline Samples harmonics(Hertz f0, Hertz rate, Seconds length, double first = 0.1,
                         Hertz highest = Hertz(3600)) {
  Samples out(sample_count(rate, length));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double turns = f0 / rate * static_cast<double>(i);
    const double angle = 2 * math::pi * (turns - static_cast<double>(static_cast<std::int64_t>(turns)));
    const double twice_cosine = 2 * math::cos(angle);
    double sum = 0, before = 0, sine = math::sin(angle);
    for (int k = 1; k * f0.value < highest.value; ++k) {
      sum += sine / k;
      const double next = twice_cosine * sine - before;  // sin((k + 1)θ) = 2·cos θ·sin(kθ) − sin((k − 1)θ)
      before = sine;
      sine = next;
    }
    out[i] = static_cast<float>(first * sum);
  }
  return out;
}

/// White noise, uniform, the same for one seed.
inline Samples noise(Hertz rate, Seconds length, double rms, std::uint32_t seed = 1) {
  Samples out(sample_count(rate, length));
  std::uint32_t state = seed * 2654435761U;
  for (float& x : out) {
    state = state * 1664525U + 1013904223U;
    x = static_cast<float>(rms * 1.7320508 * static_cast<std::int32_t>(state) * 0x1p-31);
  }
  return out;
}

inline Samples scaled(Samples samples, double gain) {
  for (float& x : samples) x *= static_cast<float>(gain);
  return samples;
}

/// Both at once, as long as the first.
inline Samples mixed(Samples a, std::span<const float> b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) a[i] += b[i];
  return a;
}

/// One after the other.
inline Samples joined(std::initializer_list<Samples> parts) {
  Samples out;
  for (const Samples& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

inline double rms(std::span<const float> samples) {
  double sum = 0;
  for (float x : samples) sum += double{x} * x;
  return math::sqrt(sum / static_cast<double>(samples.size()));
}

/// How far `f` lies above `reference`.
inline double cents(Hertz f, Hertz reference) { return 1200 * math::log2(f / reference); }

}  // namespace orakgarak::voice::sounds
