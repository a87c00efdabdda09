#pragma once
// The one entry for song files of any kind. Content decides what a file is; its name only where content
// leaves a doubt.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/song_import.h"

namespace orakgarak::formats {

enum class SongFormat { jsonl, csv, ultrastar, midi, musicxml, kern };

/// "JSONL", "UltraStar", …
std::string_view song_format_name(SongFormat format);

struct SongFile {
  SongFormat format = SongFormat::jsonl;
  std::vector<ImportedSong> songs;
  std::vector<LineError> errors;      ///< of catalogues: lines left out
  std::size_t errors_not_listed = 0;  ///< beyond limits::catalogue_line_errors
};

/// What the bytes are, from their beginning; nullopt where neither they nor `name` (a path or a file name,
/// may be empty) tell. O(length of the first line).
std::optional<SongFormat> detect_song_format(std::string_view bytes, std::string_view name);

/// All songs of a file. A song without a title gets its title, and its artist, from `name` ("Artist -
/// Title.mid"); failing that it is "Untitled".
///
/// Errors: empty_file; unknown_format; those of the readers. Never throws; memory and time are linear in the
/// input, which the readers limit.
Result<SongFile> read_song_file(std::string_view bytes, std::string_view name);

}  // namespace orakgarak::formats
