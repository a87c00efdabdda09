#include "songs/kernel.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

namespace orakgarak::songs {
namespace {

EffortTable random_table(std::mt19937& random) {
  EffortTable table;
  for (auto& effort : table.effort) {
    // Both ends of the 15 bits come up often: there the split into bytes and the 16-bit sums are at their
    // limits.
    const unsigned kind = random() % 4;
    effort = static_cast<std::uint16_t>(kind == 0 ? 0 : kind == 1 ? max_effort : random() % (max_effort + 1));
  }
  table.split();
  return table;
}

/// 16 songs whose parts sum to 255, some with everything on one semitone, after `misaligned` bytes.
std::vector<std::uint8_t> random_block(std::mt19937& random, int quads, int misaligned) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(misaligned + quads * 64));
  for (int song = 0; song < block_songs; ++song) {
    const unsigned pieces = 1 + random() % 20;
    int left = weight_sum;
    for (unsigned piece = 0; piece < pieces; ++piece) {
      const int part =
          piece + 1 == pieces ? left : static_cast<int>(random() % static_cast<unsigned>(left + 1));
      const int i = static_cast<int>(random() % static_cast<unsigned>(4 * quads));
      bytes[static_cast<std::size_t>(misaligned + i / 4 * 64 + song * 4 + i % 4)] +=
          static_cast<std::uint8_t>(part);
      left -= part;
    }
  }
  return bytes;
}

TEST(Kernel, EveryVersionGivesTheIntegersOfThePlainOneAtAnyLengthAndAlignment) {
  std::mt19937 random(7);
  const Kernels kernels = available_kernels();
  for (int quads = 1; quads <= 33; ++quads) {
    for (int misaligned = 0; misaligned < 5; ++misaligned) {
      const EffortTable table = random_table(random);
      const std::vector<std::uint8_t> bytes = random_block(random, quads, misaligned);
      const int last = effort_size - kernel_shifts - 4 * quads;
      const int at = static_cast<int>(random() % static_cast<unsigned>(last + 1));
      std::uint32_t offsets[kernel_shifts];
      for (auto& offset : offsets) offset = random() % 5 == 0 ? unused_shift : random() % 1'000'000;
      std::uint32_t expected[block_songs];
      score_block_scalar(bytes.data() + misaligned, quads, table, at, offsets, expected);
      for (int k = 1; k < kernels.count; ++k) {
        std::uint32_t best[block_songs];
        kernels.kernel[k].score(bytes.data() + misaligned, quads, table, at, offsets, best);
        EXPECT_EQ(std::memcmp(best, expected, sizeof best), 0)
            << kernels.kernel[k].name << " quads " << quads << " misaligned " << misaligned << " at " << at;
      }
    }
  }
}

TEST(Kernel, ThePlainOneIsTheSumItPromises) {
  EffortTable table;
  for (int i = 0; i < effort_size; ++i) table.effort[i] = static_cast<std::uint16_t>(100 * i);
  table.split();
  std::vector<std::uint8_t> block(64);
  for (int song = 0; song < block_songs; ++song) {
    block[song * 4] = 200;
    block[song * 4 + 3] = 55;
  }
  std::uint32_t offsets[kernel_shifts];
  for (auto& offset : offsets) offset = unused_shift;
  offsets[2] = 64;
  std::uint32_t best[block_songs];
  score_block_scalar(block.data(), 1, table, 10, offsets, best);
  EXPECT_EQ(best[0], ((200u * 1200 + 55u * 1500) << order_bits) + 64);
}

TEST(Kernel, ABlockOfTheDearestEffortDoesNotOverflow) {
  EffortTable table;
  table.effort.fill(max_effort);
  table.split();
  std::vector<std::uint8_t> block(64);
  for (int song = 0; song < block_songs; ++song) block[song * 4] = weight_sum;
  std::uint32_t offsets[kernel_shifts] = {};
  const Kernels kernels = available_kernels();
  for (int k = 0; k < kernels.count; ++k) {
    std::uint32_t best[block_songs];
    kernels.kernel[k].score(block.data(), 1, table, 0, offsets, best);
    EXPECT_EQ(best[15], static_cast<std::uint32_t>(max_effort) * weight_sum << order_bits)
        << kernels.kernel[k].name;
  }
}

}  // namespace
}  // namespace orakgarak::songs
