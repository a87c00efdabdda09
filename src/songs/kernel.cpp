#include "songs/kernel.h"

#include <algorithm>

#include "songs/kernel_x86.h"

namespace orakgarak::songs {

void EffortTable::split() {
  for (int i = 0; i < effort_size; ++i) {
    coarse[i] = static_cast<std::int8_t>((effort[i] >> 7) - 128);
    fine[i] = static_cast<std::int8_t>(effort[i] & 127);
  }
}

void score_block_scalar(const std::uint8_t* weights, int quads, const EffortTable& table, int at,
                        const std::uint32_t* offsets, std::uint32_t* best) {
  for (int song = 0; song < block_songs; ++song) {
    std::uint32_t smallest = ~0u;
    for (int shift = 0; shift < kernel_shifts; ++shift) {
      std::uint32_t sum = 0;
      for (int i = 0; i < 4 * quads; ++i) {
        sum += weights[(i / 4) * 4 * block_songs + song * 4 + i % 4] * table.effort[at + shift + i];
      }
      smallest = std::min(smallest, (sum << order_bits) + offsets[shift]);
    }
    best[song] = smallest;
  }
}

Kernels available_kernels() {
  Kernels found{};
  found.kernel[found.count++] = {"scalar", score_block_scalar};
#if ORAK_X86_KERNELS
  if (__builtin_cpu_supports("avx2")) found.kernel[found.count++] = {"avx2", score_block_avx2};
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni")) {
    found.kernel[found.count++] = {"avx512", score_block_avx512};
  }
#endif
  return found;
}

ScoreBlock best_kernel() {
  static const ScoreBlock best = [] {
    const Kernels found = available_kernels();
    return found.kernel[found.count - 1].score;
  }();
  return best;
}

}  // namespace orakgarak::songs
