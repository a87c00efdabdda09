// Any bytes as the decoder child's answer: the parent must bear a child that was taken over.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "media/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak::media;
  const auto bytes = std::as_bytes(std::span(data, size));
  const std::size_t step = size > 0 ? 1 + data[0] : 1;
  const DecodeLimits limits;
  WireReader reader(limits);
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    reader.append(bytes.subspan(at, std::min(step, bytes.size() - at)));
    for (;;) {
      const auto next = reader.next();
      if (!next) return 0;
      if (!*next) break;
      if (const auto* failure = std::get_if<DecodeFailure>(&**next)) {
        if (to_error(*failure, "take", limits).detail.empty()) std::abort();
      }
      if (const auto* block = std::get_if<std::span<const float>>(&**next)) {
        if (block->empty() || block->size() > max_block_samples) std::abort();
      }
    }
  }
  return 0;
}
