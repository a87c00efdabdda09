#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace orakgarak::media {

/// A WebP file that moves, as one that holds its first frame only: the decoder knows no others. Every other
/// file, and one that makes no sense, comes back as it is.
std::vector<std::byte> first_frame_of_webp(std::span<const std::byte> file);

}  // namespace orakgarak::media
