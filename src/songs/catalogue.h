#pragma once
// Many songs together: which are the same song, and what is wrong with a catalogue.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "songs/song.h"

namespace orakgarak::songs {

/// A name as two lists may both write it: ASCII letters small, a leading "the" gone, "&" as "and", other
/// ASCII signs and spaces gone; all other letters as they are. "The Beatles" and "beatles" are one.
std::string plain_name(std::string_view name);

/// A song's name for programs: FNV-1a (64 bits) of plain_name(title), a line feed and plain_name(artist), as
/// 16 hexadecimal digits in lower case. What merge_same_songs calls one song has one id.
std::string song_id(const Song& song);
std::uint64_t song_number(const Song& song);  ///< the same as a number
/// Nothing for what is no song_id.
std::optional<std::uint64_t> parse_song_id(std::string_view id);

/// One song for each title and artist: the one with the better evidence (as sung before octave uncertain;
/// transcribed, ends, top, nothing), the first among equals, at the place of the first. What it does not know
/// of year, language, popularity and karaoke numbers comes from the others. O(songs).
std::vector<Song> merge_same_songs(std::vector<Song> songs);

enum class IssueCode : std::uint8_t {
  empty_title,
  empty_artist,
  no_pitch,             ///< neither a top nor seconds: cannot be matched
  end_implausible,      ///< value: an end that no sung song has, outside 28..96 (E1 to C7)
  ends_crossed,         ///< value: lowest − highest, semitones
  span_implausible,     ///< value: semitones between the ends, more than 48
  outside_ends,         ///< value: MIDI number with seconds outside the stated ends
  end_not_sung,         ///< value: a stated end at which no seconds are sung
  seconds_broken,       ///< value: MIDI number whose seconds are negative, no number or over an hour
  seconds_implausible,  ///< value: seconds sung in all, under 5 or over 1,200
  year_implausible,     ///< value: a year outside 1000..2100
  language_malformed,   ///< not two small letters
  duplicate,            ///< same title and artist as song `other`
};
std::string_view to_string(IssueCode);

struct CatalogueIssue {
  std::size_t song;  ///< position in the span that was checked
  IssueCode code;
  double value = 0;                  ///< as listed above, else 0
  std::optional<std::size_t> other;  ///< duplicate: the first song of that name
};

/// In the order of the songs. An empty answer means that nothing is wrong. O(songs).
std::vector<CatalogueIssue> check(std::span<const Song> songs);

}  // namespace orakgarak::songs
