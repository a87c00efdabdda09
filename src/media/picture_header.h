#pragma once
// What a picture file says of itself before one of its pixels is decoded: outside bytes, read with bounds.
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

namespace orakgarak::media {

enum class PictureFormat : std::uint8_t { png, jpeg, webp };

struct PictureHeader {
  PictureFormat format = PictureFormat::png;
  std::uint32_t width = 0, height = 0;  ///< as stored, both at least 1
  int orientation = 1;                  ///< EXIF, 1 to 8: 1 is upright
};

enum class PictureHeaderFault : std::uint8_t {
  not_a_picture,  ///< none of the three
  damaged,        ///< one of them, but its header is cut off or makes no sense
};

/// file: the whole file. Looks at the heads of its chunks only. An EXIF block that makes no sense is as none.
std::expected<PictureHeader, PictureHeaderFault> read_picture_header(std::span<const std::byte> file);

}  // namespace orakgarak::media
