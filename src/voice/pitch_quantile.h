#pragma once
#include <algorithm>
#include <vector>

namespace orakgarak::voice {

/// The value that a share q (0 to 1) of `values` lies below; 0 of none. O(n).
inline float quantile(std::vector<float> values, double q) {
  if (values.empty()) return 0;
  const auto at =
      std::min(values.size() - 1, static_cast<std::size_t>(q * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

}  // namespace orakgarak::voice
