#pragma once
// UltraStar .txt: a karaoke song as lines of "type start length pitch syllable".
//
// Follows the UltraStar file format (usdx.eu/format): the unversioned one and versions 1.x. BPM counts
// quarter beats (beats per minute = 4 · BPM); pitch 0 is C4. Read too, because old files have them: a byte
// order mark, any line end, CP1250/CP1252 (#ENCODING, or without #VERSION where the text is not UTF-8),
// decimal commas, #RELATIVE, tempo changes ("B beat bpm"), P3 for both singers of a duet, missing E.
//
// Rap (R, G) and freestyle (F) notes have no pitch and are left out; so are note types yet unknown, as the
// format asks. Games compare pitches octave-free, so the octave that is written is often not the one
// sung: always `uncertain`.
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/song_import.h"

namespace orakgarak::formats {

/// One song; of a duet one for each voice that has notes, because one person sings one voice: the singer's
/// name follows the title ("Slow Boat (Ana)"). A missing title stays empty.
///
/// Errors: bad_song_file with line and column; unsupported_song for version 2 and later; too_large;
/// too_many_notes; and those of set_melody. Linear in the input.
Result<std::vector<ImportedSong>> read_ultrastar(std::string_view bytes);

}  // namespace orakgarak::formats
