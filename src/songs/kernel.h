#pragma once
// The inner loop: what 16 songs cost in 13 keys. One plain version, and the same integers faster with AVX2 or
// AVX-512 VNNI, chosen when the program starts.
#include <array>
#include <cstdint>
#include <string_view>

namespace orakgarak::songs {

inline constexpr int block_songs = 16;
inline constexpr int kernel_shifts = 13;  ///< shifts that one call scores
inline constexpr int max_shifts = 25;     ///< shifts of one query
inline constexpr int order_bits = 5;      ///< low bits of a packed cost: which of equal shifts comes first
inline constexpr int effort_pad = 64;     ///< MIDI number p stands at effort_pad + p
inline constexpr int effort_size = 256;
inline constexpr int max_effort = 32767;
inline constexpr int weight_sum = 255;
/// Offset of an unused shift: never the smallest, and no sum with it overflows 32 bits.
inline constexpr std::uint32_t unused_shift = 0x7fffffffu;

/// Effort of each semitone, 0 to max_effort, also split into two signed bytes c = 128·(coarse + 128) + fine
/// with fine in 0..127: the products with weights then fit 16 bits, because the weights of a song sum to 255.
struct EffortTable {
  std::array<std::uint16_t, effort_size> effort{};
  alignas(64) std::array<std::int8_t, effort_size> coarse{};
  alignas(64) std::array<std::int8_t, effort_size> fine{};

  /// Fills both bytes from `effort`.
  void split();
};

/// best[s] = min over k < 13 of ((Σ_i w[s][i]·c[at + k + i]) << order_bits) + offsets[k], i < 4·quads.
/// weights: quads × 16 songs × 4 bytes, 64-byte rows, any alignment; a song's bytes sum to 255 or are all 0.
/// at: index into the table of the first semitone at the first shift; at + 13 + 4·quads ≤ effort_size.
using ScoreBlock = void (*)(const std::uint8_t* weights, int quads, const EffortTable& table, int at,
                            const std::uint32_t* offsets, std::uint32_t* best);

void score_block_scalar(const std::uint8_t* weights, int quads, const EffortTable& table, int at,
                        const std::uint32_t* offsets, std::uint32_t* best);

struct Kernel {
  std::string_view name;
  ScoreBlock score;
};
/// What this machine can run, plainest first; at least "scalar".
struct Kernels {
  std::array<Kernel, 3> kernel;
  int count;
};
Kernels available_kernels();
/// The last of available_kernels(), looked up once.
ScoreBlock best_kernel();

}  // namespace orakgarak::songs
