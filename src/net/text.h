#pragma once
// What every reader of requests asks of a piece of text.
#include <string_view>

namespace orakgarak::net {

/// ASCII only: what field names, hosts and codings are compared by.
bool equal_ignoring_case(std::string_view a, std::string_view b);
/// Without the spaces and tabs around it.
std::string_view trimmed(std::string_view text);
/// Whether it is well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);
/// A byte below 0x20, or 0x7F.
bool has_control(std::string_view text);
/// Takes off and gives back what stands before the next `separator`; all of it where there is none.
std::string_view take_until(std::string_view& rest, char separator);

}  // namespace orakgarak::net
