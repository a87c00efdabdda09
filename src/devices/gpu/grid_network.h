#pragma once
// The way of many takes through the network over one grid.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "devices/gpu/gpu_grid.h"
#include "uploads/device.h"

namespace orakgarak::devices {

/// Chunks of one tile at most: of so many takes, 16 are 900 MB of a GPU's memory.
inline constexpr std::size_t most_chunks = 16;

/// Takes come in chunks, each thread with that of its own. What waits while a tile runs goes into the next,
/// all together; whoever waits runs it for all. Each tile enters `memory` for as long as it runs: with fewer
/// chunks where there is less. What gets no memory, and everything once the grid has failed, is heard over
/// the processor: the same bits. Safe from any thread.
class GridNetwork {
 public:
  struct Options {
    NetworkGrid& grid;
    uploads::Device& memory;                                        ///< of the grid
    std::function<void(const Error&)> complain = {};                ///< once, when the grid has failed
    std::chrono::milliseconds most_wait = std::chrono::seconds(2);  ///< for memory
  };
  struct Counts {
    std::uint64_t tiles = 0;
    std::uint64_t on_grid = 0, on_processor = 0;  ///< chunks
    std::size_t waiting = 0;                      ///< chunks, those of the tile that runs included
  };

  explicit GridNetwork(Options options) : options_(std::move(options)) {}

  /// For EngineOptions. This must outlive what it makes.
  voice::NetworkMaker maker();
  void hear(const voice::NetworkChunk& chunk, std::span<voice::NetworkFrame> out);
  Counts counts();

 private:
  struct Place {
    const voice::NetworkChunk* chunk;
    std::span<voice::NetworkFrame> out;
    bool heard = false, ended = false;
  };
  std::size_t run(std::span<Place* const> places);
  NetworkGrid::Ran run_tile(std::span<Place* const> places);

  const Options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Place*> waiting_;
  bool leading_ = false;
  bool failed_ = false;  ///< the grid, for good; of whoever leads
  Counts counts_;
};

/// Where a tile of so many chunks, and fewer, finds room.
uploads::Need need_of_chunks(std::size_t chunks);

}  // namespace orakgarak::devices
