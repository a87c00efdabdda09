#include "people/written.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

namespace orakgarak::people {
namespace {

using CodePoint = utf8proc_int32_t;

std::optional<std::string> mapped(std::string_view text, unsigned options) {
  utf8proc_uint8_t* made = nullptr;
  // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): the library's flags are an enum
  const auto flags = static_cast<utf8proc_option_t>(options);
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &made, flags);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(made, &std::free);
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
}

std::optional<std::string> composed(std::string_view text) {
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

/// Of text that utf8proc has made.
std::vector<CodePoint> code_points(std::string_view text) {
  std::vector<CodePoint> points;
  while (!text.empty()) {
    CodePoint point = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (size <= 0) break;
    points.push_back(point);
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return points;
}

bool turns_direction(CodePoint c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); }

bool is_space(CodePoint c) {
  const auto category = utf8proc_category(c);
  return c == '\n' || category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

bool may_stand(CodePoint c, bool lines) {
  if (c == '\n') return lines;
  const auto category = utf8proc_category(c);
  return category != UTF8PROC_CATEGORY_CC && category != UTF8PROC_CATEGORY_CS &&
         category != UTF8PROC_CATEGORY_ZL && category != UTF8PROC_CATEGORY_ZP && !turns_direction(c);
}

std::string encoded(std::span<const CodePoint> points) {
  std::string text;
  for (const CodePoint point : points) {
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(point, bytes.data());
    text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
  }
  return text;
}

std::optional<std::string> written(std::string_view utf8, std::size_t least, std::size_t most, bool lines) {
  const auto text = composed(utf8);
  if (!text) return std::nullopt;
  const auto points = code_points(*text);
  if (!std::ranges::all_of(points, [&](CodePoint c) { return may_stand(c, lines); })) return std::nullopt;
  const auto first = std::ranges::find_if_not(points, is_space);
  const auto last = std::ranges::find_if_not(points.rbegin(), points.rend(), is_space).base();
  if (first >= last) return least == 0 ? std::optional(std::string()) : std::nullopt;
  const std::span kept(first, last);
  if (kept.size() < least || kept.size() > most) return std::nullopt;
  return encoded(kept);
}

bool begins_a_name(CodePoint c) {
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
      return true;
    default:
      return false;
  }
}

bool goes_on_a_name(CodePoint c) {
  const auto category = utf8proc_category(c);
  return begins_a_name(c) || category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
         category == UTF8PROC_CATEGORY_ME || c == '_' || c == '-' || c == '.';
}

// As keys are: folded, and without what may stand between letters.
constexpr std::array<std::string_view, 28> reserved{
    "orakgarak", "오락가락", "オラッカラク", "admin",  "administrator", "operator", "operators",
    "moderator", "mod",      "root",         "system", "support",       "help",     "staff",
    "official",  "security", "everyone",     "nobody", "anonymous",     "guest",    "deleted",
    "null",      "me",       "운영자",       "관리자", "탈퇴한사람",    "運営",     "管理者"};

}  // namespace

std::optional<std::string> written_line(std::string_view utf8, std::size_t least, std::size_t most) {
  return written(utf8, least, most, false);
}

std::optional<std::string> written_text(std::string_view utf8, std::size_t most) {
  return written(utf8, 0, most, true);
}

std::optional<Nickname> parse_nickname(std::string_view utf8) {
  auto shown = composed(utf8);
  if (!shown) return std::nullopt;
  const auto points = code_points(*shown);
  if (points.size() < least_nickname || points.size() > most_nickname || !begins_a_name(points.front()) ||
      !std::ranges::all_of(points, goes_on_a_name))
    return std::nullopt;
  auto key = mapped(
      *shown, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  if (!key || code_points(*key).size() < least_nickname) return std::nullopt;  // of invisible letters
  return Nickname{*std::move(shown), *std::move(key)};
}

bool is_reserved(const Nickname& nickname) {
  std::string letters = nickname.key;
  std::erase_if(letters, [](char c) { return c == '_' || c == '-' || c == '.'; });
  return std::ranges::find(reserved, letters) != reserved.end();
}

}  // namespace orakgarak::people
