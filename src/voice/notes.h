#pragma once
#include <optional>
#include <span>
#include <vector>

#include "voice/pitch.h"

namespace orakgarak::voice {

struct Vibrato {
  Hertz rate;    ///< cycles of pitch per second
  Cents extent;  ///< half of peak to peak
};

struct Note {
  TimeSpan span;
  Midi pitch;         ///< median of the steady part
  Cents instability;  ///< standard deviation of pitch after vibrato is taken out; small = stable
  std::optional<Vibrato> vibrato;
};

/// A continuous movement of at least 2 semitones that belongs to no note.
struct Glide {
  TimeSpan span;
  Midi from, to;
};

struct Notes {
  std::vector<Note> notes;  ///< in time, not overlapping
  std::vector<Glide> glides;
};

/// frames: one per frame_hop. O(n log n).
Notes find_notes(std::span<const PitchFrame> frames);

}  // namespace orakgarak::voice
