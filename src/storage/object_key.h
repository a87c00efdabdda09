#pragma once
// Which keys are ours: one rule for every store of objects.
#include <string_view>

#include "base/result.h"

namespace orakgarak::storage {

/// Letters, digits, '-', '_' and '.' in parts joined by '/', 255 bytes at most; no part begins with '.'.
/// Anything else could climb out of a folder, or be written in two ways in a URL.
bool is_key(std::string_view key);
/// rejected "bad_key"
std::unexpected<Error> bad_key();

}  // namespace orakgarak::storage
