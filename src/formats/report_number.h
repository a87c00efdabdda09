#pragma once
// Numbers as JSON writes them here: rounded to what the measurement carries, never NaN.
#include <cmath>
#include <nlohmann/json.hpp>

namespace orakgarak::formats {

using Json = nlohmann::ordered_json;

/// value with that many decimals; null where it is not finite.
inline Json rounded(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  const double scale = std::pow(10.0, decimals);
  const double result = std::round(value * scale) / scale;
  return result == 0 ? 0.0 : result;  // no "-0.0"
}

/// One line of UTF-8; bytes that are no UTF-8 (a file name may hold any) become U+FFFD.
inline std::string to_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace orakgarak::formats
