#pragma once
// Songs by what somebody types of a title or an artist, while they still type: Hangul letter by letter as an
// input method builds it up (달ㅂ, 닯, 달비 for 달빛), by initials alone (ㄷㅂ), kana in either script and
// half width, Latin without its accents, and with a letter wrong.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "songs/song.h"

namespace orakgarak::songs {

/// What is compared of a name: small letters and digits only, without marks; Hangul as its letters one by
/// one, compound ones taken apart as they are typed; katakana as hiragana. Each is one character.
std::u32string search_key(std::string_view utf8);
/// Of each Hangul syllable its first letter; all else of the key as it is.
std::u32string initials_key(std::string_view utf8);

/// The names of songs, ready to be searched.
class NameIndex {
 public:
  explicit NameIndex(std::span<const Song> songs);

  /// Indices of songs, the best first: the whole title, then its beginning, a word of it, the artist's
  /// beginning, any part of either, title and artist together in any order of words; equals in the order of
  /// the catalogue. Where nothing of that is found, those whose title or artist has it with one letter wrong,
  /// missing or too many (two from eight letters on, none below four). All songs for text without a letter
  /// or digit, unless it stands in a title as it is ("!!!"). O(songs × text).
  std::vector<std::size_t> search(std::string_view text) const;

 private:
  struct Name {
    std::u32string key, initials;
    std::vector<std::size_t> words;  ///< where each begins in `key`
  };
  struct Names {
    Name title, artist;
    std::string written;  ///< title
  };
  static Name name_of(std::string_view text);

  std::vector<Names> names_;
};

}  // namespace orakgarak::songs
