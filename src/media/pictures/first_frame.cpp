#include "media/pictures/first_frame.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace orakgarak::media {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t riff_head = 12, chunk_head = 8, frame_head = 16;

bool is(Bytes bytes, std::string_view text) {
  return std::ranges::equal(bytes, text, {}, [](std::byte b) { return static_cast<char>(b); });
}

std::uint32_t little(Bytes bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  return value;
}

void append(std::vector<std::byte>& to, std::string_view text) {
  for (const char c : text) to.push_back(static_cast<std::byte>(c));
}
void append(std::vector<std::byte>& to, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to.push_back(static_cast<std::byte>(value >> (8 * i)));
}

/// The content of the first chunk of this type; empty where there is none or it does not lie in the file.
Bytes find_chunk(Bytes file, std::string_view type) {
  for (std::size_t at = riff_head; at <= file.size() && file.size() - at >= chunk_head;) {
    const std::size_t length = little(file.subspan(at + 4, 4));
    const std::size_t left = file.size() - at - chunk_head;
    if (is(file.subspan(at, 4), type))
      return length <= left ? file.subspan(at + chunk_head, length) : Bytes();
    if (length + length % 2 > left) break;
    at += chunk_head + length + length % 2;
  }
  return {};
}

}  // namespace

std::vector<std::byte> first_frame_of_webp(Bytes file) {
  const bool webp = file.size() >= riff_head && is(file.first(4), "RIFF") && is(file.subspan(8, 4), "WEBP");
  const Bytes frame = webp ? find_chunk(file, "ANMF") : Bytes();
  if (frame.size() <= frame_head) return {file.begin(), file.end()};
  const Bytes chunks = frame.subspan(frame_head);
  std::vector<std::byte> still;
  append(still, "RIFF");
  append(still, 4 + chunk_head + 10 + chunks.size(), 4);
  append(still, "WEBPVP8X");
  append(still, 10, 4);
  append(still, 0x10, 4);                                            // may be transparent
  still.insert(still.end(), frame.begin() + 6, frame.begin() + 12);  // width and height, each less one
  still.insert(still.end(), chunks.begin(), chunks.end());
  return still;
}

}  // namespace orakgarak::media
