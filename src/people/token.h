#pragma once
// What a session's or an operator's holder shows. Only its SHA-256 is stored, and it is found by that hash:
// how long the search takes tells nothing of the token.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace orakgarak::people {

/// 32 random bytes in base64url (RFC 4648).
struct Token {
  std::string text;
};
inline constexpr std::size_t token_characters = 43;

/// From the system's cryptographic randomness.
Token new_token();
std::string hash_of(const Token&);  ///< 64 hexadecimal digits, lower case
/// Nothing for what cannot be one of ours.
std::optional<Token> parse_token(std::string_view text);

}  // namespace orakgarak::people
