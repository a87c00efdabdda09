#pragma once
// What people type, in one form, so that the same text compares equal whatever it was typed on.
#include <optional>
#include <string>
#include <string_view>

namespace orakgarak::people {

/// Normalisation form C (Unicode Standard Annex 15); nothing where it is not UTF-8.
std::optional<std::string> nfc(std::string_view text);

/// Code points of well-formed UTF-8.
std::size_t code_points(std::string_view utf8);

}  // namespace orakgarak::people
