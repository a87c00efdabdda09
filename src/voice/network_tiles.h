#pragma once
// Takes cut into chunks, and chunks of many takes laid out as one tile for a grid (network_grid.h).
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "voice/network_grid.h"

namespace orakgarak::voice {

/// Frames on either side that the network looks at: computed with a chunk and not kept.
inline constexpr std::int64_t network_context = 7;
/// Frames of a chunk at most: 33 s of sound.
inline constexpr std::int64_t chunk_frames = 2048;

/// Part of a take.
struct NetworkChunk {
  /// From 1,024 before its first frame's centre to 1,024 after its last's; zeros outside the take.
  std::span<const float> samples;
  std::int64_t frames = 0;          ///< centred network_hop apart, all of the take
  std::int64_t skip = 0, keep = 0;  ///< of them: those that are only looked at, and those after them to keep
  std::int64_t sound = 0;           ///< of the samples: up to the take's end, at least
  bool starts = false;              ///< with the take's first frame
};

/// Hears a chunk: its `keep` frames into `out`.
using HearChunk = std::function<void(const NetworkChunk&, std::span<NetworkFrame> out)>;

/// A take that is heard in chunks.
class NetworkInChunks final : public NetworkRun {
 public:
  /// most_frames: of a chunk, more than 2 · network_context.
  explicit NetworkInChunks(HearChunk hear, std::int64_t most_frames = chunk_frames);
  void push(std::span<const float> samples, const Sink& sink) override;
  void finish(const Sink& sink) override;

 private:
  void hear(std::int64_t last, std::int64_t kept_last, const Sink& sink);

  const HearChunk hear_;
  const std::int64_t most_frames_;
  std::vector<float> held_;  // held_[0] is sample held_from_
  std::vector<NetworkFrame> heard_;
  std::int64_t held_from_, taken_ = 0, done_ = 0;
};

/// The chunk over the processor: for when the grid fails. The same bits.
void hear_on_processor(const NetworkChunk& chunk, std::span<NetworkFrame> out);

/// What a grid is given: chunks end to end.
struct NetworkTile {
  std::vector<std::int32_t> centres;  ///< of each frame in `samples`; −1: of no take
  std::vector<float> samples;
};
NetworkTile lay_out_tile(std::span<const NetworkChunk* const> chunks);
/// frames: of each of the tile's centres. out: what the chunks keep, one after the other.
void pick_kept(std::span<const NetworkChunk* const> chunks, std::span<const NetworkFrame> frames,
               std::span<const std::span<NetworkFrame>> out);

/// Memory of a grid for any tile of so many chunks.
std::uint64_t tile_bytes(std::int64_t chunks);

/// What the network knows, put where the grid can read it: `put` keeps a copy of the bytes, on four-byte
/// boundaries, and says where that is.
grid::Tables grid_tables(const std::function<const void*(const void* data, std::size_t bytes)>& put);
/// The last argument but one of grid::run.
float grid_input_scale();

}  // namespace orakgarak::voice
