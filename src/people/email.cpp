#include "people/email.h"

#include <utf8proc.h>

#include "people/unicode.h"

namespace orakgarak::people {
namespace {

constexpr std::size_t most_bytes = 254, most_local_bytes = 64;

/// Letters of all scripts in lower case; nothing where a sign is none of a host's name. Which names in other
/// scripts there can be is the registries' to say.
std::optional<std::string> lower_domain(std::string_view domain) {
  if (domain.empty() || domain.starts_with('.') || domain.ends_with('.') || domain.contains(".."))
    return std::nullopt;
  std::string lower;
  while (!domain.empty()) {
    utf8proc_int32_t sign = 0;
    const auto taken = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(domain.data()),
                                        static_cast<utf8proc_ssize_t>(domain.size()), &sign);
    if (taken < 1) return std::nullopt;
    const bool of_names = ('a' <= sign && sign <= 'z') || ('A' <= sign && sign <= 'Z') ||
                          ('0' <= sign && sign <= '9') || sign == '-' || sign == '.';
    const auto category = utf8proc_category(sign);
    const bool of_others =
        sign >= 0x80 && (category < UTF8PROC_CATEGORY_ZS || category > UTF8PROC_CATEGORY_ZP);
    if (!of_names && !of_others) return std::nullopt;
    utf8proc_uint8_t bytes[4];
    const auto size = utf8proc_encode_char(utf8proc_tolower(sign), bytes);
    lower.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    domain.remove_prefix(static_cast<std::size_t>(taken));
  }
  return nfc(lower);
}

}  // namespace

std::optional<std::string> parse_email(std::string_view text) {
  if (text.size() > most_bytes) return std::nullopt;
  const auto composed = nfc(text);
  if (!composed) return std::nullopt;
  const auto at = composed->rfind('@');
  if (at == std::string::npos || at == 0 || at > most_local_bytes) return std::nullopt;
  const std::string local = composed->substr(0, at);
  for (const char c : local)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || std::string_view("\"(),:;<>@[\\]").contains(c))
      return std::nullopt;
  const auto domain = lower_domain(std::string_view(*composed).substr(at + 1));
  if (!domain || local.size() + 1 + domain->size() > most_bytes) return std::nullopt;
  return local + "@" + *domain;
}

}  // namespace orakgarak::people
