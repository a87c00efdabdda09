#pragma once
// The grid's threads one after the other on the host: what the GPU's kernels compute, without one.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <vector>

#include "voice/network_tiles.h"

namespace orakgarak::voice {

class HostGrid {
 public:
  HostGrid()
      : tables_(grid_tables([this](const void* data, std::size_t bytes) -> const void* {
          auto& kept = kept_.emplace_back(bytes / sizeof(float));
          std::memcpy(kept.data(), data, bytes);
          return kept.data();
        })) {}
  HostGrid(const HostGrid&) = delete;
  HostGrid& operator=(const HostGrid&) = delete;

  /// Frames of the tile; those of no take are not written.
  void run(const NetworkTile& tile, std::span<NetworkFrame> out) const {
    grid::Work work;
    const auto samples = std::ssize(tile.samples), frames = std::ssize(tile.centres);
    std::vector<std::byte> room(grid::lay_out(work, nullptr, frames, samples) + 256);
    // Every byte of the room is set, so that what reads too early or too far gives other bits.
    std::memset(room.data(), 0x41, room.size());
    grid::lay_out(work, room.data(), frames, samples);
    std::memcpy(work.samples, tile.samples.data(), tile.samples.size() * sizeof(float));
    std::memcpy(work.centres, tile.centres.data(), tile.centres.size() * sizeof(std::int32_t));
    grid::run(tables_, work, grid_input_scale(), [](const auto& step, std::int64_t threads) {
      constexpr std::int64_t block_size = 256;
      for (std::int64_t block = 0; block * block_size < threads; ++block)
        for (std::int64_t thread = 0; thread < block_size; ++thread)
          if (const auto i = grid::thread_index(block, block_size, thread); i < threads) step(i);
    });
    std::memcpy(out.data(), work.out, out.size_bytes());
  }

 private:
  std::list<std::vector<float>> kept_;
  grid::Tables tables_;
};

}  // namespace orakgarak::voice
