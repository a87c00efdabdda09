#include "net/proxies.h"

#include <gtest/gtest.h>

namespace orakgarak::net {
namespace {

bool trusts(std::initializer_list<std::string> entries, std::string_view address) {
  const std::vector<std::string> all(entries);
  const auto proxies = TrustedProxies::parse(all);
  EXPECT_TRUE(proxies);
  return proxies->trusts(parse_ip(address).value_or(IpAddress{}));
}

TEST(IpAddress, IsOneHoweverIpv4IsWritten) {
  EXPECT_EQ(parse_ip("192.0.2.1"), parse_ip("::ffff:192.0.2.1"));
  EXPECT_EQ(to_string(parse_ip("::ffff:192.0.2.1").value_or(IpAddress{})), "192.0.2.1");
  EXPECT_EQ(to_string(parse_ip("2001:DB8:0::1").value_or(IpAddress{})), "2001:db8::1");
}

TEST(IpAddress, IsNothingElse) {
  for (const std::string_view text :
       {std::string_view("192.0.2"), std::string_view("192.0.2.256"), std::string_view("[::1]"),
        std::string_view("fe80::1%eth0"), std::string_view("example.org"), std::string_view(""),
        std::string_view("192.0.2.1\0", 10)})
    EXPECT_EQ(parse_ip(text), std::nullopt) << text;
}

TEST(IpAddress, StandsForAClient) {
  const auto same = [](std::string_view a, std::string_view b) {
    return client_of(parse_ip(a).value_or(IpAddress{})) == client_of(parse_ip(b).value_or(IpAddress{}));
  };
  EXPECT_TRUE(same("2001:db8:0:1::1", "2001:db8:0:1:ffff::2"));
  EXPECT_FALSE(same("2001:db8:0:1::1", "2001:db8:0:2::1"));
  EXPECT_FALSE(same("192.0.2.1", "192.0.2.2"));
}

TEST(IpAddress, KnowsThisMachine) {
  for (const std::string_view here : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback(parse_ip(here).value_or(IpAddress{}))) << here;
  for (const std::string_view elsewhere : {"128.0.0.1", "::2", "::"})
    EXPECT_FALSE(is_loopback(parse_ip(elsewhere).value_or(IpAddress{}))) << elsewhere;
}

TEST(TrustedProxies, EndABlockAtItsLastBit) {
  EXPECT_TRUE(trusts({"10.1.0.0/15"}, "10.0.0.0"));
  EXPECT_TRUE(trusts({"10.0.0.0/15"}, "10.1.255.255"));
  EXPECT_FALSE(trusts({"10.0.0.0/15"}, "10.2.0.0"));
  EXPECT_TRUE(trusts({"2001:db8::/33"}, "2001:db8:7fff::1"));
  EXPECT_FALSE(trusts({"2001:db8::/33"}, "2001:db8:8000::1"));
  EXPECT_TRUE(trusts({"192.0.2.1"}, "192.0.2.1"));
  EXPECT_FALSE(trusts({"192.0.2.1"}, "192.0.2.0"));
}

TEST(TrustedProxies, KeepTheFamiliesApart) {
  EXPECT_TRUE(trusts({"0.0.0.0/0"}, "203.0.113.9"));
  EXPECT_FALSE(trusts({"0.0.0.0/0"}, "2001:db8::1"));
  EXPECT_FALSE(trusts({}, "127.0.0.1"));
}

TEST(TrustedProxies, RefuseWhatIsNoBlock) {
  for (const char* const entry :
       {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "proxy", "/8"}) {
    const std::vector<std::string> one{entry};
    const auto proxies = TrustedProxies::parse(one);
    ASSERT_FALSE(proxies) << entry;
    EXPECT_EQ(proxies.error().code, "bad_proxy");
  }
}

}  // namespace
}  // namespace orakgarak::net
