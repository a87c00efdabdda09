#include "storage/local_objects/byte_range.h"

#include <algorithm>
#include <charconv>

namespace orakgarak::storage {
namespace {

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || fault != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

std::expected<std::optional<ByteRange>, std::monostate> byte_range(std::string_view field,
                                                                   std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  const auto dash = field.find('-');
  if (!field.starts_with(unit) || dash == std::string_view::npos) return std::nullopt;
  const auto from = field.substr(unit.size(), dash - unit.size()), to = field.substr(dash + 1);
  const auto first = number(from), last = number(to);
  if (from.empty()) {  // so many bytes from the end
    if (!last) return std::nullopt;
    const auto length = std::min(*last, size);
    if (length == 0) return std::unexpected(std::monostate());
    return ByteRange{size - length, length};
  }
  if (!first || (!last && !to.empty()) || (last && *last < *first)) return std::nullopt;
  if (*first >= size) return std::unexpected(std::monostate());
  return ByteRange{*first, std::min(last.value_or(size - 1), size - 1) - *first + 1};
}

}  // namespace orakgarak::storage
