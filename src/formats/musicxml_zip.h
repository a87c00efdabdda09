#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace orakgarak::formats {

/// Whether the bytes are a ZIP archive, as .mxl files are.
bool is_zip(std::string_view bytes);

/// The score of an .mxl: the file that META-INF/container.xml names, else the first .xml or .musicxml.
/// Unpacks that one only, and never more than limits::song_file_bytes, whatever the archive claims.
/// Errors: bad_song_file (no archive, no score in it, encrypted); too_large.
Result<std::string> unpack_mxl(std::string_view bytes);

}  // namespace orakgarak::formats
