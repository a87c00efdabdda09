#include "songs/profile.h"

#include <expected>

namespace orakgarak::songs {
namespace {

using TakeEnd = std::expected<voice::RangeEnd, voice::RangeDecline>;

/// outward: +1 at the upper end, −1 at the lower.
void widen(std::optional<ProfileEnd>& end, const TakeEnd& take, int outward) {
  if (!take) return;
  if (end && outward * (take->pitch.value - end->pitch.value) <= 0) return;
  end = ProfileEnd{take->pitch, take->uncertainty};
}

/// A comfortable end never lies outside the full range: it may come from a take that declined the full end.
void keep_inside(std::optional<ProfileEnd>& full, const std::optional<ProfileEnd>& comfortable, int outward) {
  if (!full || !comfortable) return;
  if (outward * (comfortable->pitch.value - full->pitch.value) > 0) full = comfortable;
}

}  // namespace

SingerProfile merge_profile(std::span<const voice::VoiceReport> reports) {
  SingerProfile profile;
  for (const voice::VoiceReport& report : reports) {
    ++profile.takes;
    widen(profile.lowest, report.range.lowest, -1);
    widen(profile.comfortable_low, report.range.comfortable_low, -1);
    widen(profile.comfortable_high, report.range.comfortable_high, +1);
    widen(profile.highest, report.range.highest, +1);
    for (std::size_t p = 0; p < profile.seconds.size(); ++p) {
      profile.seconds[p] += report.tessitura.seconds[p];
    }
  }
  keep_inside(profile.lowest, profile.comfortable_low, -1);
  keep_inside(profile.highest, profile.comfortable_high, +1);
  return profile;
}

}  // namespace orakgarak::songs
