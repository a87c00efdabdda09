#pragma once
// Does a file stop in the middle of something? FFmpeg ends quietly there; a singer wants to know that the end
// of the take is missing. A file cut exactly between two parts cannot be told from a whole one.
#include <span>

#include "media/decoder/byte_source.h"

namespace orakgarak::media {

/// Whether an Ogg file stops inside its last page (RFC 3533, section 6). false for anything else.
bool ogg_page_cut(ByteSource& source);

/// Whether a Matroska or WebM file stops inside an element (RFC 8794; RFC 9559 for the elements). Live
/// recordings name no sizes for segment and clusters, but for each block. O(blocks). false for anything else.
bool matroska_element_cut(ByteSource& source);

/// Whether an MPEG layer III packet is shorter than its header says (ISO/IEC 11172-3, 2.4.2.3).
bool mp3_frame_cut(std::span<const std::byte> packet);

}  // namespace orakgarak::media
