#include "media/decoder/cut_detection.h"

#include <array>
#include <bit>
#include <optional>
#include <vector>

#include "media/decoder/raw_bytes.h"

namespace orakgarak::media {
namespace {

struct EbmlElement {
  std::uint32_t id;
  std::uint64_t content;              ///< offset
  std::optional<std::uint64_t> size;  ///< none: unknown, it ends where another of its level begins
};

enum class EbmlError { cut, invalid };

std::expected<EbmlElement, EbmlError> read_element(ByteSource& source, std::uint64_t at) {
  std::array<std::byte, 12> bytes{};  // an ID of 4 and a size of 8
  const std::size_t got = source.fill_at(at, bytes);
  if (got < 2) return std::unexpected(EbmlError::cut);
  const auto id_bytes = static_cast<std::size_t>(std::countl_zero(byte_at(bytes, 0))) + 1;
  if (id_bytes > 4) return std::unexpected(EbmlError::invalid);
  const auto size_bytes = static_cast<std::size_t>(std::countl_zero(byte_at(bytes, id_bytes))) + 1;
  if (size_bytes > 8) return std::unexpected(EbmlError::invalid);
  if (got < id_bytes + size_bytes) return std::unexpected(EbmlError::cut);
  const std::uint64_t ones = (std::uint64_t{1} << (7 * size_bytes)) - 1;
  const std::uint64_t size = big_endian(bytes, id_bytes, size_bytes) & ones;
  return EbmlElement{.id = static_cast<std::uint32_t>(big_endian(bytes, 0, id_bytes)),
                     .content = at + id_bytes + size_bytes,
                     .size = size == ones ? std::nullopt : std::optional(size)};
}

/// Bit rates in kbit/s of layer III; row 0: MPEG 1, row 1: MPEG 2 and 2.5.
constexpr std::array<std::array<int, 15>, 2> mp3_bit_rates{{
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}};
constexpr std::array<int, 3> mp3_rates{44100, 48000, 32000};

}  // namespace

bool ogg_page_cut(ByteSource& source) {
  constexpr std::size_t largest_page = 27 + 255 + 255 * 255;
  constexpr std::size_t fixed_header = 27;
  std::array<std::byte, 4> start{};
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

bool matroska_element_cut(ByteSource& source) {
  constexpr std::uint32_t ebml_header = 0x1A45DFA3, segment = 0x18538067, cluster = 0x1F43B675;
  const auto first = read_element(source, 0);
  if (!first || first->id != ebml_header) return false;
  constexpr int most_elements = 1'000'000;  // 20 minutes in blocks of 2.5 ms are half of that
  std::uint64_t at = 0;
  for (int i = 0; i < most_elements && at < source.size(); ++i) {
    const auto element = read_element(source, at);
    if (!element) return element.error() == EbmlError::cut;
    const auto& size = element->size;
    if (size && *size > source.size() - std::min(source.size(), element->content)) return true;
    // Inside segments and clusters the walk goes on one by one; everything else is stepped over.
    const bool enter = element->id == segment || element->id == cluster;
    if (!enter && !size) return false;
    at = enter ? element->content : element->content + size.value_or(0);
  }
  return false;
}

bool mp3_frame_cut(std::span<const std::byte> packet) {
  if (packet.size() < 4) return true;
  const auto header = static_cast<std::uint32_t>(big_endian(packet, 0, 4));
  const std::uint32_t version = header >> 19 & 3,
                      layer = header >> 17 & 3;  // version 3: MPEG 1, 2: 2, 0: 2.5
  const std::uint32_t bit_rate_index = header >> 12 & 15, rate_index = header >> 10 & 3,
                      padding = header >> 9 & 1;
  constexpr std::uint32_t layer_three = 1;
  if (header >> 21 != 0x7FF || version == 1 || layer != layer_three) return false;
  if (bit_rate_index == 0 || bit_rate_index == 15 || rate_index == 3) return false;
  const bool mpeg1 = version == 3;
  const int rate = mp3_rates[rate_index] >> (mpeg1 ? 0 : version == 2 ? 1 : 2);
  const int bit_rate = mp3_bit_rates[mpeg1 ? 0 : 1][bit_rate_index] * 1000;
  return packet.size() < static_cast<std::size_t>((mpeg1 ? 144 : 72) * bit_rate / rate) + padding;
}

}  // namespace orakgarak::media
