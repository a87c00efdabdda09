#pragma once
// Which notes did this singer hold? The ends of a range decide what we recommend, so this file would
// rather decline than guess.
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

#include "voice/pitch.h"

namespace orakgarak::voice {

struct PitchTrack;

/// One end of a range, with the proof that a person can listen to.
struct RangeEnd {
  Midi pitch;             ///< fractional (A4 = 69)
  Seconds steady;         ///< total steady time within ±0.5 semitone of `pitch`
  TimeSpan longest;       ///< where to listen
  Semitones uncertainty;  ///< half-width; grows with noise and with disagreement between methods
};

enum class RangeDecline : std::uint8_t {
  too_little_singing,
  second_voice,
  noise,
  methods_disagree,
  not_singing
};

/// Why an end could not be told, as a stable code ("second_voice").
std::string_view to_string(RangeDecline);
/// The same as a sentence for the singer: what was found and what to do about it.
std::string_view explain(RangeDecline);

/// Each end stands for itself: one may be told while the other is declined.
struct Range {
  std::expected<RangeEnd, RangeDecline> lowest, highest;                    ///< full range: reached
  std::expected<RangeEnd, RangeDecline> comfortable_low, comfortable_high;  ///< sung steadily and often
};

/// The range of one take.
///
/// An end of the full range is the outermost pitch around which the singer spent at least 0.25 s in total
/// within ±0.5 semitone, counting only stretches of 100 ms that are all voiced and spread over at most a
/// semitone; of the comfortable range at least 1 s and 4 % of all that was sung steadily. Never a percentile
/// of frames: one stray frame would move it. An end is declined
///  - where less than one second was sung steadily (too_little_singing),
///  - where the voice is less than 7 dB above the pauses (noise; second_voice where they hold a tone),
///  - where the spectrum's harmonics do not show the tracker's octave in half of the end's frames
///    (range_check.h), or where it lies 7 semitones and more from everything else, briefly, and softly or
///    over an audible background (methods_disagree; second_voice as above),
///  - where it was held for less than 0.45 s while a tone in the pauses lies less than 15 dB below the voice,
///  or
///    the room echoes: what these make of a voice is as brief (second_voice, methods_disagree).
/// signal: what was tracked, at analysis_rate. O(n log n) in frames.
Range measure_range(const PitchTrack& track, std::span<const float> signal);

}  // namespace orakgarak::voice
