#pragma once
// What every reader of song files gives, and the limits that all of them keep.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/text_utf8.h"
#include "songs/song.h"

namespace orakgarak::formats {

/// One song taken from a file.
struct ImportedSong {
  songs::Song facts;
  std::string reason;  ///< why this part was taken as the melody, one sentence; empty for catalogue lines
};

/// A catalogue line that was left out.
struct LineError {
  std::size_t line = 0, column = 0;  ///< from 1; columns in characters
  std::string what;                  ///< "highest_midi is 200; it must lie between 0 and 127"
};

namespace limits {
inline constexpr std::size_t song_file_bytes = 16u << 20;   ///< one song, also after unpacking
inline constexpr std::size_t catalogue_bytes = 512u << 20;  ///< a million songs take about 400 MB as JSONL
inline constexpr std::size_t catalogue_line_bytes = 64u << 10;
inline constexpr std::size_t catalogue_line_errors = 1000;  ///< listed; more are counted
inline constexpr std::size_t name_bytes = 500;              ///< title, artist, source
inline constexpr std::size_t notes = 200'000;
inline constexpr double song_seconds = 2 * 3600.0;
inline constexpr int melody_semitones = 60;  ///< five octaves; the widest transcribed song has 40 semitones
}  // namespace limits

/// "bad_song_file": what is wrong, and where an editor finds it.
inline std::unexpected<Error> bad_song(std::string_view format, TextPosition at, std::string_view what,
                                       std::source_location where = std::source_location::current()) {
  return rejected("bad_song_file",
                  std::string(format) + ", line " + std::to_string(at.line) + ", column " +
                      std::to_string(at.column) + ": " + std::string(what) + ".",
                  where);
}

}  // namespace orakgarak::formats
