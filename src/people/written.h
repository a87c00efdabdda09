#pragma once
// What people write for others to read: nicknames, titles, texts.
#include <optional>
#include <string>
#include <string_view>

namespace orakgarak::people {

/// Both are composed (NFC) and lose the white space at their ends; lengths are in code points after that.
/// Nothing where `utf8` has fewer or more of them, is no UTF-8, or holds a control character or one that
/// turns the direction of what stands around it.
std::optional<std::string> written_line(std::string_view utf8, std::size_t least, std::size_t most);
/// The same with line breaks, and possibly empty.
std::optional<std::string> written_text(std::string_view utf8, std::size_t most);

struct Nickname {
  std::string shown;
  std::string key;  ///< folded by case and width, without invisible characters (NFKC_Casefold)
};
inline constexpr std::size_t least_nickname = 2, most_nickname = 20;

/// 2 to 20 letters and digits of any script, and "_", "-" and "." after the first; nothing for what is none.
std::optional<Nickname> parse_nickname(std::string_view utf8);

/// Would it pass for us, or for nobody?
bool is_reserved(const Nickname&);

}  // namespace orakgarak::people
