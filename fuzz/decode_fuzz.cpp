// Any bytes through the decoding that the sandboxed child does, here without its sandbox. Seeds:
// fuzz/make_seeds.sh.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "media/decoder/stream_decoder.h"
#include "media/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak::media;
  MemorySource source(std::as_bytes(std::span(data, size)));
  DecodeLimits limits;
  limits.take = orakgarak::Seconds(20);
  std::uint64_t heard = 0;
  bool announced = false;
  const DecodeSink sink{.format =
                            [&](const DecodeFormat& format) {
                              const bool sound = format.channels >= 1 && format.channels <= limits.channels &&
                                                 format.rate.value >= 1 &&
                                                 format.rate <= limits.delivered_rate;
                              if (announced || !sound) std::abort();
                              announced = true;
                              return true;
                            },
                        .samples =
                            [&](std::span<const float> samples) {
                              if (!announced || samples.empty() || samples.size() > max_block_samples)
                                std::abort();
                              heard += samples.size();
                              return true;
                            }};
  const auto summary = decode_stream(source, limits, sink);
  if (summary && (summary->samples != heard || summary->filled_samples > heard)) std::abort();
  return 0;
}
