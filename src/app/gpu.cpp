#include "app/gpu.h"

#include <utility>

#include "app/memory.h"

namespace orakgarak::app {

Gpu open_gpu(const RunOptions& options, const Settings& settings,
             const std::function<void(const Error&)>& complain) {
  if (!options.gpu) return {};
  auto grid = devices::open_gpu();
  if (!grid) {
    complain(grid.error());
    return {};
  }
  auto memory = open_memory_of("GPU " + (*grid)->name(), (*grid)->memory_bytes() / 2, settings, complain);
  if (!memory) {
    complain(memory.error());
    return {};
  }
  Gpu gpu{.grid = std::move(*grid), .memory = std::move(*memory), .network = {}};
  gpu.network = std::make_unique<devices::GridNetwork>(
      devices::GridNetwork::Options{.grid = *gpu.grid, .memory = *gpu.memory, .complain = complain});
  return gpu;
}

}  // namespace orakgarak::app
