#pragma once
// Which bytes of an object are asked for: RFC 9110, 14.
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <variant>

namespace orakgarak::storage {

struct ByteRange {
  std::uint64_t first = 0, length = 0;
  bool operator==(const ByteRange&) const = default;
};

/// The range of a Range field over an object of `size` bytes; nothing where the whole is to be sent: the
/// field is empty, of another unit, malformed, or asks for several. Unexpected: none of its bytes is there
/// (416).
std::expected<std::optional<ByteRange>, std::monostate> byte_range(std::string_view field,
                                                                   std::uint64_t size);

}  // namespace orakgarak::storage
