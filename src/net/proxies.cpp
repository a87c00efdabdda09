#include "net/proxies.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace orakgarak::net {
namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_mapped(const IpAddress& address) {
  return std::equal(mapped.begin(), mapped.end(), address.bytes.begin());
}

bool same_first_bits(const IpAddress& a, const IpAddress& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(a.bytes.begin(), a.bytes.begin() + bits / 8, b.bytes.begin())) return false;
  if (bits % 8 == 0) return true;
  return ((a.bytes[whole] ^ b.bytes[whole]) >> (8 - bits % 8)) == 0;
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  std::ranges::copy(mapped, address.bytes.begin());
  if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data() + mapped.size()) == 1) return address;
  return std::nullopt;
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_mapped(address)) {
    ::inet_ntop(AF_INET, address.bytes.data() + mapped.size(), text.data(), text.size());
  } else {
    ::inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
  }
  return text.data();
}

IpAddress client_of(const IpAddress& address) {
  IpAddress client = address;
  if (!is_mapped(address)) std::fill(client.bytes.begin() + 8, client.bytes.end(), std::uint8_t{0});
  return client;
}

bool is_loopback(const IpAddress& address) {
  if (is_mapped(address)) return address.bytes[mapped.size()] == 127;
  return address == parse_ip("::1");
}

Result<TrustedProxies> TrustedProxies::parse(std::span<const std::string> entries) {
  TrustedProxies proxies;
  for (const auto& entry : entries) {
    const auto bad = [&] {
      return rejected(
          "bad_proxy",
          fmt::format("The trusted proxy \"{}\" is neither an address nor a block of addresses: write "
                      "it like 127.0.0.1, 10.0.0.0/8 or 2001:db8::/32.",
                      entry));
    };
    const auto slash = entry.find('/');
    const auto base = parse_ip(std::string_view(entry).substr(0, slash));
    if (!base) return bad();
    const int widest = is_mapped(*base) ? 32 : 128;
    int bits = widest;
    if (slash != std::string::npos) {
      const char* const end = entry.data() + entry.size();
      const auto [stop, error] = std::from_chars(entry.data() + slash + 1, end, bits);
      if (error != std::errc() || stop != end || bits < 0 || bits > widest) return bad();
    }
    proxies.blocks_.push_back({*base, bits + 128 - widest});
  }
  return proxies;
}

bool TrustedProxies::trusts(const IpAddress& address) const {
  return std::ranges::any_of(
      blocks_, [&](const Block& block) { return same_first_bits(block.base, address, block.bits); });
}

}  // namespace orakgarak::net
