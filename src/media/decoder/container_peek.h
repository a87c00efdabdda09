#pragma once
// The few facts about a container that FFmpeg does not tell, or tells as "invalid data" only.
#include <cstdint>
#include <optional>

#include "media/decoder/byte_source.h"

namespace orakgarak::media {

/// Bytes of ID3v2 tags at the beginning. Nobody here reads them, and a large picture inside would hide what
/// the file is. ID3v2.4 structure, section 3.1.
std::uint64_t id3_bytes(ByteSource& source);

struct WavHeader {
  std::uint32_t rate = 0;
  std::uint16_t channels = 0;
  bool cut =
      false;  ///< the file ends before the samples that its header counts; programs that stream count none
};
/// The format chunk of a RIFF, RF64 or BW64 WAVE file; nothing for anything else.
std::optional<WavHeader> wav_header(ByteSource& source);

/// Whether the first bytes are those of a container that we read, so that a failure means damage rather than
/// another kind of file.
bool has_container_magic(ByteSource& source);

}  // namespace orakgarak::media
