#pragma once
// The pitch of a take as a page draws it: coarser than the track, so that 20 minutes are 150 KB of JSON and
// not 900, and fine enough that a vibrato of 8 Hz still shows as one.
#include <optional>
#include <span>
#include <vector>

#include "base/units.h"
#include "voice/pitch.h"

namespace orakgarak::formats {

struct PitchCurve {
  struct Point {
    std::optional<Midi> pitch;  ///< nothing where unvoiced
    voice::Judge judge = voice::Judge::none;
  };
  Seconds hop;
  std::vector<Point> points;  ///< i is what is sung around i · hop
};

/// At every 50 ms, the median of the voiced among the five frames around it and its judge; nothing where
/// fewer than three are voiced. One entry for each hop that a frame begins: (frames + 4) / 5. O(n).
PitchCurve pitch_curve(std::span<const voice::PitchFrame> frames);

}  // namespace orakgarak::formats
