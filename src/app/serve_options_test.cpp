#include "app/serve_options.h"

#include <gtest/gtest.h>

namespace orakgarak::app {
namespace {

TEST(Listen, IsAnAddressAndAPort) {
  const auto v4 = parse_listen("127.0.0.1:8080"), v6 = parse_listen("[::1]:0"),
             all = parse_listen("[::]:65535");
  ASSERT_TRUE(v4 && v6 && all);
  EXPECT_EQ(v4->address, "127.0.0.1");
  EXPECT_EQ(v4->port, 8080);
  EXPECT_EQ(v6->address, "::1");
  EXPECT_EQ(v6->port, 0);
  EXPECT_EQ(all->port, 65535);
  for (const auto* bad : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                          "::1:80", "127.0.0.1:80x", "[]:80"})
    EXPECT_FALSE(parse_listen(bad)) << bad;
}

TEST(Listen, IsShownAsABrowserHereReachesIt) {
  for (const auto* here : {"127.0.0.1", "::1", "0.0.0.0", "::"})
    EXPECT_EQ(shown_url({here, 0}, 8080, false), "http://localhost:8080") << here;
  EXPECT_EQ(shown_url({"192.0.2.1", 0}, 8443, true), "https://192.0.2.1:8443");
  EXPECT_EQ(shown_url({"2001:db8::1", 0}, 80, false), "http://[2001:db8::1]:80");
}

TEST(Origin, IsASchemeAHostAndMaybeAPort) {
  EXPECT_EQ(parse_origin("https://sing.example"), "https://sing.example");
  EXPECT_EQ(parse_origin("http://localhost:8080/"), "http://localhost:8080");
  EXPECT_EQ(parse_origin("https://[2001:db8::1]:8443"), "https://[2001:db8::1]:8443");
  for (const auto* bad :
       {"", "sing.example", "ftp://sing.example", "https://", "https://sing.example/path",
        "https://ana@sing.example", "https://sing.example?x", "https://sing.example; script-src *"})
    EXPECT_FALSE(parse_origin(bad)) << bad;
}

TEST(BaseUrl, IsAnOriginAndMaybeAPath) {
  EXPECT_EQ(parse_base_url("http://127.0.0.1:9093/"), "http://127.0.0.1:9093");
  EXPECT_EQ(parse_base_url("https://ops.example/alert-manager/v1//"), "https://ops.example/alert-manager/v1");
  for (const auto* bad : {"", "/", "127.0.0.1:9093", "file:///etc/passwd", "http://", "http:///x",
                          "http://ana:secret@ops.example", "http://ops.example/?x", "http://ops.example/a b",
                          "http://ops.example/#x", "http://ops.example/%2e"})
    EXPECT_FALSE(parse_base_url(bad)) << bad;
}

}  // namespace
}  // namespace orakgarak::app
