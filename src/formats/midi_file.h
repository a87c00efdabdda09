#pragma once
// Standard MIDI files (RP-001, formats 0 and 1) as a list of notes, texts and tempi in seconds. What the
// events mean for a song is midi.h's matter.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/units.h"

namespace orakgarak::formats {

struct MidiNote {
  int track = 0, channel = 0;  ///< from 0
  int pitch = 0;               ///< 0..127
  Seconds start, length;
};

struct MidiText {
  int track = 0;
  int type = 1;  ///< 1 text, 3 track name, 5 lyric, as the standard numbers them
  Seconds at;
  std::string text;  ///< bytes as they stand in the file
};

struct MidiFile {
  int format = 0;
  int tracks = 0;
  std::vector<MidiNote> notes;  ///< of each track in order of their ends
  std::vector<MidiText> texts;  ///< of each track in order
};

/// Also takes the RIFF wrapper (.rmi). A note still sounding at the end of its track ends there; one struck
/// again ends at the second stroke. A missing end-of-track event is forgiven, a chunk that is cut off is not.
///
/// Errors name the byte, counted from 0: bad_song_file; unsupported_song for format 2; too_many_notes;
/// too_large. Linear in the input, but for sorting the tempo changes.
Result<MidiFile> parse_midi(std::string_view bytes);

}  // namespace orakgarak::formats
