#pragma once
// SHA-256 of bytes as they pass by, and how it is written.
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace orakgarak::uploads {

using Digest = std::array<std::byte, 32>;

class Sha256 {
 public:
  Sha256();
  void add(std::span<const std::byte> bytes);
  /// Of everything added; nothing may be added after it.
  Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st*) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Digest sha256(std::span<const std::byte> bytes);
Digest sha256(std::string_view text);

/// Two digits a byte, lower case.
std::string to_hex(std::span<const std::byte> bytes);
/// Nothing where `text` is not 64 hexadecimal digits in lower case.
std::optional<Digest> parse_digest(std::string_view text);

}  // namespace orakgarak::uploads
