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
