#pragma once
// From the notes of a score to the facts of a song: which part is the melody, and how long it stays on each
// semitone. Shared by every reader of symbolic music.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/song_import.h"

namespace orakgarak::formats {

struct MelodyNote {
  Seconds start, length;
  int midi = 60;  ///< as the file says it sounds
};

/// One part of a score that may be the melody.
struct ScorePart {
  std::string label;  ///< what the file calls its place: "track 3, channel 4"
  std::string name;   ///< UTF-8; empty where the file gives none
  std::vector<MelodyNote> notes;
  std::size_t syllables = 0;  ///< notes that carry a syllable of the lyrics
  bool percussion = false;    ///< never the melody
  std::string octave_proof;   ///< why its octave is the one sung; empty: no proof
};

struct MelodyChoice {
  std::size_t part = 0;
  std::string reason;  ///< one sentence without a full stop
};

/// The part that is most likely sung, by points: its name, syllables on its notes, one note at a time, a
/// singable range, how much of the song it sounds, and how high it lies. Error: no_notes.
Result<MelodyChoice> choose_melody(std::span<const ScorePart> parts);

/// Why a part with lyrics shows the octave that is sung, from the name of the part and its clef; empty where
/// it does not. A plain treble clef proves nothing for men: tenors read it an octave up.
std::string octave_proof(std::string_view part_name, bool octave_clef, bool bass_clef);

/// Reduces notes to one line: of notes that start together the highest stays, and a note ends where the next
/// begins. Notes without length are dropped; the result is in order of start. O(n log n).
std::vector<MelodyNote> one_line(std::vector<MelodyNote> notes);

/// By how many semitones (whole octaves) a melody of uncertain octave must move to lie where voices do.
///
/// Half of a song's sung time lies above its median. In nine of ten songs transcribed as sung (393, see
/// catalog/README.md) that median lies between 55 (G3) and 68: such a melody stays. Any other moves into
/// 55..66, the octave that holds the medians of most of them (86 %).
int octave_correction(int median_midi);

/// Fills lowest, highest, seconds_per_semitone and octave of `song` from `part`. A part without octave_proof,
/// or with one whose median no voice has (below 40 or above 84), becomes `uncertain` and moves by
/// octave_correction; `reason` then says so.
///
/// Errors: no_notes; too_long (beyond limits::song_seconds); not_a_voice (wider than
/// limits::melody_semitones).
Result<void> set_melody(songs::Song& song, std::string& reason, const ScorePart& part);

}  // namespace orakgarak::formats
