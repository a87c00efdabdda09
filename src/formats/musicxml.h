#pragma once
// MusicXML (4.0 and earlier, partwise and timewise, plain or compressed as .mxl) as songs.
//
// What the standard says and programs get wrong: <pitch> is written pitch, to which <transpose> is added;
// <octave-shift> (8va) and a clef with a small 8 only change how a note is printed, never how it sounds.
// Grace and cue notes are left out. Repeats and endings are played out; jumps (D.C., D.S., coda) are not, and
// `reason` says so. DOCTYPE and entities of a file's own are not followed: nothing outside it is read.
#include <string_view>

#include "base/result.h"
#include "formats/song_import.h"

namespace orakgarak::formats {

/// The sung part: the voice of a part whose notes carry syllables, by choose_melody. The octave counts as
/// sung where the part says so: an octave clef, or lyrics under a part named by a type of voice.
///
/// Errors: bad_song_file with line and column (of the unpacked XML); too_large, also after unpacking;
/// too_many_notes; and those of choose_melody and set_melody.
Result<ImportedSong> read_musicxml(std::string_view bytes);

}  // namespace orakgarak::formats
