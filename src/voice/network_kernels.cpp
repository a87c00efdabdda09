#include "voice/network_kernels.h"

#include <array>

namespace orakgarak::voice {

extern const NetworkKernels baseline_network_kernels;
#if defined(__x86_64__)
extern const NetworkKernels avx2_network_kernels, avx512_network_kernels, vnni_network_kernels;
#endif

const NetworkKernels& network_kernels(InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::avx512)
    return __builtin_cpu_supports("avx512vnni") ? vnni_network_kernels : avx512_network_kernels;
  if (set == InstructionSet::avx2) return avx2_network_kernels;
#else
  static_cast<void>(set);
#endif
  return baseline_network_kernels;
}

std::span<const NetworkKernels* const> available_network_kernels() {
#if defined(__x86_64__)
  static constexpr std::array all{&baseline_network_kernels, &avx2_network_kernels, &avx512_network_kernels,
                                  &vnni_network_kernels};
  const bool dot_products =
      best_instruction_set() == InstructionSet::avx512 && __builtin_cpu_supports("avx512vnni");
#else
  static constexpr std::array all{&baseline_network_kernels};
  constexpr bool dot_products = false;
#endif
  return {all.data(), static_cast<std::size_t>(best_instruction_set()) + 1 + (dot_products ? 1 : 0)};
}

}  // namespace orakgarak::voice
