#include "songs/reach.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace orakgarak::songs {
namespace {

constexpr Semitones comfort_margin{3};
constexpr Semitones comfort_unknown{1}, full_unknown{3}, heard_only{4}, nothing_heard{5};
constexpr Semitones comfortable_octave{12};
constexpr double least_seconds = 3;
constexpr double share_beyond = 0.1;

/// The semitone beyond which `share_beyond` of the seconds lie, from the upper (+1) or lower (−1) side.
std::optional<Midi> end_of_tessitura(const std::array<float, 128>& seconds, int outward) {
  double total = 0;
  for (const float s : seconds) total += s;
  if (!(total >= least_seconds)) return std::nullopt;
  double beyond = 0;
  for (int i = 0; i < 128; ++i) {
    const int p = outward > 0 ? 127 - i : i;
    beyond += seconds[p];
    if (beyond > share_beyond * total) return Midi(p);
  }
  return std::nullopt;
}

std::optional<ReachEnd> told_end(const std::optional<ProfileEnd>& full,
                                 const std::optional<ProfileEnd>& comfortable,
                                 const std::array<float, 128>& seconds, int outward) {
  if (full && comfortable)
    return ReachEnd{full->pitch, comfortable->pitch, full->uncertainty, false, comfortable->moved};
  if (full) {
    return ReachEnd{full->pitch, full->pitch - comfort_margin * outward, full->uncertainty + comfort_unknown};
  }
  if (comfortable) {
    return ReachEnd{comfortable->pitch, comfortable->pitch, std::max(comfortable->uncertainty, full_unknown),
                    true, comfortable->moved};
  }
  if (const auto heard = end_of_tessitura(seconds, outward))
    return ReachEnd{*heard, *heard, heard_only, true};
  return std::nullopt;
}

bool plausible(const Reach& r) {
  const std::array pitches{r.low.full, r.low.comfortable, r.high.comfortable, r.high.full};
  const bool numbers = std::all_of(pitches.begin(), pitches.end(), [](Midi m) {
    return std::isfinite(m.value) && m.value >= 0 && m.value <= 127;
  });
  return numbers && r.low.full <= r.high.full && std::isfinite(r.low.uncertainty.value) &&
         std::isfinite(r.high.uncertainty.value);
}

}  // namespace

Reach Reach::moved(Semitones low_by, Semitones high_by) const {
  Reach r = *this;
  r.low.full = r.low.full + low_by;
  r.low.comfortable = r.low.comfortable + low_by;
  r.high.full = r.high.full + high_by;
  r.high.comfortable = r.high.comfortable + high_by;
  if (r.low.comfortable > r.high.comfortable) {
    const Midi middle((r.low.comfortable.value + r.high.comfortable.value) / 2);
    r.low.comfortable = r.high.comfortable = middle;
    r.low.full = std::min(r.low.full, middle);
    r.high.full = std::max(r.high.full, middle);
  }
  return r;
}

Result<Reach> reach_of(const SingerProfile& singer) {
  auto low = told_end(singer.lowest, singer.comfortable_low, singer.seconds, -1);
  auto high = told_end(singer.highest, singer.comfortable_high, singer.seconds, +1);
  if (!low && !high) {
    return rejected("profile_empty",
                    "No take of this singer told any pitch; sing a song for at least half a minute.");
  }
  if (!low) {
    const Midi from = high->comfortable - comfortable_octave;
    low = ReachEnd{from, from, nothing_heard, true};
  }
  if (!high) {
    const Midi from = low->comfortable + comfortable_octave;
    high = ReachEnd{from, from, nothing_heard, true};
  }
  // An assumed end gives way to a told one; two told ends that cross are an error below.
  if (low->assumed) low->full = std::min(low->full, high->full);
  if (high->assumed) high->full = std::max(high->full, low->full);
  const Reach reach{*low, *high};
  if (!plausible(reach)) {
    return rejected("profile_broken",
                    "The ends of this singer's range cross or are no pitches; measure the takes again.");
  }
  return reach.moved(Semitones(0), Semitones(0));
}

}  // namespace orakgarak::songs
