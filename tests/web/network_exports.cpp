// The pitch network alone in WebAssembly, for network_test.mjs and bench/network_speed.mjs: the page has it
// as a part of the voice core.
#include <cstdint>
#include <vector>

#include "voice/network.h"

#define EXPORT(name) __attribute__((export_name(#name)))

namespace orakgarak::web {
namespace {

std::vector<float> take;
std::vector<voice::NetworkFrame> heard;

}  // namespace

// frames() is read as 96 floats each: 95 likelihoods, voicing.
static_assert(sizeof(voice::NetworkFrame) == 96 * sizeof(float));

/// Room for `count` samples at 16 kHz, to be filled before hear().
EXPORT(samples) float* samples(std::uint32_t count) {
  take.resize(count);
  return take.data();
}

/// The number of frames().
EXPORT(hear) std::uint32_t hear() {
  heard.clear();
  const auto keep = [](const voice::NetworkFrame& frame) { heard.push_back(frame); };
  voice::Network network;
  network.push(take, keep);
  network.finish(keep);
  return static_cast<std::uint32_t>(heard.size());
}

EXPORT(frames) const voice::NetworkFrame* frames() { return heard.data(); }

}  // namespace orakgarak::web
