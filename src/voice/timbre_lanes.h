#pragma once
// Elementary functions on 16 lanes, for whole spectra: plain loops that a compiler turns into vectors, with
// the same operations in the same order in every lane and on every target.
#include <bit>
#include <cstdint>

#include "voice/kernels.h"

namespace orakgarak::voice {

/// log2 of one normal positive float; absolute error below 2e-6. Method as math::log: the odd series of
/// atanh.
inline float log2_fast(float x) {
  const auto bits = std::bit_cast<std::int32_t>(x);
  // Shifted by √½, so that the mantissa comes out in [√½, √2).
  const std::int32_t shifted = bits - 0x3f3504f3;
  const std::int32_t exponent = shifted >> 23;
  const float m = std::bit_cast<float>((shifted & 0x007fffff) + 0x3f3504f3);
  const float s = (m - 1.0f) / (m + 1.0f), z = s * s;
  const float series = 2.8853901f + z * (0.9617967f + z * (0.5770780f + z * 0.4121986f));
  return static_cast<float>(exponent) + s * series;
}

/// Decibels of a power; powers below 1e-30 count as 1e-30 (−300 dB).
inline float decibels_fast(float power) { return 3.01029996f * log2_fast(power > 1e-30f ? power : 1e-30f); }

/// rows[i][l] = decibels of rows[i][l].
inline void to_decibels(float* rows, int count) {
  for (int i = 0; i < count * lanes; ++i) rows[i] = decibels_fast(rows[i]);
}

}  // namespace orakgarak::voice
