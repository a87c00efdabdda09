#include "formats/text_utf8.h"

#include <iconv.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace orakgarak::formats {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

const utf8proc_uint8_t* as_utf8proc(const char* text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_space(utf8proc_int32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x2028 || c == 0x2029;
}

bool is_invisible(utf8proc_int32_t c) {
  const bool direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
                         c == 0x200F || c == 0x061C;
  return direction || c == 0xFEFF || c == 0x200B;
}

std::string compose(const std::string& text) {
  utf8proc_uint8_t* composed = nullptr;
  // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): the library's flags are an enum
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  const auto size =
      utf8proc_map(as_utf8proc(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &composed, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(composed, &std::free);
  if (size < 0) return text;
  return std::string(reinterpret_cast<const char*>(composed), static_cast<std::size_t>(size));
}

/// High bytes come in pairs of A1..FE, most of them leading in the block of Hangul syllables (B0..C8).
bool looks_like_euc_kr(std::string_view bytes) {
  std::size_t pairs = 0, hangul = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) continue;
    if (lead < 0xA1 || lead == 0xFF || i + 1 == bytes.size()) return false;
    const auto trail = static_cast<unsigned char>(bytes[++i]);
    if (trail < 0xA1 || trail == 0xFF) return false;
    ++pairs;
    if (lead >= 0xB0 && lead <= 0xC8) ++hangul;
  }
  return pairs > 0 && 2 * hangul > pairs;
}

}  // namespace

TextPosition position_at(std::string_view text, std::size_t offset) {
  TextPosition at;
  const std::size_t end = std::min(offset, text.size());
  for (std::size_t i = 0; i < end; ++i) {
    const char c = text[i];
    const bool half_of_crlf = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (c == '\n' || (c == '\r' && !half_of_crlf)) {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++at.column;
    }
  }
  return at;
}

std::optional<std::size_t> invalid_utf8_at(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    utf8proc_int32_t codepoint = 0;
    const auto taken = utf8proc_iterate(as_utf8proc(text.data() + i),
                                        static_cast<utf8proc_ssize_t>(text.size() - i), &codepoint);
    if (taken < 1) return i;
    i += static_cast<std::size_t>(taken);
  }
  return std::nullopt;
}

std::optional<std::string> decode(std::string_view bytes, const char* charset) {
  const iconv_t converter = iconv_open("UTF-8", charset);
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;  // NOLINT(performance-no-int-to-ptr)
  std::string out;
  std::string input(bytes);  // iconv wants it writable
  char* in = input.data();
  std::size_t in_left = input.size();
  char block[4096];
  while (in_left > 0) {
    char* to = block;
    std::size_t to_left = sizeof block;
    const bool failed = iconv(converter, &in, &in_left, &to, &to_left) == static_cast<std::size_t>(-1);
    out.append(block, sizeof block - to_left);
    const bool block_full = to_left < 16;
    if (failed && !block_full && in_left > 0) {
      out.append(replacement);
      ++in;
      --in_left;
    }
  }
  iconv_close(converter);
  return out;
}

std::string without_byte_order_mark(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return std::string(bytes.substr(3));
  const char* utf16 = bytes.starts_with("\xFF\xFE")   ? "UTF-16LE"
                      : bytes.starts_with("\xFE\xFF") ? "UTF-16BE"
                                                      : nullptr;
  if (utf16 == nullptr) return std::string(bytes);
  return decode(bytes.substr(2), utf16).value_or(std::string(bytes));
}

std::string guess_encoding(std::string_view bytes) {
  if (!invalid_utf8_at(bytes)) return std::string(bytes);
  const char* charset = looks_like_euc_kr(bytes) ? "EUC-KR" : "CP1252";
  return decode(bytes, charset).value_or(std::string{});
}

std::string tidy_name(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  bool pending_space = false;
  for (std::size_t i = 0; i < text.size();) {
    utf8proc_int32_t codepoint = 0;
    const auto taken = utf8proc_iterate(as_utf8proc(text.data() + i),
                                        static_cast<utf8proc_ssize_t>(text.size() - i), &codepoint);
    if (taken < 1) break;
    const auto piece = text.substr(i, static_cast<std::size_t>(taken));
    i += piece.size();
    if (is_space(codepoint)) {
      pending_space = true;
    } else if (!is_invisible(codepoint)) {
      if (pending_space && !kept.empty()) kept += ' ';
      pending_space = false;
      kept += piece;
    }
  }
  return is_ascii(kept) ? kept : compose(kept);
}

std::string tidy_name(std::string_view text, std::size_t max_bytes) {
  std::string name = tidy_name(text);
  if (name.size() <= max_bytes) return name;
  std::size_t cut = max_bytes;
  while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0) == 0x80) --cut;
  return tidy_name(std::string_view(name).substr(0, cut));
}

}  // namespace orakgarak::formats
