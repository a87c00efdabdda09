#pragma once
// The work itself, in whatever process it runs: bytes in, a JPEG out. The child calls it on a file; tests and
// the fuzz target call it on memory.
#include <expected>
#include <span>

#include "media/picture_wire.h"

namespace orakgarak::media {

/// Only three decoders are ever tried (PNG, JPEG, WebP). task: `longest_side` and `limits.pixels` count here.
std::expected<Picture, PictureFailure> scale_picture(std::span<const std::byte> file,
                                                     const PictureTask& task);

}  // namespace orakgarak::media
