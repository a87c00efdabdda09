#pragma once
// What runs the network's grid (voice/network_grid.h).
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "voice/network_tiles.h"

namespace orakgarak::devices {

/// One call at a time.
class NetworkGrid {
 public:
  enum class Ran : std::uint8_t { done, out_of_memory, failed };

  virtual ~NetworkGrid() = default;
  virtual std::string name() const = 0;  ///< for people, and different from that of any other of the machine
  virtual std::uint64_t memory_bytes() const = 0;
  /// frames: of each of the tile's centres. why: where it failed; it will fail again then.
  virtual Ran run(const voice::NetworkTile& tile, std::span<voice::NetworkFrame> frames,
                  std::string& why) = 0;
};

/// The first GPU. Errors: not_found "no_gpu": there is none that can be used, or this program was built
/// without nvcc.
Result<std::unique_ptr<NetworkGrid>> open_gpu();

}  // namespace orakgarak::devices
