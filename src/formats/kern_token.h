#pragma once
#include <expected>
#include <string_view>
#include <vector>

namespace orakgarak::formats {

/// One data token of a **kern spine.
struct KernToken {
  double quarters = 0;     ///< how long it lasts; 0 for grace notes
  std::vector<int> midi;   ///< a chord has several, a rest none
  bool tied_back = false;  ///< goes on from the note before ("_" or "]")
};

/// "4.cc#", "8r", "2c 2e 2g", "16qe". Signs that say nothing of pitch or length are skipped.
/// Error: what is wrong, in words that follow "line 3, column 7: ".
std::expected<KernToken, std::string_view> read_kern_token(std::string_view token);

}  // namespace orakgarak::formats
