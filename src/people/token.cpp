#include "people/token.h"

#include <openssl/rand.h>

#include <array>
#include <span>
#include <stdexcept>

#include "uploads/sha256.h"

namespace orakgarak::people {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::string_view base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// 256 bits in 43 characters of 6; the last holds 4.
std::string encode(std::span<const unsigned char, token_bytes> bytes) {
  std::string text;
  unsigned pending = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    pending = pending << 8 | byte;
    for (bits += 8; bits >= 6; bits -= 6) text += base64url[pending >> (bits - 6) & 63];
  }
  text += base64url[pending << (6 - bits) & 63];
  return text;
}

}  // namespace

Token new_token() {
  std::array<unsigned char, token_bytes> bytes{};
  // Without randomness there is no session at all: a weak token would be one that others can guess.
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("no random bytes for a token");
  return {encode(bytes)};
}

std::string hash_of(const Token& token) { return uploads::to_hex(uploads::sha256(token.text)); }

std::optional<Token> parse_token(std::string_view text) {
  if (text.size() != token_characters) return std::nullopt;
  if (text.find_first_not_of(base64url) != std::string_view::npos) return std::nullopt;
  if ((base64url.find(text.back()) & 3) != 0) return std::nullopt;  // bits that no token has
  return Token{std::string(text)};
}

}  // namespace orakgarak::people
