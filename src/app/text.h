#pragma once
// Text as a terminal shows it: wide letters, no control characters from titles or file names.
#include <span>
#include <string>
#include <string_view>

namespace orakgarak::app {

/// Columns that a terminal uses for UTF-8 text: 2 for Hangul, kana and Han, 0 for combining marks. The C
/// library's wcwidth would depend on the locale. A broken byte counts as 1.
int display_width(std::string_view utf8);

/// Control characters (escape sequences among them), changes of writing direction and broken bytes become
/// "\n", "\x1b", "\u202e", "\xff": a title cannot steer the terminal, and an odd file name can still be told.
std::string printable(std::string_view utf8);

/// Cut to at most `columns` with "…" and filled up with spaces.
std::string fit_left(std::string_view utf8, int columns);
std::string fit_right(std::string_view utf8, int columns);

/// Broken at spaces into lines of at most `columns`; every line but the first is indented.
std::string wrapped(std::string_view utf8, int columns, int indent);

/// "█████▌": `share` of `columns`, in eighths of a column.
std::string bar(double share, int columns);

/// The one of `words` that was probably meant: at most two letters changed, added or left out (Levenshtein);
/// empty if none is.
std::string nearest_word(std::string_view word, std::span<const std::string> words);

}  // namespace orakgarak::app
