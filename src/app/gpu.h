#pragma once
// The GPU that takes go through the pitch network on.
#include <functional>
#include <memory>

#include "app/settings.h"
#include "devices/gpu/grid_network.h"

namespace orakgarak::app {

/// Each needs what stands before it.
struct Gpu {
  std::unique_ptr<devices::NetworkGrid> grid;
  std::unique_ptr<uploads::Device> memory;  ///< half of the GPU's, shared by the processes of one data folder
  std::unique_ptr<devices::GridNetwork> network;

  /// For EngineOptions: over the processor where there is no GPU.
  voice::NetworkMaker maker() const { return network ? network->maker() : voice::NetworkMaker(); }
};

/// Empty where none was asked for, and where none can be used: then `complain` is told.
Gpu open_gpu(const RunOptions& options, const Settings& settings,
             const std::function<void(const Error&)>& complain);

}  // namespace orakgarak::app
