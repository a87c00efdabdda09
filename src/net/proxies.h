#pragma once
// Whom to believe about who is behind them: the addresses and CIDR blocks of our own reverse proxies.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace orakgarak::net {

/// An address as 16 bytes; IPv4 as ::ffff:a.b.c.d, so that 192.0.2.1 and its mapped form are one.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const IpAddress&) const = default;
};

/// "192.0.2.1", "2001:db8::1"; no port, no brackets, no zone.
std::optional<IpAddress> parse_ip(std::string_view text);
/// Mapped IPv4 as IPv4.
std::string to_string(const IpAddress&);

/// Whom an address stands for where clients are counted: whoever has an IPv6 address has its first 64 bits.
IpAddress client_of(const IpAddress& address);
/// 127.0.0.0/8 and ::1.
bool is_loopback(const IpAddress& address);

class TrustedProxies {
 public:
  /// entries: "127.0.0.1", "10.0.0.0/8", "2001:db8::/32". Errors: rejected "bad_proxy".
  static Result<TrustedProxies> parse(std::span<const std::string> entries);
  bool trusts(const IpAddress& address) const;

 private:
  struct Block {
    IpAddress base;
    int bits = 128;
  };
  std::vector<Block> blocks_;
};

}  // namespace orakgarak::net
