#pragma once
#include <string>
#include <string_view>

#include "app/terminal.h"
#include "formats/notation.h"
#include "songs/matcher.h"

namespace orakgarak::app {

/// The answer of `recommend` for people: the voice, then a table of songs with fit, key and the reason.
/// asked_for: the languages and decades that the songs were narrowed to; empty: all songs.
std::string recommend_text(const songs::SingerProfile&, std::span<const songs::Song>,
                           const songs::MatchAnswer&, std::string_view asked_for, formats::Notation,
                           const Output& output);

/// "TJ 1234 · KY 5678"; empty where no number is known.
std::string karaoke_text(const songs::KaraokeNumbers&);

}  // namespace orakgarak::app
