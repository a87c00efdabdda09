#pragma once
// Humdrum **kern as songs: columns ("spines") of notes, lyrics beside them.
//
// Follows the Humdrum syntax (humdrum.org): spine paths *^ *v *x *+ *-, null tokens, chords, ties, grace
// notes, augmentation dots, rational durations (3%2), tempi *MM. **kern writes the pitch that sounds: *ITr
// (transposing instrument), clefs and *8va tell how to print it and change nothing here. Lists of sections
// (*>[A,A,B]) and repeat signs are not played out: the file is read once from top to bottom.
#include <string_view>

#include "base/result.h"
#include "formats/song_import.h"

namespace orakgarak::formats {

/// The sung spine, by choose_melody; syllables are those of the **text, **silbe or **lyrics spines right of
/// it. Title, artist, year from the reference records OTL, MPN or MGN or COM, RRD or ODT.
///
/// Errors: bad_song_file with line and column; too_large; too_many_notes; and those of choose_melody and
/// set_melody. Linear in the input.
Result<ImportedSong> read_kern(std::string_view bytes);

}  // namespace orakgarak::formats
