#pragma once
// The decoding itself, in whatever process it runs: bytes in, mono samples out. The child calls it on a file;
// tests and the fuzz target call it on memory.
#include <expected>

#include "media/decode.h"
#include "media/decoder/byte_source.h"
#include "media/failure.h"

namespace orakgarak::media {

/// Only the containers and codecs on the list of stream_decoder.cpp are ever tried; nothing but `source` is
/// read. limits: `take`, `channels` and the rates count here. Memory does not grow with the length.
std::expected<DecodeSummary, DecodeFailure> decode_stream(ByteSource& source, const DecodeLimits& limits,
                                                          const DecodeSink& sink);

}  // namespace orakgarak::media
