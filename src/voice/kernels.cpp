#include "voice/kernels.h"

#include <algorithm>
#include <array>

namespace orakgarak::voice {

extern const Kernels baseline_kernels;
#if defined(__x86_64__)
extern const Kernels avx2_kernels, avx512_kernels;
#endif

AlignedFloats::AlignedFloats(std::size_t count)
    : data_(static_cast<float*>(::operator new[](count * sizeof(float), std::align_val_t{64}))),
      size_(count) {
  std::fill_n(data_.get(), count, 0.0F);
}

InstructionSet best_instruction_set() {
#if defined(__x86_64__)
  static const InstructionSet best = [] {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
      return InstructionSet::avx512;
    return __builtin_cpu_supports("avx2") ? InstructionSet::avx2 : InstructionSet::baseline;
  }();
  return best;
#else
  return InstructionSet::baseline;
#endif
}

std::span<const InstructionSet> available_instruction_sets() {
  static constexpr std::array all{InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512};
  return {all.data(), static_cast<std::size_t>(best_instruction_set()) + 1};
}

const Kernels& kernels(InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::avx512) return avx512_kernels;
  if (set == InstructionSet::avx2) return avx2_kernels;
#else
  static_cast<void>(set);
#endif
  return baseline_kernels;
}

}  // namespace orakgarak::voice
