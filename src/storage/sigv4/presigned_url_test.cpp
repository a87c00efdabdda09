#include "storage/sigv4/presigned_url.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "net/http.h"

namespace orakgarak::storage::sigv4 {
namespace {

const Signer signer{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const Time signed_at = *parse_amz_time("20130524T000000Z");

Request get_example() {
  return {
      "GET", "/test.txt", {}, {{"host", "examplebucket.s3.amazonaws.com"}}, std::string(unsigned_payload)};
}

/// A URL as it comes back.
struct Arrived {
  std::string method = "GET", path = "/test.txt";
  Pairs query;
  std::map<std::string, std::string, std::less<>> headers = {{"host", "examplebucket.s3.amazonaws.com"}};
  Time now = signed_at;

  std::expected<std::vector<std::string>, Refusal> verify(const Signer& by = signer) const {
    const auto header = [&](std::string_view name) -> std::optional<std::string> {
      const auto found = headers.find(name);
      return found == headers.end() ? std::nullopt : std::optional(found->second);
    };
    return verify_query(by, method, path, query, header, now);
  }
  std::string& operator[](std::string_view name) {
    return std::ranges::find(query, name, [](const auto& pair) { return pair.first; })->second;
  }
  void drop(std::string_view name) {
    std::erase_if(query, [&](const auto& pair) { return pair.first == name; });
  }
};

Arrived arrived(const Request& request = get_example(), std::chrono::seconds life = std::chrono::days(1)) {
  return {.query = *net::parse_query(presign_query(signer, request, signed_at, life))};
}

// "Authenticating Requests: Using Query Parameters" of the S3 guide.
TEST(PresignedUrl, IsThatOfTheGuideToS3) {
  EXPECT_EQ(presign_query(signer, get_example(), signed_at, std::chrono::seconds(86400)),
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2F"
            "s3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&"
            "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(PresignedUrl, IsGoodAsItWasSigned) {
  const auto names = arrived().verify();
  ASSERT_TRUE(names);
  EXPECT_EQ(*names, std::vector<std::string>{"host"});
}

TEST(PresignedUrl, EndsWithTheSecondItExpires) {
  auto url = arrived(get_example(), std::chrono::seconds(60));
  url.now = signed_at + std::chrono::seconds(60) - std::chrono::microseconds(1);
  EXPECT_TRUE(url.verify());
  url.now = signed_at + std::chrono::seconds(60);
  EXPECT_EQ(url.verify().error(), Refusal::expired);
}

TEST(PresignedUrl, MayBeOfAClockAQuarterOfAnHourAhead) {
  auto url = arrived();
  url.now = signed_at - most_ahead;
  EXPECT_TRUE(url.verify());
  url.now -= std::chrono::microseconds(1);
  EXPECT_EQ(url.verify().error(), Refusal::not_yet);
}

TEST(PresignedUrl, HoldsNoLongerOnceAnythingIsAltered) {
  auto request = get_example();
  request.query = {{"partNumber", "1"}};
  request.headers.emplace_back("content-length", "5");
  auto good = arrived(request);
  good.headers["content-length"] = "5";
  ASSERT_TRUE(good.verify());
  const auto refused = [&](const auto& change) {
    auto url = good;
    change(url);
    const auto seen = url.verify();
    return seen ? std::nullopt : std::optional(seen.error());
  };
  EXPECT_EQ(refused([](Arrived& url) { url.method = "PUT"; }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url.path = "/test.txt2"; }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url["partNumber"] = "2"; }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url.query.emplace_back("more", ""); }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url.drop("partNumber"); }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url["X-Amz-Expires"] = "86401"; }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url["X-Amz-Date"] = "20130524T000001Z"; }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url["X-Amz-SignedHeaders"] = "host"; }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url.headers["content-length"] = "6"; }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url.headers.erase("content-length"); }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url.headers["host"] = "other"; }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url["X-Amz-Signature"].back() ^= 1; }), Refusal::altered);
  EXPECT_EQ(refused([](Arrived& url) { url["X-Amz-Signature"].clear(); }), Refusal::altered);
}

TEST(PresignedUrl, OfAnotherKeyRegionOrServiceIsRefused) {
  auto other = signer;
  other.access_key = "AKIAOTHER";
  EXPECT_EQ(arrived().verify(other).error(), Refusal::other_key);
  other = signer;
  other.region = "eu-west-1";
  EXPECT_EQ(arrived().verify(other).error(), Refusal::other_key);
  other = signer;
  other.secret_key += "x";
  EXPECT_EQ(arrived().verify(other).error(), Refusal::altered);
}

TEST(PresignedUrl, WithoutItsPartsIsRefused) {
  for (const char* name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
                           "X-Amz-SignedHeaders", "X-Amz-Signature"}) {
    auto url = arrived();
    url.query.emplace_back(name, url[name]);
    EXPECT_EQ(url.verify().error(), Refusal::malformed) << name << " twice";
    url.drop(name);
    EXPECT_EQ(url.verify().error(),
              std::string_view(name) == "X-Amz-Signature" ? Refusal::not_signed : Refusal::malformed)
        << name;
  }
  for (const char* life : {"0", "604801", "-1", "", "1s", "99999999999999999999"}) {
    auto url = arrived();
    url["X-Amz-Expires"] = life;
    EXPECT_EQ(url.verify().error(), Refusal::malformed) << life;
  }
  EXPECT_TRUE(arrived(get_example(), longest_url_life).verify());
}

}  // namespace
}  // namespace orakgarak::storage::sigv4
