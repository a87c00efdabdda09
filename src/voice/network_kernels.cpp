#include "voice/network_kernels.h"

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

}  // namespace orakgarak::voice
