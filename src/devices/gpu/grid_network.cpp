#include "devices/gpu/grid_network.h"

#include <algorithm>
#include <array>
#include <new>
#include <utility>
#include <vector>

namespace orakgarak::devices {

uploads::Need need_of_chunks(std::size_t chunks) {
  uploads::Need need{.engine = uploads::Engine::voice, .priority = uploads::Priority::live, .sizes = {}};
  for (; chunks > 0; chunks /= 2) need.sizes.push_back(voice::tile_bytes(static_cast<std::int64_t>(chunks)));
  return need;
}

voice::NetworkMaker GridNetwork::maker() {
  return [this] {
    return std::make_unique<voice::NetworkInChunks>(
        [this](const voice::NetworkChunk& chunk, std::span<voice::NetworkFrame> out) { hear(chunk, out); });
  };
}

void GridNetwork::hear(const voice::NetworkChunk& chunk, std::span<voice::NetworkFrame> out) {
  Place place{.chunk = &chunk, .out = out};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&place);
  while (!place.ended) {
    if (std::exchange(leading_, true)) {
      changed_.wait(lock, [&] { return place.ended || !leading_; });
      continue;
    }
    std::array<Place*, most_chunks> places;  // nothing is allocated while others wait for this thread
    const std::span next(places.data(), std::min(waiting_.size(), most_chunks));
    std::copy_n(waiting_.begin(), next.size(), next.begin());
    lock.unlock();
    const std::size_t heard = run(next);
    lock.lock();
    leading_ = false;
    // Those that did not fit wait on, unless nothing fits.
    const std::size_t ended = heard > 0 ? heard : next.size();
    for (std::size_t i = 0; i < ended; ++i) {
      next[i]->heard = heard > 0;
      next[i]->ended = true;
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(ended));
    (heard > 0 ? counts_.on_grid : counts_.on_processor) += ended;
    if (heard > 0) ++counts_.tiles;
    changed_.notify_all();
  }
  lock.unlock();
  if (!place.heard) voice::hear_on_processor(chunk, out);
}

GridNetwork::Counts GridNetwork::counts() {
  const std::lock_guard lock(mutex_);
  Counts now = counts_;
  now.waiting = waiting_.size();
  return now;
}

/// How many of them, from the first, the grid heard.
std::size_t GridNetwork::run(std::span<Place* const> places) try {
  for (std::size_t chunks = places.size(); chunks > 0 && !failed_;) {
    const auto grant = options_.memory.enter(need_of_chunks(chunks), [] { return true; }, options_.most_wait);
    if (!grant) return 0;
    for (std::size_t size = 0; size < (*grant)->size(); ++size) chunks /= 2;
    switch (run_tile(places.first(chunks))) {
      case NetworkGrid::Ran::done:
        return chunks;
      case NetworkGrid::Ran::out_of_memory:
        (*grant)->ran_out();
        chunks /= 2;
        break;
      case NetworkGrid::Ran::failed:
        failed_ = true;
        break;
    }
  }
  return 0;
} catch (const std::bad_alloc&) {
  return 0;
}

NetworkGrid::Ran GridNetwork::run_tile(std::span<Place* const> places) {
  std::vector<const voice::NetworkChunk*> chunks;
  std::vector<std::span<voice::NetworkFrame>> outs;
  for (const Place* place : places) {
    chunks.push_back(place->chunk);
    outs.push_back(place->out);
  }
  const voice::NetworkTile tile = voice::lay_out_tile(chunks);
  std::vector<voice::NetworkFrame> frames(tile.centres.size());
  std::string why;
  const auto ran = options_.grid.run(tile, frames, why);
  if (ran == NetworkGrid::Ran::done) voice::pick_kept(chunks, frames, outs);
  if (ran == NetworkGrid::Ran::failed && options_.complain)
    options_.complain({.kind = ErrorKind::retry,
                       .code = "gpu_failed",
                       .detail = options_.grid.name() + " failed (" + why +
                                 "); the processor hears every take until the next start",
                       .hops = {}});
  return ran;
}

}  // namespace orakgarak::devices
