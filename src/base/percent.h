#pragma once
// Percent-encoding (RFC 3986, section 2.1).
#include <optional>
#include <string>
#include <string_view>

namespace orakgarak {

/// "%20" as " "; what is not encoded stays, "+" too. Nothing where a % stands before something else than two
/// hexadecimal digits. The result may be any bytes.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace orakgarak
