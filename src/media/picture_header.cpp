#include "media/picture_header.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace orakgarak::media {
namespace {

using Bytes = std::span<const std::byte>;
using Header = std::expected<PictureHeader, PictureHeaderFault>;

constexpr auto damaged = std::unexpected(PictureHeaderFault::damaged);

/// `count` bytes at `at`; empty where there are not as many.
Bytes part(Bytes data, std::size_t at, std::size_t count) {
  return at <= data.size() && count <= data.size() - at ? data.subspan(at, count) : Bytes();
}

std::uint32_t big(Bytes bytes) {
  std::uint32_t value = 0;
  for (const std::byte b : bytes) value = value << 8 | std::to_integer<std::uint32_t>(b);
  return value;
}
std::uint32_t little(Bytes bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  return value;
}

bool is(Bytes bytes, std::string_view text) {
  return std::ranges::equal(bytes, text, {}, [](std::byte b) { return static_cast<char>(b); });
}

/// Tag 0x0112 of the first directory of a TIFF block; 1 where it is not there or makes no sense.
int tiff_orientation(Bytes tiff) {
  const bool little_end = is(part(tiff, 0, 4), {"II*\0", 4});
  if (!little_end && !is(part(tiff, 0, 4), {"MM\0*", 4})) return 1;
  const auto number = [&](std::size_t at, std::size_t count) -> std::optional<std::uint32_t> {
    const Bytes bytes = part(tiff, at, count);
    if (bytes.empty()) return std::nullopt;
    return little_end ? little(bytes) : big(bytes);
  };
  const auto directory = number(4, 4);
  const auto entries = directory ? number(*directory, 2) : std::nullopt;
  for (std::uint32_t i = 0; entries && i < *entries; ++i) {
    const std::size_t at = std::size_t{*directory} + 2 + std::size_t{i} * 12;
    const auto tag = number(at, 2), kind = number(at + 2, 2), value = number(at + 8, 2);
    if (!tag || !kind || !value) return 1;
    if (*tag == 0x0112) return *kind == 3 && *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
  }
  return 1;
}

Header read_png(Bytes file) {
  PictureHeader header{.format = PictureFormat::png};
  for (std::size_t at = 8;;) {  // length, type, data, checksum
    const Bytes length = part(file, at, 4), type = part(file, at + 4, 4);
    if (type.empty()) break;
    const Bytes data = part(file, at + 8, big(length));
    if (at == 8) {
      if (!is(type, "IHDR") || data.size() != 13) return damaged;
      header.width = big(data.first(4));
      header.height = big(data.subspan(4, 4));
    }
    if (is(type, "eXIf")) header.orientation = tiff_orientation(data);
    at += std::size_t{12} + big(length);
  }
  if (header.width == 0 || header.height == 0) return damaged;
  return header;
}

bool is_frame_header(std::uint32_t marker) {  // SOF0 to SOF15 without DHT, JPG and DAC
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

Header read_jpeg(Bytes file) {
  PictureHeader header{.format = PictureFormat::jpeg};
  for (std::size_t at = 2;;) {
    while (part(file, at, 2).size() == 2 && file[at] == std::byte{0xFF} && file[at + 1] == std::byte{0xFF})
      ++at;
    const Bytes head = part(file, at, 4);  // FF, marker, length
    if (head.empty() || head[0] != std::byte{0xFF}) return damaged;
    const auto marker = std::to_integer<std::uint32_t>(head[1]);
    const std::uint32_t length = big(head.subspan(2));
    if (marker == 0xDA || marker == 0xD9 || length < 2) return damaged;  // the scan begins without a frame
    const Bytes data = part(file, at + 4, length - 2);
    if (marker == 0xE1 && is(part(data, 0, 6), {"Exif\0\0", 6}))
      header.orientation = tiff_orientation(data.subspan(6));
    if (is_frame_header(marker)) {
      if (data.size() < 6) return damaged;
      header.height = big(data.subspan(1, 2));
      header.width = big(data.subspan(3, 2));
      if (header.width == 0 || header.height == 0) return damaged;
      return header;
    }
    at += std::size_t{2} + length;
  }
}

/// Sizes of one still or of the whole canvas; nothing where the chunk tells none.
std::optional<std::pair<std::uint32_t, std::uint32_t>> webp_size(Bytes type, Bytes data) {
  if (is(type, "VP8X") && data.size() >= 10)
    return std::pair(1 + little(data.subspan(4, 3)), 1 + little(data.subspan(7, 3)));
  if (is(type, "VP8 ") && is(part(data, 3, 3), "\x9D\x01\x2A") && data.size() >= 10)
    return std::pair(little(data.subspan(6, 2)) & 0x3FFF, little(data.subspan(8, 2)) & 0x3FFF);
  if (is(type, "VP8L") && data.size() >= 5 && data[0] == std::byte{0x2F}) {
    const std::uint32_t bits = little(data.subspan(1, 4));
    return std::pair(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF));
  }
  return std::nullopt;
}

Header read_webp(Bytes file) {
  PictureHeader header{.format = PictureFormat::webp};
  for (std::size_t at = 12;;) {  // type, length, data, padding to an even place
    const Bytes type = part(file, at, 4), length = part(file, at + 4, 4);
    if (length.empty()) break;
    const Bytes data = part(file, at + 8, little(length));
    if (at == 12) {
      const auto size = webp_size(type, data);
      if (!size || size->first == 0 || size->second == 0) return damaged;
      std::tie(header.width, header.height) = *size;
    }
    if (is(type, "EXIF"))  // some write the six letters of JPEG before it
      header.orientation = tiff_orientation(is(part(data, 0, 6), {"Exif\0\0", 6}) ? data.subspan(6) : data);
    at += std::size_t{8} + little(length) + little(length) % 2;
  }
  if (header.width == 0) return damaged;
  return header;
}

}  // namespace

Header read_picture_header(Bytes file) {
  if (is(part(file, 0, 8), "\x89PNG\r\n\x1a\n")) return read_png(file);
  if (is(part(file, 0, 3), "\xFF\xD8\xFF")) return read_jpeg(file);
  if (is(part(file, 0, 4), "RIFF") && is(part(file, 8, 4), "WEBP")) return read_webp(file);
  return std::unexpected(PictureHeaderFault::not_a_picture);
}

}  // namespace orakgarak::media
