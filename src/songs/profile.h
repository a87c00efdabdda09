#pragma once
// What all takes of one singer say together.
#include <array>
#include <optional>
#include <span>

#include "voice/report.h"

namespace orakgarak::songs {

struct ProfileEnd {
  Midi pitch;
  Semitones uncertainty;  ///< half-width
};

/// An end that no take could tell is absent. Of the ends that are there, lowest ≤ comfortable_low and
/// comfortable_high ≤ highest.
struct SingerProfile {
  std::optional<ProfileEnd> lowest, highest;                    ///< full range
  std::optional<ProfileEnd> comfortable_low, comfortable_high;  ///< inside the full range
  std::array<float, 128> seconds{};                             ///< tessitura: all takes added up
  int takes = 0;
};

/// Each end is the outermost one that any take told, with that take's uncertainty: what was sung once, or
/// sung easily once, can be sung. A take that declines an end neither widens nor narrows it. O(reports).
SingerProfile merge_profile(std::span<const voice::VoiceReport> reports);

}  // namespace orakgarak::songs
