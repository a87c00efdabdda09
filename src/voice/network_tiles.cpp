#include "voice/network_tiles.h"

#include <algorithm>
#include <cassert>

#include "voice/network_layers.h"
#include "voice/network_spectra.h"
#include "voice/network_weights.h"

namespace orakgarak::voice {
namespace {

constexpr std::int64_t reach = grid::most_fft / 2;  // samples to either side of a frame's centre

std::int64_t samples_of(std::int64_t frames) { return 2 * reach + (frames - 1) * network_hop; }

}  // namespace

NetworkInChunks::NetworkInChunks(HearChunk hear, std::int64_t most_frames)
    : hear_(std::move(hear)), most_frames_(most_frames), held_(reach), held_from_(-reach) {
  assert(most_frames > 2 * network_context);
}

void NetworkInChunks::push(std::span<const float> samples, const Sink& sink) {
  while (!samples.empty()) {
    // The next chunk's last frame needs its whole window, and its own hop, which the window covers.
    const std::int64_t last = std::max<std::int64_t>(0, done_ - network_context) + most_frames_;
    const std::int64_t wanted = (last - 1) * network_hop + reach - taken_;
    const auto part =
        samples.first(static_cast<std::size_t>(std::min<std::int64_t>(wanted, std::ssize(samples))));
    held_.insert(held_.end(), part.begin(), part.end());
    taken_ += std::ssize(part);
    samples = samples.subspan(part.size());
    if (std::ssize(part) == wanted) hear(last, last - network_context, sink);
  }
}

void NetworkInChunks::finish(const Sink& sink) {
  const std::int64_t frames = std::max<std::int64_t>(1, taken_ / network_hop);
  const std::int64_t end = (frames - 1) * network_hop + reach;
  if (end > taken_) held_.resize(static_cast<std::size_t>(end - held_from_));
  while (done_ < frames) {
    const std::int64_t last =
        std::min(frames, std::max<std::int64_t>(0, done_ - network_context) + most_frames_);
    hear(last, last == frames ? frames : last - network_context, sink);
  }
}

void NetworkInChunks::hear(std::int64_t last, std::int64_t kept_last, const Sink& sink) {
  const std::int64_t first = std::max<std::int64_t>(0, done_ - network_context);
  const auto from = static_cast<std::size_t>(first * network_hop - reach - held_from_);
  const std::int64_t count = samples_of(last - first);
  const NetworkChunk chunk{.samples = std::span(held_).subspan(from, static_cast<std::size_t>(count)),
                           .frames = last - first,
                           .skip = done_ - first,
                           .keep = kept_last - done_,
                           .sound = std::min(count, taken_ - (first * network_hop - reach)),
                           .starts = first == 0};
  heard_.resize(static_cast<std::size_t>(chunk.keep));
  hear_(chunk, heard_);
  for (const NetworkFrame& frame : heard_) sink(frame);
  done_ = kept_last;
  const std::int64_t next = std::max<std::int64_t>(0, done_ - network_context) * network_hop - reach;
  held_.erase(held_.begin(), held_.begin() + (next - held_from_));
  held_from_ = next;
}

void hear_on_processor(const NetworkChunk& chunk, std::span<NetworkFrame> out) {
  // Where the chunk does not start with the take, frames come first whose windows are cut off: what they do
  // to others reaches no further than those that are only looked at.
  std::int64_t skip = chunk.skip + (chunk.starts ? 0 : reach / network_hop);
  auto at = out.begin();
  const auto keep = [&](const NetworkFrame& frame) {
    if (--skip < 0 && at != out.end()) *at++ = frame;
  };
  Network network;
  const std::int64_t silent = chunk.starts ? reach : 0;
  network.push(
      chunk.samples.subspan(static_cast<std::size_t>(silent), static_cast<std::size_t>(chunk.sound - silent)),
      keep);
  network.finish(keep);
}

NetworkTile lay_out_tile(std::span<const NetworkChunk* const> chunks) {
  NetworkTile tile;
  tile.centres.push_back(-1);
  for (const NetworkChunk* chunk : chunks) {
    const std::int64_t from = std::ssize(tile.samples) + reach;
    for (std::int64_t t = 0; t < chunk->frames; ++t)
      tile.centres.push_back(static_cast<std::int32_t>(from + t * network_hop));
    tile.centres.push_back(-1);
    tile.samples.insert(tile.samples.end(), chunk->samples.begin(), chunk->samples.end());
  }
  return tile;
}

void pick_kept(std::span<const NetworkChunk* const> chunks, std::span<const NetworkFrame> frames,
               std::span<const std::span<NetworkFrame>> out) {
  std::size_t at = 1;
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    std::ranges::copy(frames.subspan(at + static_cast<std::size_t>(chunks[c]->skip), out[c].size()),
                      out[c].begin());
    at += static_cast<std::size_t>(chunks[c]->frames) + 1;
  }
}

std::uint64_t tile_bytes(std::int64_t chunks) {
  grid::Work work;
  return grid::lay_out(work, nullptr, chunks * (chunk_frames + 1) + 1, chunks * samples_of(chunk_frames));
}

grid::Tables grid_tables(const std::function<const void*(const void* data, std::size_t bytes)>& put) {
  const auto array = [&]<class T>(std::span<const T> values) {
    return static_cast<const T*>(put(values.data(), values.size_bytes()));
  };
  grid::Tables tables{};
  const NetworkSpectra known(InstructionSet::baseline);
  for (std::size_t s = 0; s < grid::spectra; ++s) {
    const NetworkSpectra::Spectrum& spectrum = known.spectra()[s];
    tables.spectra[s] = {.size = spectrum.fft.size(),
                         .window = array(std::span<const float>(spectrum.window)),
                         .twiddles = array(spectrum.fft.twiddles()),
                         .turns = array(spectrum.fft.turns()),
                         .order = array(spectrum.fft.order()),
                         .entries = array(std::span<const FilterWeight>(spectrum.entries)),
                         .starts = array(std::span<const int>(spectrum.starts))};
  }
  int input_bands = network_bands;
  for (std::size_t i = 0; i < grid::layers; ++i) {
    const NetworkLayer& layer = network_layers()[i];
    tables.layers[i] = {
        .pairs = layer.pairs,
        .outputs = layer.outputs,
        .bands = layer.bands,
        .input_bands = input_bands,
        .tap_count = static_cast<int>(layer.taps.size()),
        .taps = array(std::span<const NetworkTap>(layer.taps)),
        .weights = array(std::span<const std::int32_t>(layer.weights)),
        .scales = array(std::span<const float>(layer.scales)),
        .biases = array(std::span<const float>(layer.biases, static_cast<std::size_t>(layer.outputs))),
        .packed_scale = layer.packed_scale,
        .adds_residual = layer.adds_residual,
        .keeps_values = layer.keeps_values};
    input_bands = layer.bands;
  }
  const auto head = [&](std::size_t i) {
    ConvWeights conv = network_convolutions[i];
    conv.weights = array(std::span<const float>(
        conv.weights, static_cast<std::size_t>(conv.out * conv.in * conv.taps_f * conv.taps_t)));
    conv.biases = array(std::span<const float>(conv.biases, static_cast<std::size_t>(conv.out)));
    return conv;
  };
  tables.shown = head(14);
  tables.pitch = head(15);
  tables.voicing[0] = head(16);
  tables.voicing[1] = head(17);
  return tables;
}

float grid_input_scale() { return NetworkSpectra::scale; }

}  // namespace orakgarak::voice
