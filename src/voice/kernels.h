#pragma once
// The loops that take the time, each written once in kernels_body.h and compiled for several instruction
// sets. Every lane does the same IEEE 754 operations in the same order whatever the register width, sums
// run over 16 fixed partial sums, nothing is contracted: all variants give the same bits.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

namespace orakgarak::voice {

/// Frames that one call works on side by side.
inline constexpr int lanes = 16;

enum class InstructionSet : std::uint8_t { baseline, avx2, avx512 };

/// The widest that this machine can run; always baseline in WebAssembly and off x86-64.
InstructionSet best_instruction_set();
/// All that this machine can run, baseline first.
std::span<const InstructionSet> available_instruction_sets();

/// Floats on a 64-byte boundary, zeroed.
class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(std::size_t count);
  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  float& operator[](std::size_t i) { return data_.get()[i]; }
  float operator[](std::size_t i) const { return data_.get()[i]; }

 private:
  struct Free {
    void operator()(float* p) const { ::operator delete[](p, std::align_val_t{64}); }
  };
  std::unique_ptr<float[], Free> data_;
  std::size_t size_ = 0;
};

/// Raw loops; shapes are rows of 16 lanes, `row[i]` = 16 consecutive floats at 16·i. Callers keep shapes.
struct Kernels {
  /// Complex transform in place, rows (re, im) alternating; size a power of two >= 2. Output is in the order
  /// of decimation in frequency (see fft.cpp). twiddles: three complex factors a butterfly, level by level.
  void (*forward)(float* rows, int size, const float* twiddles);
  /// The reverse: input in that order, output natural and scaled by `size`. Only the first quarter of the
  /// output is made when `first_quarter`.
  void (*inverse)(float* rows, int size, const float* twiddles, bool first_quarter);
  /// Splits the half-size complex transform of real frames into bins 0..half; order[k] = row pair of bin k.
  void (*real_bins)(const float* rows, int half, const int* order, const float* turns, float* re, float* im);
  void (*real_power)(const float* rows, int half, const int* order, const float* turns, float* power);
  /// Packs an even real spectrum of bins 0..half for the inverse of half size.
  void (*pack_even)(const float* power, int half, const int* order, const float* turns, float* rows);
  /// rows[t][l] = window[t] · signal[starts[l] + t], t < count; samples outside [0, length) count as 0.
  void (*gather)(const float* signal, std::ptrdiff_t length, const std::ptrdiff_t* starts,
                 const float* window, int count, float* rows);
  /// power[k][l] = max(power · gain[k] − noise[k], 0) for k < bins; sums over k of the weighted power before
  /// and of what was kept after: before[16], after[16].
  void (*shape)(float* power, int bins, const float* gain, const float* noise, float* before, float* after);
  /// out[l · stride + t] = rows[t][l] · scale[t] / rows[0][l] for t < count, 0 where rows[0][l] <= 1e-30:
  /// the last denormals of a decaying filter are silence.
  void (*normalise)(const float* rows, int count, const float* scale, int stride, float* out);
  /// Σ a[i]·b[i] over 16 partial sums, then reduced pairwise.
  float (*dot)(const float* a, const float* b, std::size_t count);
  /// out[j] = Σ in[at + t] · filters[phase · taps + t], where (at, phase) starts at (0, `phase`) and advances
  /// by `step` phases an output; `phases` phases are one input sample. taps: a multiple of 16.
  void (*polyphase)(const float* in, const float* filters, int taps, int phases, int step, int phase,
                    int count, float* out);
};

const Kernels& kernels(InstructionSet);

}  // namespace orakgarak::voice
