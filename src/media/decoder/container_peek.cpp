#include "media/decoder/container_peek.h"

#include <array>
#include <string_view>

#include "media/decoder/raw_bytes.h"

namespace orakgarak::media {

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
  constexpr std::uint32_t uncounted = 0xFFFFFFFF;
  std::optional<WavHeader> header;
  std::uint64_t at = 12;
  for (int chunk = 0; chunk < most_chunks; ++chunk) {
    const std::size_t got = source.fill_at(at, bytes);
    if (got < 8) break;
    const auto size = static_cast<std::uint32_t>(little_endian(bytes, 4, 4));
    if (has_tag(bytes, 0, "data")) {
      if (header && size != uncounted) header->cut = at + 8 + size > source.size();
      break;
    }
    if (has_tag(bytes, 0, "fmt ") && got == bytes.size())
      header = WavHeader{.rate = static_cast<std::uint32_t>(little_endian(bytes, 12, 4)),
                         .channels = static_cast<std::uint16_t>(little_endian(bytes, 10, 2))};
    at += 8 + std::uint64_t{size} + (size & 1);
  }
  return header;
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

}  // namespace orakgarak::media
