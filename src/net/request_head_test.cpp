#include "net/request_head.h"

#include <gmock/gmock.h>

namespace orakgarak::net {
namespace {

struct Asked {
  std::string method = "GET", target = "/";
  int version = 11;
  std::string peer = "192.0.2.7";
  bool secure = false;
  std::vector<std::string> proxies = {};
};

std::expected<CheckedHead, Refusal> check(Fields fields, const Asked& asked = {}) {
  bool has_host = false;
  for (const auto& field : fields.all()) has_host = has_host || field.first == "Host";
  if (!has_host) fields.add("Host", "Example.org:8080");
  return check_head(
      {.method = asked.method, .target = asked.target, .version = asked.version, .fields = fields},
      *parse_ip(asked.peer), asked.secure, *TrustedProxies::parse(asked.proxies));
}

std::string code(Fields fields, const Asked& asked = {}) {
  const auto checked = check(std::move(fields), asked);
  return checked ? "" : std::to_string(checked.error().status) + " " + checked.error().code;
}

std::expected<CheckedHead, Refusal> behind(Fields fields, bool secure = false) {
  return check(std::move(fields), {.peer = "10.0.0.1", .secure = secure, .proxies = {"10.0.0.0/8"}});
}

TEST(RequestHead, HoldsWhatWasAsked) {
  const auto checked = check({}, {.method = "DELETE", .target = "/v1/%EC%86%94/a?b=%20"});
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->head.method, Method::del);
  EXPECT_EQ(checked->head.path, "/v1/솔/a");
  EXPECT_EQ(checked->head.query, "b=%20");
  EXPECT_EQ(checked->head.host, "example.org:8080");
  EXPECT_EQ(checked->head.address, "192.0.2.7");
  EXPECT_FALSE(checked->head.secure);
}

TEST(RequestHead, KnowsMethodsByTheirExactName) {
  EXPECT_EQ(check({}, {.method = "get"})->head.method, Method::other);
  EXPECT_EQ(check({}, {.method = "?"})->head.method, Method::other);
  EXPECT_EQ(check({}, {.method = "PROPFIND"})->head.method, Method::other);
}

TEST(RequestHead, TakesTheHostOfAnAbsoluteTarget) {
  const auto checked = check({}, {.target = "HTTP://Other.org/a?b"});
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->head.host, "other.org");
  EXPECT_EQ(checked->head.path, "/a");
  EXPECT_EQ(check({}, {.target = "http://other.org?q"})->head.path, "/");
  EXPECT_EQ(check({}, {.target = "http://other.org?q"})->head.query, "q");
}

TEST(RequestHead, RefusesTargetsThatNameNothingHere) {
  for (const char* const target : {"*", "a", "example.org:443", "ftp://x/", "/a#b", "", "?a"})
    EXPECT_EQ(code({}, {.target = target}), "400 bad_target") << target;
  EXPECT_EQ(code({}, {.target = "http:///a"}), "400 bad_target");
  EXPECT_EQ(code({}, {.target = "http://user@x/a"}), "400 bad_host");
}

TEST(RequestHead, RefusesAPathThatClimbsOrDoesNotDecode) {
  for (const char* const target : {"/..", "/a/../b", "/a/%2e%2E/b", "/a/..%2fb", "/./a", "/a/.", "/%", "/%4",
                                   "/%zz", "/%00", "/%0a", "/%7f", "/%FF", "/%C0%AE%C0%AE/a"})
    EXPECT_EQ(code({}, {.target = target}), "400 bad_path") << target;
  for (const char* const target : {"/...", "/..a", "/a..", "/.well-known/x", "/a?../b"})
    EXPECT_EQ(code({}, {.target = target}), "") << target;
}

TEST(RequestHead, WantsOneHost) {
  for (const char* const host : {"", "a b", "a/b", "a,b", "user@a", "a:", "a:0", "a:65536", "a:80:80", "a:x",
                                 ":80", "[::1", "::1", "[::1]x", "[]", "[a]", "a\xFF"})
    EXPECT_EQ(code({{"Host", host}}), "400 bad_host") << host;
  for (const char* const host :
       {"a", "a.b:1", "a:65535", "192.0.2.1", "[::1]", "[2001:db8::1]:8080", "a_b-c"})
    EXPECT_EQ(code({{"Host", host}}), "") << host;
  EXPECT_EQ(code({{"Host", "a"}, {"host", "a"}}), "400 bad_host");
  EXPECT_EQ(code({{"Host", std::string(262, 'a')}}), "400 bad_host");
}

TEST(RequestHead, KnowsOneLength) {
  EXPECT_EQ(check({{"Content-Length", "5"}})->head.content_length, 5U);
  EXPECT_EQ(check({{"Content-Length", "0"}})->head.content_length, std::nullopt);
  EXPECT_EQ(check({{"Content-Length", "18446744073709551615"}})->head.content_length, 18446744073709551615U);
  EXPECT_TRUE(check({{"Transfer-Encoding", "Chunked"}})->head.chunked);
}

TEST(RequestHead, RefusesWhatCouldBeReadAsTwoLengths) {
  for (const char* const length : {"", "-1", "+1", "1a", " 1", "0x1", "1, 1", "1,2", "18446744073709551616"})
    EXPECT_EQ(code({{"Content-Length", length}}), "400 bad_length") << length;
  EXPECT_EQ(code({{"Content-Length", "1"}, {"content-length", "1"}}), "400 bad_length");
  EXPECT_EQ(code({{"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}}), "400 bad_length");
  EXPECT_EQ(code({{"Transfer-Encoding", "chunked"}}, {.version = 10}), "400 bad_length");
}

TEST(RequestHead, RefusesCodingsItDoesNotRead) {
  for (const char* const coding :
       {"gzip", "gzip, chunked", "chunked, chunked", "chunked, identity", "xchunked", "", "identity"})
    EXPECT_EQ(code({{"Transfer-Encoding", coding}}), "501 unknown_coding") << coding;
  EXPECT_EQ(code({{"Transfer-Encoding", "chunked"}, {"transfer-encoding", "chunked"}}), "501 unknown_coding");
}

TEST(RequestHead, MeetsOneExpectation) {
  EXPECT_TRUE(check({{"Expect", "100-Continue"}})->expects_continue);
  EXPECT_FALSE(check({{"Expect", "100-continue"}}, {.version = 10})->expects_continue);
  EXPECT_EQ(code({{"Expect", "200-ok"}}), "417 unknown_expectation");
}

TEST(RequestHead, BelievesForwardedFieldsOfATrustedProxyOnly) {
  const Fields fields{{"X-Forwarded-For", "203.0.113.5"},
                      {"X-Forwarded-Proto", "https"},
                      {"X-Forwarded-Host", "Sing.example"}};
  const auto stranger = check(fields);
  EXPECT_EQ(stranger->head.address, "192.0.2.7");
  EXPECT_FALSE(stranger->head.secure);
  EXPECT_EQ(stranger->head.host, "example.org:8080");
  const auto proxied = behind(fields);
  EXPECT_EQ(proxied->head.address, "203.0.113.5");
  EXPECT_TRUE(proxied->head.secure);
  EXPECT_EQ(proxied->head.host, "sing.example");
}

TEST(RequestHead, TakesTheRightmostAddressThatIsNotAProxys) {
  const auto address = [](std::initializer_list<std::string> chain) {
    Fields fields;
    for (const auto& field : chain) fields.add("X-Forwarded-For", field);
    return behind(fields)->head.address;
  };
  EXPECT_EQ(address({"1.2.3.4, 203.0.113.5, 10.9.9.9"}), "203.0.113.5");
  EXPECT_EQ(address({"1.2.3.4", "203.0.113.5", "10.9.9.9, 10.8.8.8"}), "203.0.113.5");
  EXPECT_EQ(address({"10.7.7.7, 10.9.9.9"}), "10.7.7.7");
  EXPECT_EQ(address({"203.0.113.5:4711"}), "203.0.113.5");
  EXPECT_EQ(address({"[2001:db8::5]:4711"}), "2001:db8::5");
  EXPECT_EQ(address({"2001:db8::5"}), "2001:db8::5");
  EXPECT_EQ(address({"1.2.3.4, unknown"}), "10.0.0.1");
  EXPECT_EQ(address({"1.2.3.4, nonsense, 10.9.9.9"}), "10.9.9.9");
  EXPECT_EQ(address({}), "10.0.0.1");
}

TEST(RequestHead, BelievesTheProxyNearestToItAboutTheRest) {
  EXPECT_FALSE(behind({{"X-Forwarded-Proto", "https, http"}})->head.secure);
  EXPECT_EQ(behind({{"X-Forwarded-Host", "evil.example, sing.example"}})->head.host, "sing.example");
  EXPECT_TRUE(behind({}, true)->head.secure);
  const auto bad = behind({{"X-Forwarded-Host", "a b"}});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, "bad_host");
}

}  // namespace
}  // namespace orakgarak::net
