#pragma once
// Text of any age as clean UTF-8: what song files hold in byte order marks, UTF-16, CP1252 and EUC-KR.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace orakgarak::formats {

/// Where a reader stopped, as an editor shows it: both count from 1, columns in characters.
struct TextPosition {
  std::size_t line = 1, column = 1;
};

/// The position of byte `offset` (clamped to the end) in UTF-8 `text`. LF, CR and CRLF end a line. O(offset).
TextPosition position_at(std::string_view text, std::size_t offset);

/// Offset of the first byte that is not well-formed UTF-8; nullopt where all of it is.
std::optional<std::size_t> invalid_utf8_at(std::string_view text);

/// `bytes` in the encoding `charset` (a name that iconv knows) as UTF-8; what has no meaning there becomes
/// U+FFFD. Unknown charset: nullopt.
std::optional<std::string> decode(std::string_view bytes, const char* charset);

/// Drops a UTF-8 byte order mark and converts UTF-16 with a byte order mark; other bytes pass unchanged.
std::string without_byte_order_mark(std::string_view bytes);

/// Text whose encoding nobody wrote down: UTF-8 where it is well-formed, EUC-KR where its high bytes pair up
/// as Hangul, CP1252 otherwise.
std::string guess_encoding(std::string_view bytes);

/// A title or a name fit to store, compare and print: NFC (so that 가 typed as one character and as three
/// jamo are equal), no control or text-direction characters (they could rewrite a terminal), white space
/// collapsed and trimmed. `text` must be well-formed UTF-8. Idempotent.
std::string tidy_name(std::string_view text);

/// The same, cut after the last whole character that fits into `max_bytes`.
std::string tidy_name(std::string_view text, std::size_t max_bytes);

}  // namespace orakgarak::formats
