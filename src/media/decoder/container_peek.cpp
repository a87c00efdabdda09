#include "media/decoder/container_peek.h"

#include <array>
#include <cstring>
#include <string_view>
#include <vector>

namespace orakgarak::media {
namespace {

std::uint8_t byte_at(std::span<const std::byte> bytes, std::size_t i) {
  return std::to_integer<std::uint8_t>(bytes[i]);
}

bool has_tag(std::span<const std::byte> bytes, std::size_t at, std::string_view tag) {
  return bytes.size() >= at + tag.size() && std::memcmp(bytes.data() + at, tag.data(), tag.size()) == 0;
}

std::uint32_t little_endian(std::span<const std::byte> bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | byte_at(bytes, at + i);
  return value;
}

}  // namespace

std::uint64_t id3_bytes(ByteSource& source) {
  constexpr int most_tags = 4;
  std::uint64_t end = 0;
  for (int tag = 0; tag < most_tags; ++tag) {
    std::array<std::byte, 10> header;
    if (source.fill_at(end, header) < header.size() || !has_tag(header, 0, "ID3")) break;
    std::uint64_t size = 0;
    for (std::size_t i = 6; i < 10; ++i) {
      if (byte_at(header, i) & 0x80) return end;
      size = size << 7 | byte_at(header, i);
    }
    const bool footer = byte_at(header, 5) & 0x10;
    end += header.size() + size + (footer ? 10 : 0);
  }
  return end;
}

std::optional<WavHeader> wav_header(ByteSource& source) {
  std::array<std::byte, 16> bytes;
  if (source.fill_at(0, std::span(bytes).first(12)) < 12) return std::nullopt;
  const bool riff = has_tag(bytes, 0, "RIFF") || has_tag(bytes, 0, "RF64") || has_tag(bytes, 0, "BW64");
  if (!riff || !has_tag(bytes, 8, "WAVE")) return std::nullopt;
  constexpr int most_chunks = 64;
  std::uint64_t at = 12;
  for (int chunk = 0; chunk < most_chunks; ++chunk) {
    if (source.fill_at(at, bytes) < bytes.size()) return std::nullopt;
    if (has_tag(bytes, 0, "fmt "))
      return WavHeader{little_endian(bytes, 12, 4), static_cast<std::uint16_t>(little_endian(bytes, 10, 2))};
    const std::uint64_t size = little_endian(bytes, 4, 4);
    at += 8 + size + (size & 1);
  }
  return std::nullopt;
}

bool has_container_magic(ByteSource& source) {
  std::array<std::byte, 12> start{};
  const std::size_t bytes = source.fill_at(0, start);
  const auto form_is = [&](std::string_view outer, std::string_view form) {
    return has_tag(start, 0, outer) && (bytes < start.size() || has_tag(start, 8, form));
  };
  return form_is("RIFF", "WAVE") || form_is("RF64", "WAVE") || form_is("BW64", "WAVE") ||
         form_is("FORM", "AIFF") || form_is("FORM", "AIFC") || has_tag(start, 0, "caff") ||
         has_tag(start, 0, "fLaC") || has_tag(start, 0, "OggS") || has_tag(start, 0, "\x1A\x45\xDF\xA3") ||
         has_tag(start, 4, "ftyp");
}

bool ogg_page_cut(ByteSource& source) {
  constexpr std::size_t largest_page = 27 + 255 + 255 * 255;
  constexpr std::size_t fixed_header = 27;
  std::array<std::byte, 4> start;
  if (source.fill_at(0, start) < start.size() || !has_tag(start, 0, "OggS")) return false;
  const std::uint64_t from = source.size() > largest_page ? source.size() - largest_page : 0;
  std::vector<std::byte> tail(static_cast<std::size_t>(source.size() - from));
  tail.resize(source.fill_at(from, tail));
  for (std::size_t at = tail.size(); at-- > 0;) {
    if (!has_tag(tail, at, "OggS")) continue;
    if (tail.size() - at < fixed_header) return true;
    const std::size_t segments = byte_at(tail, at + 26);
    if (tail.size() - at < fixed_header + segments) return true;
    std::size_t page = fixed_header + segments;
    for (std::size_t i = 0; i < segments; ++i) page += byte_at(tail, at + fixed_header + i);
    return tail.size() - at < page;
  }
  return false;
}

}  // namespace orakgarak::media
