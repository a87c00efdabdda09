#pragma once
// The network's grid on a GPU, as far as nvcc compiles it: plain data and C++20. gpu_grid.h makes of it what
// others use.
#include <cstdint>
#include <string>

#include "voice/network_tiles.h"

namespace orakgarak::devices {

struct CudaNetwork;  ///< the network's tables on the GPU, and a stream of its own

struct CudaGpu {
  CudaNetwork* network = nullptr;  ///< null: there is no GPU that can be used, and `why` says so
  std::string name;                ///< "NVIDIA H100 80GB HBM3, 0000:01:00.0"
  std::uint64_t memory_bytes = 0;
  std::string why;
};
/// The first GPU.
CudaGpu open_cuda();
void close_cuda(CudaNetwork*);

enum class CudaRan : std::uint8_t { done, out_of_memory, failed };
/// frames: of each of the tile's centres. why: where it failed. One call at a time.
CudaRan run_cuda(CudaNetwork&, const voice::NetworkTile& tile, std::span<voice::NetworkFrame> frames,
                 std::string& why);

}  // namespace orakgarak::devices
