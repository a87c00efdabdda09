#include "songs/kernel_x86.h"

#if ORAK_X86_KERNELS
#if !defined(__clang__)
// g++ 12 takes the deliberately undefined operands inside its own AVX-512 header for mistakes (GCC PR105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <array>
#include <cstring>

namespace orakgarak::songs {
namespace {

/// Σ w·(coarse + 128)·128 = 128·Σ w·coarse + this, because the weights of a song sum to 255.
constexpr int coarse_bias = weight_sum * 128 * 128;

int four_bytes(const std::int8_t* from) {
  int value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

}  // namespace

/// 8 songs × 4 semitones a register. maddubs adds two products into 16 bits; all products of one song
/// together stay within ±255·128, so nothing saturates and one widening at the end is enough.
__attribute__((target("avx2"))) void score_block_avx2(const std::uint8_t* weights, int quads,
                                                      const EffortTable& table, int at,
                                                      const std::uint32_t* offsets, std::uint32_t* best) {
  const __m256i ones = _mm256_set1_epi16(1);
  for (int half = 0; half < 2; ++half) {
    __m256i smallest = _mm256_set1_epi32(-1);
    for (int shift = 0; shift < kernel_shifts; ++shift) {
      __m256i coarse = _mm256_setzero_si256();
      __m256i fine = _mm256_setzero_si256();
      const std::uint8_t* row = weights + half * 32;
      for (int quad = 0; quad < quads; ++quad, row += 64) {
        const __m256i w = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row));
        const int from = at + shift + 4 * quad;
        const __m256i c = _mm256_set1_epi32(four_bytes(&table.coarse[from]));
        const __m256i f = _mm256_set1_epi32(four_bytes(&table.fine[from]));
        coarse = _mm256_add_epi16(coarse, _mm256_maddubs_epi16(w, c));
        fine = _mm256_add_epi16(fine, _mm256_maddubs_epi16(w, f));
      }
      const __m256i high = _mm256_slli_epi32(_mm256_madd_epi16(coarse, ones), 7);
      const __m256i sum = _mm256_add_epi32(_mm256_add_epi32(high, _mm256_set1_epi32(coarse_bias)),
                                           _mm256_madd_epi16(fine, ones));
      const __m256i packed = _mm256_add_epi32(_mm256_slli_epi32(sum, order_bits),
                                              _mm256_set1_epi32(static_cast<int>(offsets[shift])));
      smallest = _mm256_min_epu32(smallest, packed);
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(best + 8 * half), smallest);
  }
}

/// sums[k] = Σ w·bytes[k + i] for 16 songs at once, 4 semitones a register. The 13 sums stay in registers
/// (the pragma matters: a sum that is not unrolled lives in memory), so every row of weights is read once for
/// all shifts.
__attribute__((target("avx512f,avx512bw,avx512vnni"), always_inline)) static inline void weigh_rows(
    const std::uint8_t* weights, int quads, const std::int8_t* bytes, __m512i (&sums)[kernel_shifts]) {
#pragma GCC unroll 13
  for (int shift = 0; shift < kernel_shifts; ++shift) sums[shift] = _mm512_setzero_si512();
  for (int quad = 0; quad < quads; ++quad, weights += 64, bytes += 4) {
    const __m512i w = _mm512_loadu_si512(weights);
#pragma GCC unroll 13
    for (int shift = 0; shift < kernel_shifts; ++shift) {
      const __m512i four = _mm512_broadcastd_epi32(_mm_loadu_si32(bytes + shift));
      sums[shift] = _mm512_dpbusd_epi32(sums[shift], w, four);
    }
  }
}

__attribute__((target("avx512f,avx512bw,avx512vnni"))) void score_block_avx512(
    const std::uint8_t* weights, int quads, const EffortTable& table, int at, const std::uint32_t* offsets,
    std::uint32_t* best) {
  __m512i coarse[kernel_shifts];
  __m512i fine[kernel_shifts];
  weigh_rows(weights, quads, table.coarse.data() + at, coarse);
  weigh_rows(weights, quads, table.fine.data() + at, fine);
  __m512i smallest = _mm512_set1_epi32(-1);
#pragma GCC unroll 13
  for (int shift = 0; shift < kernel_shifts; ++shift) {
    const __m512i high =
        _mm512_add_epi32(_mm512_slli_epi32(coarse[shift], 7), _mm512_set1_epi32(coarse_bias));
    const __m512i sum = _mm512_add_epi32(high, fine[shift]);
    const __m512i packed = _mm512_add_epi32(_mm512_slli_epi32(sum, order_bits),
                                            _mm512_set1_epi32(static_cast<int>(offsets[shift])));
    smallest = _mm512_min_epu32(smallest, packed);
  }
  _mm512_storeu_si512(best, smallest);
}

}  // namespace orakgarak::songs
#endif
