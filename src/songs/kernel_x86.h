#pragma once
// The vector versions of score_block_scalar: same contract, same integers.
#include <cstdint>

#include "songs/kernel.h"

#if defined(__x86_64__)
#define ORAK_X86_KERNELS 1
#else
#define ORAK_X86_KERNELS 0
#endif

namespace orakgarak::songs {

#if ORAK_X86_KERNELS
void score_block_avx2(const std::uint8_t* weights, int quads, const EffortTable& table, int at,
                      const std::uint32_t* offsets, std::uint32_t* best);
void score_block_avx512(const std::uint8_t* weights, int quads, const EffortTable& table, int at,
                        const std::uint32_t* offsets, std::uint32_t* best);
#endif

}  // namespace orakgarak::songs
