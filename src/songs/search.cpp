#include "songs/search.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace orakgarak::songs {
namespace {

constexpr char32_t first_syllable = 0xAC00, last_syllable = 0xD7A3;
constexpr int vowels = 21, finals = 28;
// Letters as keyboards have them (compatibility jamo), in the order that syllables count them in; what is
// typed as two is written as two.
constexpr std::array<std::u32string_view, 19> initial_letters{U"ㄱ", U"ㄲ", U"ㄴ", U"ㄷ", U"ㄸ", U"ㄹ", U"ㅁ",
                                                              U"ㅂ", U"ㅃ", U"ㅅ", U"ㅆ", U"ㅇ", U"ㅈ", U"ㅉ",
                                                              U"ㅊ", U"ㅋ", U"ㅌ", U"ㅍ", U"ㅎ"};
constexpr std::array<std::u32string_view, vowels> vowel_letters{
    U"ㅏ",   U"ㅐ", U"ㅑ", U"ㅒ",   U"ㅓ",   U"ㅔ",   U"ㅕ", U"ㅖ", U"ㅗ",   U"ㅗㅏ", U"ㅗㅐ",
    U"ㅗㅣ", U"ㅛ", U"ㅜ", U"ㅜㅓ", U"ㅜㅔ", U"ㅜㅣ", U"ㅠ", U"ㅡ", U"ㅡㅣ", U"ㅣ"};
constexpr std::array<std::u32string_view, finals> final_letters{
    U"",     U"ㄱ",   U"ㄲ",   U"ㄱㅅ", U"ㄴ",   U"ㄴㅈ", U"ㄴㅎ", U"ㄷ", U"ㄹ",   U"ㄹㄱ",
    U"ㄹㅁ", U"ㄹㅂ", U"ㄹㅅ", U"ㄹㅌ", U"ㄹㅍ", U"ㄹㅎ", U"ㅁ",   U"ㅂ", U"ㅂㅅ", U"ㅅ",
    U"ㅆ",   U"ㅇ",   U"ㅈ",   U"ㅊ",   U"ㅋ",   U"ㅌ",   U"ㅍ",   U"ㅎ"};
/// Consonants that an input method shows as one while two are typed, and vowels.
constexpr std::array<std::pair<char32_t, std::u32string_view>, 18> compounds{{{U'ㄳ', U"ㄱㅅ"},
                                                                              {U'ㄵ', U"ㄴㅈ"},
                                                                              {U'ㄶ', U"ㄴㅎ"},
                                                                              {U'ㄺ', U"ㄹㄱ"},
                                                                              {U'ㄻ', U"ㄹㅁ"},
                                                                              {U'ㄼ', U"ㄹㅂ"},
                                                                              {U'ㄽ', U"ㄹㅅ"},
                                                                              {U'ㄾ', U"ㄹㅌ"},
                                                                              {U'ㄿ', U"ㄹㅍ"},
                                                                              {U'ㅀ', U"ㄹㅎ"},
                                                                              {U'ㅄ', U"ㅂㅅ"},
                                                                              {U'ㅘ', U"ㅗㅏ"},
                                                                              {U'ㅙ', U"ㅗㅐ"},
                                                                              {U'ㅚ', U"ㅗㅣ"},
                                                                              {U'ㅝ', U"ㅜㅓ"},
                                                                              {U'ㅞ', U"ㅜㅔ"},
                                                                              {U'ㅟ', U"ㅜㅣ"},
                                                                              {U'ㅢ', U"ㅡㅣ"}}};

/// U+00C0 to U+017F without their marks; space: no letter.
constexpr std::u32string_view latin =
    U"aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
    U"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    U"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(latin.size() == 0x180 - 0xC0);

/// Half-width katakana, U+FF66 to U+FF9D, as hiragana.
constexpr std::u32string_view half_width =
    U"をぁぃぅぇぉゃゅょっーあいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらり"
    U"るれろわん";
static_assert(half_width.size() == 0xFF9D - 0xFF66 + 1);

/// The next character; U+FFFD, and one byte on, where there is none.
char32_t next(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80       ? 1
                             : lead >> 5 == 6  ? 2
                             : lead >> 4 == 14 ? 3
                             : lead >> 3 == 30 ? 4
                                               : 0;
  if (length == 0 || text.size() < length) {
    text.remove_prefix(1);
    return U'�';
  }
  char32_t character = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i)
    character = (character << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(length);
  return character;
}

bool between(char32_t c, char32_t low, char32_t high) { return low <= c && c <= high; }

/// One character without what is not compared; nothing for signs, marks and spaces.
std::optional<char32_t> folded(char32_t c) {
  if (between(c, 0xFF01, 0xFF5E)) c -= 0xFF01 - '!';  // full width
  if (between(c, 'A', 'Z')) return c + ('a' - 'A');
  if (between(c, 'a', 'z') || between(c, '0', '9')) return c;
  if (c < 0xC0) return std::nullopt;
  if (between(c, 0xC0, 0x17F)) {
    const auto plain = latin[c - 0xC0];
    return plain == U' ' ? std::nullopt : std::optional(plain);
  }
  if (between(c, 0xFF66, 0xFF9D)) return half_width[c - 0xFF66];
  if (between(c, 0x30A1, 0x30F6)) return c - 0x60;  // katakana
  if (between(c, 0x0410, 0x042F)) return c + 0x20;  // Cyrillic
  if (between(c, 0x0391, 0x03A9)) return c + 0x20;  // Greek
  const bool sign = between(c, 0x0300, 0x036F) || between(c, 0x2000, 0x2BFF) || between(c, 0x3000, 0x3004) ||
                    between(c, 0x3008, 0x3020) || between(c, 0x3099, 0x309C) || c == 0x30FB ||
                    between(c, 0xFE00, 0xFE6F) || between(c, 0xFF5F, 0xFF65) || between(c, 0xFF9E, 0xFFEF) ||
                    c == U'�' || between(c, 0x1F000, 0x1FAFF);
  return sign ? std::nullopt : std::optional(c);
}

/// The voiced or half-voiced kana that this one becomes by the mark after it (half width writes them apart).
char32_t with_mark(char32_t kana, char32_t mark) {
  const bool voiced = mark == 0xFF9E || mark == 0x3099;
  if (voiced && kana == U'う') return U'ゔ';
  if (voiced && (between(kana, U'か', U'ぢ') || between(kana, U'つ', U'ど') || between(kana, U'は', U'ほ')))
    return kana + 1;
  return (mark == 0xFF9F || mark == 0x309A) && between(kana, U'は', U'ほ') ? kana + 2 : kana;
}

void append_letters(std::u32string& key, char32_t c) {
  if (between(c, first_syllable, last_syllable)) {
    const auto number = static_cast<std::size_t>(c - first_syllable);
    key += initial_letters[number / (vowels * finals)];
    key += vowel_letters[number / finals % vowels];
    key += final_letters[number % finals];
    return;
  }
  const auto compound = std::ranges::find(compounds, c, [](const auto& one) { return one.first; });
  if (compound != compounds.end())
    key += compound->second;
  else
    key += c;
}

template <class Each>
void each_character(std::string_view utf8, Each each) {
  char32_t before = 0;
  bool word = true;
  while (!utf8.empty()) {
    const auto c = next(utf8);
    const bool mark = c == 0xFF9E || c == 0xFF9F || c == 0x3099 || c == 0x309A;
    if (before != 0) {
      each(mark ? with_mark(before, c) : before, std::exchange(word, false));
      before = 0;
    }
    if (mark) continue;
    if (const auto plain = folded(c))
      before = *plain;
    else if (c != U'\'' && c != U'’')
      word = true;
  }
  if (before != 0) each(before, word);
}

bool is_consonant(char32_t c) { return between(c, U'ㄱ', U'ㅎ'); }

/// Edits that turn `text` into some part of `name`, at least (Sellers 1980); stops looking above `most`.
int edits_within(std::u32string_view text, std::u32string_view name, int most) {
  std::vector<int> column(text.size() + 1);
  for (std::size_t i = 0; i <= text.size(); ++i) column[i] = static_cast<int>(i);
  int best = column.back();
  for (const char32_t c : name) {
    int diagonal = 0;  // a part may begin anywhere
    column[0] = 0;
    for (std::size_t i = 1; i <= text.size(); ++i) {
      const int replaced = diagonal + (text[i - 1] == c ? 0 : 1);
      diagonal = column[i];
      column[i] = std::min({replaced, column[i] + 1, column[i - 1] + 1});
    }
    best = std::min(best, column.back());
    if (best == 0) break;
  }
  return best <= most ? best : most + 1;
}

int edits_allowed(std::size_t letters) { return letters < 4 ? 0 : letters < 8 ? 1 : 2; }

constexpr int no_match = 100;

}  // namespace

std::u32string search_key(std::string_view utf8) {
  std::u32string key;
  each_character(utf8, [&](char32_t c, bool) { append_letters(key, c); });
  return key;
}

std::u32string initials_key(std::string_view utf8) {
  std::u32string key;
  each_character(utf8, [&](char32_t c, bool) {
    if (between(c, first_syllable, last_syllable))
      key += initial_letters[static_cast<std::size_t>(c - first_syllable) / (vowels * finals)];
    else
      append_letters(key, c);
  });
  return key;
}

NameIndex::Name NameIndex::name_of(std::string_view text) {
  Name name{.key = {}, .initials = initials_key(text), .words = {}};
  each_character(text, [&](char32_t c, bool word) {
    if (word) name.words.push_back(name.key.size());
    append_letters(name.key, c);
  });
  return name;
}

NameIndex::NameIndex(std::span<const Song> songs) {
  names_.reserve(songs.size());
  for (const auto& song : songs) names_.push_back({name_of(song.title), name_of(song.artist), song.title});
}

std::vector<std::size_t> NameIndex::search(std::string_view text) const {
  const auto wanted = name_of(text);
  const auto& key = wanted.key;
  const bool initials = !key.empty() && std::ranges::all_of(key, is_consonant);
  std::vector<std::u32string_view> words;
  words.reserve(wanted.words.size());
  for (std::size_t i = 0; i < wanted.words.size(); ++i)
    words.push_back(std::u32string_view(key).substr(
        wanted.words[i], i + 1 < wanted.words.size() ? wanted.words[i + 1] - wanted.words[i] : key.npos));

  const auto at_word = [&](const Name& name) {
    return std::ranges::any_of(name.words,
                               [&](std::size_t at) { return name.key.compare(at, key.size(), key) == 0; });
  };
  const auto rank = [&](const Names& names) {
    const Name &title = names.title, &artist = names.artist;
    if (key.empty()) return text.empty() || names.written.contains(text) ? 0 : no_match;
    if (title.key == key) return 0;
    if (title.key.starts_with(key)) return 1;
    if (initials && title.initials.starts_with(key)) return 1;
    if (at_word(title)) return 2;
    if (artist.key.starts_with(key) || (initials && artist.initials.starts_with(key))) return 3;
    if (title.key.contains(key) || (initials && title.initials.contains(key))) return 4;
    if (artist.key.contains(key) || (initials && artist.initials.contains(key))) return 5;
    const bool all = words.size() > 1 && std::ranges::all_of(words, [&](std::u32string_view word) {
                       return title.key.contains(word) || artist.key.contains(word);
                     });
    return all ? 6 : no_match;
  };
  const auto nearly = [&](const Names& names) {
    const int allowed = initials ? 0 : edits_allowed(key.size());
    if (allowed == 0) return no_match;
    const int edits =
        std::min(edits_within(key, names.title.key, allowed), edits_within(key, names.artist.key, allowed));
    return edits <= allowed ? edits : no_match;
  };
  const auto found_by = [&](const auto& cost_of) {
    std::vector<std::pair<int, std::size_t>> found;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (const int cost = cost_of(names_[i]); cost < no_match) found.emplace_back(cost, i);
    std::ranges::sort(found);
    std::vector<std::size_t> indices;
    indices.reserve(found.size());
    for (const auto& one : found) indices.push_back(one.second);
    return indices;
  };
  auto found = found_by(rank);
  return found.empty() ? found_by(nearly) : found;
}

}  // namespace orakgarak::songs
