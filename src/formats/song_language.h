#pragma once
#include <string_view>

namespace orakgarak::formats {

/// ISO 639-1 code of a language named in English, by itself or by its code ("English", "Deutsch", "KO");
/// of several the first. Empty where the name is not known.
std::string_view language_code(std::string_view name);

}  // namespace orakgarak::formats
