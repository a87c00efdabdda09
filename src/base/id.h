#pragma once
// Identifiers: UUID version 7 (RFC 9562), so that they sort by the time they were made, each kind a type of
// its own.
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace orakgarak {

/// 48 bits of milliseconds and 74 random bits as "018f2a5c-…": 36 characters, lower case.
std::string new_uuid7(Time now);

/// 32 hexadecimal digits in lower case, with dashes in the places of a UUID.
bool is_uuid(std::string_view text);

template <class Tag>
class Id {
 public:
  static Id make(Time now) { return Id(new_uuid7(now)); }
  /// Nothing where `text` is no UUID in lower case: an id from outside is checked before it is used.
  static std::optional<Id> parse(std::string_view text) {
    return is_uuid(text) ? std::optional(Id(std::string(text))) : std::nullopt;
  }
  const std::string& text() const { return text_; }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace orakgarak
