#pragma once
// From any source rate to the rates that voices are measured at.
#include <cstdint>
#include <span>
#include <vector>

#include "voice/kernels.h"

namespace orakgarak::voice {

/// Streaming sample rate conversion by a polyphase filter (windowed sinc, Kaiser 1974: 70 dB stop band,
/// pass band to 90 % of the lower Nyquist frequency, what folds stays in its top 10 %). Linear phase, delay
/// taken out: output j is at source time j · from / to. Where from : to has more than 640 phases, filters
/// lie between two of 513. The output does not depend on how the input was cut.
class Resampler {
 public:
  /// Both positive; from / to below 64.
  Resampler(int from, int to, InstructionSet set = best_instruction_set());

  /// Appends what became known to `out`; it lags at most reach() source samples.
  void push(std::span<const float> in, std::vector<float>& out);
  /// Appends the rest, as if silence followed: ceil(samples in · to / from) outputs in all.
  void finish(std::vector<float>& out);

  int reach() const { return taps_ / 2; }

 private:
  void design(double cutoff);
  void run(std::vector<float>& out, std::int64_t until);

  const Kernels* kernels_;
  int phases_, step_, rows_, taps_;
  bool exact_;                  // one filter row a phase
  std::vector<float> filters_;  // [rows + 1][taps]
  std::vector<float> held_;     // input still needed; held_[0] is source sample held_from_
  std::int64_t held_from_, taken_ = 0, made_ = 0;
};

/// One-pole high-pass at 8 Hz. It starts at the first sample, so that a constant offset leaves no step.
class DcBlocker {
 public:
  explicit DcBlocker(double rate);
  void run(std::span<float> samples);  ///< in place

 private:
  static constexpr int block = 8;  // outputs that follow from one earlier output, so that they need not wait
  float keep_, last_in_ = 0, base_ = 0, since_ = 0;
  float powers_[block];  // keep¹ to keep⁸
  int place_ = 0;
  bool started_ = false;
};

}  // namespace orakgarak::voice
