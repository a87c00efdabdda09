#pragma once
// Real transforms of 16 frames at once, structure of arrays: lane l of every row belongs to frame l.
// Radix-4 decimation in frequency (Cooley & Tukey 1965; Gentleman & Sande 1966) on the half-size complex
// signal of even and odd samples; the bin order is left permuted until the real split reads it in order.
// Bit-identical on every instruction set.
#include <vector>

#include "voice/kernels.h"

namespace orakgarak::voice {

/// Transforms of one size; immutable, so one object may serve many takes.
class BatchFft {
 public:
  /// size: of the real frames, a power of two from 16 to 4,096.
  explicit BatchFft(int size, InstructionSet set = best_instruction_set());

  int size() const { return size_; }
  int bins() const { return size_ / 2 + 1; }  ///< bin k is at k · rate / size

  /// Copies 16 windowed frames into rows: frames[t][l] = window[t] · signal[starts[l] + t], zero beyond
  /// `count` rows and outside the signal. frames: [size][16].
  void gather(std::span<const float> signal, const std::ptrdiff_t (&starts)[lanes],
              std::span<const float> window, float* frames) const;

  /// |X_k|², unscaled. frames: [size][16], destroyed. power: [bins][16].
  void power(float* frames, float* power) const;
  /// X_k, unscaled. frames: [size][16], destroyed. re, im: [bins][16].
  void spectrum(float* frames, float* re, float* im) const;
  /// The inverse of an even real spectrum: Σ_k P_k cos(2πkτ/size) over all `size` bins, for the lags
  /// τ < size/4. power: [bins][16]. work: [size][16]; its first size/4 rows hold the lags afterwards.
  void autocorrelation(const float* power, float* work) const;

  /// What the kernels are given (kernels.h), for other ways to carry out the same operations.
  std::span<const float> twiddles() const { return twiddles_; }
  std::span<const float> turns() const { return turns_; }
  std::span<const int> order() const { return order_; }

 private:
  int size_;
  const Kernels* kernels_;
  std::vector<float> twiddles_;  // three complex factors a butterfly, level by level
  std::vector<float> turns_;     // e^(−2πik/size), k <= size/4
  std::vector<int> order_;       // where the complex transform leaves bin k
};

}  // namespace orakgarak::voice
