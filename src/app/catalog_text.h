#pragma once
#include <span>
#include <string>

#include "app/terminal.h"
#include "formats/notation.h"
#include "songs/song.h"

namespace orakgarak::app {

/// "\"Title\" by Artist", or the title alone; without control characters.
std::string song_name(const songs::Song&);

/// A table of songs, one a line; ends with a line end.
std::string song_list_text(std::span<const songs::Song* const>, formats::Notation, const Output&);

/// All that is known about one song, with a chart of where it is sung.
std::string song_text(const songs::Song&, formats::Notation, const Output&);

}  // namespace orakgarak::app
