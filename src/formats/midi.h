#pragma once
// MIDI and KAR files as songs. A MIDI file does not say which of its parts is sung: choose_melody guesses
// among the channels of each track (channel 10 is drums) and says why. Lyrics (events of type 5, or the
// texts of a .kar) that fall on a part's notes count most.
#include <string_view>

#include "base/result.h"
#include "formats/song_import.h"

namespace orakgarak::formats {

/// Title and artist are those of a .kar (@T lines), else the name of a sequence; empty where neither is
/// given. The octave is `uncertain`: arrangers write a tune where it suits the instrument.
///
/// Errors: those of parse_midi, choose_melody and set_melody.
Result<ImportedSong> read_midi(std::string_view bytes);

}  // namespace orakgarak::formats
