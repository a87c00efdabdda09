#pragma once
// Base64 as S3 writes it (RFC 4648, section 4).
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orakgarak::storage::sigv4 {

std::string to_base64(std::span<const std::byte> bytes);
/// Nothing where `text` is not exactly what to_base64 writes: no line ends, no missing '='.
std::optional<std::vector<std::byte>> from_base64(std::string_view text);

}  // namespace orakgarak::storage::sigv4
