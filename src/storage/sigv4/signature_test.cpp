#include "storage/sigv4/signature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "storage/sigv4/encoding.h"

namespace orakgarak::storage::sigv4 {
namespace {

// "get-vanilla" of the AWS Signature Version 4 test suite.
TEST(Signature, IsThatOfTheTestSuite) {
  const Signer signer{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service"};
  const Request request{"GET",
                        "/",
                        {},
                        {{"X-Amz-Date", "20150830T123600Z"}, {"Host", "example.amazonaws.com"}},
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"};
  EXPECT_EQ(canonical_request(request),
            "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sign_request(signer, "20150830T123600Z", canonical_request(request)),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

// "Example: GET Object" of the S3 guide, a header signed with the range of bytes.
TEST(Signature, IsThatOfTheGuideToS3) {
  const Signer signer{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
  const std::string empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const Request request{"GET",
                        "/test.txt",
                        {},
                        {{"host", "examplebucket.s3.amazonaws.com"},
                         {"range", "bytes=0-9"},
                         {"x-amz-content-sha256", empty},
                         {"x-amz-date", "20130524T000000Z"}},
                        empty};
  EXPECT_EQ(sign_request(signer, "20130524T000000Z", canonical_request(request)),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

const Signer guide{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const Time at = *parse_amz_time("20130524T000000Z");
const std::string nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string authorization(const Signer& signer, Request request, Time now) {
  request.headers.emplace_back("host", "examplebucket.s3.amazonaws.com");
  return sign_headers(signer, std::move(request), now).back().second;
}

// The four examples of "Authenticating Requests: Using the Authorization Header" of the S3 guide.
TEST(SignedHeaders, AreThoseOfTheGuideToS3) {
  const std::string start =
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=";
  EXPECT_EQ(authorization(guide, {"GET", "/test.txt", {}, {{"Range", "bytes=0-9"}}, nothing}, at),
            start +
                "host;range;x-amz-content-sha256;x-amz-date, "
                "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  EXPECT_EQ(authorization(
                guide,
                {"PUT",
                 "/test$file.text",
                 {},
                 {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                 "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"},
                at),
            start +
                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, "
                "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  EXPECT_EQ(authorization(guide, {"GET", "/", {{"lifecycle", ""}}, {}, nothing}, at),
            start +
                "host;x-amz-content-sha256;x-amz-date, "
                "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(authorization(guide, {"GET", "/", {{"max-keys", "2"}, {"prefix", "J"}}, {}, nothing}, at),
            start +
                "host;x-amz-content-sha256;x-amz-date, "
                "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

// "post-sts-header-before" of the AWS Signature Version 4 test suite.
TEST(SignedHeaders, NameTheSessionOfLentKeys) {
  const Signer lent{
      "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service",
      "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoI"
      "YRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSX"
      "Dvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8f"
      "POLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="};
  const auto headers = sign_headers(lent, {"POST", "/", {}, {{"Host", "example.amazonaws.com"}}, nothing},
                                    *parse_amz_time("20150830T123600Z"));
  EXPECT_EQ(headers.back().second,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date;x-amz-security-token, "
            "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
}

TEST(Signature, EncodesAndSortsWhatIsSigned) {
  const Request request{"PUT",
                        "/a b/한",
                        {{"b", ""}, {"a", "1/2"}, {"a", "0"}},
                        {{"B-Second", "  two   words "}, {"a-first", "1"}},
                        std::string(unsigned_payload)};
  EXPECT_EQ(canonical_request(request),
            "PUT\n/a%20b/%ED%95%9C\na=0&a=1%2F2&b=\na-first:1\nb-second:two words\n\na-first;b-second\n"
            "UNSIGNED-PAYLOAD");
}

TEST(Signature, ReadsTheTimesItWritesAndNoOthers) {
  const auto time = parse_amz_time("20240229T235959Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(to_rfc3339(*time), "2024-02-29T23:59:59.000000Z");
  EXPECT_EQ(amz_time(*time + std::chrono::microseconds(999'999)), "20240229T235959Z");
  for (const char* wrong : {"", "20240229T235959", "20230229T000000Z", "20241301T000000Z", "20240229T240000Z",
                            "20240229T006000Z", "20240229T000060Z", "2024022gT000000Z", "20240229 000000Z"})
    EXPECT_FALSE(parse_amz_time(wrong)) << wrong;
}

TEST(Base64, IsThatOfTheStandard) {  // RFC 4648, section 10
  const auto bytes = [](std::string_view text) { return std::as_bytes(std::span(text)); };
  for (const auto& [plain, coded] : {std::pair{"", ""},
                                     {"f", "Zg=="},
                                     {"fo", "Zm8="},
                                     {"foo", "Zm9v"},
                                     {"foob", "Zm9vYg=="},
                                     {"fooba", "Zm9vYmE="},
                                     {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(to_base64(bytes(plain)), coded);
    const auto back = from_base64(coded);
    ASSERT_TRUE(back) << coded;
    EXPECT_TRUE(std::ranges::equal(*back, bytes(plain)));
  }
}

TEST(Base64, RefusesWhatItDoesNotWrite) {
  for (const char* wrong :
       {"Z", "Zg", "Zg=", "Zh==", "Zg==\n", " Zg=", "Zm9v====", "Zm-_", "=m9v", "Zm9vZg==Zm9v"})
    EXPECT_FALSE(from_base64(wrong)) << wrong;
}

}  // namespace
}  // namespace orakgarak::storage::sigv4
