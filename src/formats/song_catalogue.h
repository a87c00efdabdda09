#pragma once
// Catalogues: many songs in one file, one a line (JSONL) or one a record (CSV with a header). The fields are
// those of song_fields.h, spelled alike in both; fields of other programs are skipped.
//
// A broken line costs only itself: it is named and the rest is read.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/song_import.h"

namespace orakgarak::formats {

struct Catalogue {
  std::vector<songs::Song> songs;
  std::vector<LineError> errors;      ///< in order; at most limits::catalogue_line_errors
  std::size_t errors_not_listed = 0;  ///< beyond that limit
};

/// One JSON object a line; blank lines are skipped. Text becomes NFC. Linear in the input.
/// Error: too_large.
Result<Catalogue> read_song_jsonl(std::string_view bytes);

/// CSV (RFC 4180) whose first record names the columns in any order. The separator is the comma, semicolon
/// or tab that the header uses; a byte order mark and CR, LF or CRLF are understood;
/// seconds_per_semitone is written "60:3.2 62:1.1". An empty cell is a fact not known.
/// Errors: too_large; bad_header where no column is called title.
Result<Catalogue> read_song_csv(std::string_view bytes);

/// Lines that read_song_jsonl reads back into the same songs. Numbers are written in the shortest form that
/// reads back exactly.
std::string write_song_jsonl(std::span<const songs::Song> songs);

}  // namespace orakgarak::formats
