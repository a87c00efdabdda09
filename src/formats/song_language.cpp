#include "formats/song_language.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

#include "formats/text_lines.h"

namespace orakgarak::formats {

namespace {

using Row = std::pair<std::string_view, std::string_view>;
constexpr std::array<Row, 48> languages{{
    {"english", "en"},    {"korean", "ko"},     {"japanese", "ja"},   {"chinese", "zh"},
    {"mandarin", "zh"},   {"german", "de"},     {"french", "fr"},     {"spanish", "es"},
    {"italian", "it"},    {"portuguese", "pt"}, {"dutch", "nl"},      {"swedish", "sv"},
    {"norwegian", "no"},  {"danish", "da"},     {"finnish", "fi"},    {"polish", "pl"},
    {"russian", "ru"},    {"czech", "cs"},      {"hungarian", "hu"},  {"turkish", "tr"},
    {"greek", "el"},      {"latin", "la"},      {"hebrew", "he"},     {"arabic", "ar"},
    {"vietnamese", "vi"}, {"thai", "th"},       {"indonesian", "id"}, {"croatian", "hr"},
    {"romanian", "ro"},   {"ukrainian", "uk"},  {"catalan", "ca"},    {"hindi", "hi"},
    {"icelandic", "is"},  {"estonian", "et"},   {"slovenian", "sl"},  {"deutsch", "de"},
    {"français", "fr"},   {"español", "es"},    {"italiano", "it"},   {"português", "pt"},
    {"nederlands", "nl"}, {"svenska", "sv"},    {"dansk", "da"},      {"suomi", "fi"},
    {"polski", "pl"},     {"한국어", "ko"},     {"日本語", "ja"},     {"中文", "zh"},
}};

}  // namespace

std::string_view language_code(std::string_view name) {
  const std::string_view first = trimmed(name.substr(0, name.find_first_of(",;/([")));
  std::string lower(first);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
  for (const auto& [language, code] : languages)
    if (lower == language || lower == code) return code;
  return {};
}

}  // namespace orakgarak::formats
