#pragma once
// How a pitch is written for people. Inside, a pitch is a fractional MIDI number; it becomes a name only
// here.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/units.h"

namespace orakgarak::formats {

/// scientific: G4 (C4 = MIDI 60, sharps only).
/// korean: 2옥타브 솔 (C4 opens the second octave, as singers count).
/// japanese: mid2G (octaves turn over at A: low < A2 ≤ mid1 < A3 ≤ mid2 < A4 ≤ hi < A5 ≤ hihi).
enum class Notation : std::uint8_t { scientific, korean, japanese };

/// "scientific", "korean" or "japanese"; nothing for another word.
std::optional<Notation> parse_notation(std::string_view word);
std::string_view to_string(Notation);

/// Korean for ko, Japanese for ja, scientific otherwise. locale: as in LC_MESSAGES, "ko_KR.UTF-8".
Notation notation_of_locale(std::string_view locale);

/// Name of the nearest semitone. Any finite pitch; outside 0 to 127 the octave numbers simply go on.
std::string note_name(Midi pitch, Notation);

/// Semitones from one note to the other, as note_name names them: C3 to C5 is 24, wherever in them one sings.
int semitones_between(Midi low, Midi high);

/// Distance from the note that note_name names, −50 to 50.
Cents cents_off(Midi pitch);

}  // namespace orakgarak::formats
