#pragma once
// A stored report (report_json.h) back to what merging takes needs of it.
#include <string_view>

#include "base/result.h"
#include "songs/profile.h"

namespace orakgarak::formats {

inline constexpr std::size_t most_report_bytes = 32U << 20;

/// Reads the ends and the tessitura; everything else is passed over. Linear in the input. Errors: rejected
/// "report_unreadable" (no such report, or numbers that no report has: measure the take again).
Result<songs::SungTake> read_sung_take(std::string_view report, Time when);

}  // namespace orakgarak::formats
