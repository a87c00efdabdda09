#include "storage/sigv4/presigned_upload.h"

#include <gtest/gtest.h>

#include "storage/sigv4/encoding.h"
#include "storage/sigv4/post_policy.h"

namespace orakgarak::storage::sigv4 {
namespace {

using namespace std::chrono_literals;

const Signer signer{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const Time now = *parse_amz_time("20261124T120000Z");
const std::string digest(64, 'a');
const Place in_host{"", "takes"}, in_path{"/takes", "takes"};

uploads::PresignedForm form(const Place& place, const std::string& base, const Signer& by = signer) {
  return *presign_form(by, place, base, "uploads/a", {"audio/webm", 7, digest, {}}, now, now + 15min);
}
std::string part_url(const Place& place, const std::string& base, const Signer& by = signer) {
  return presign_part(by, place, base, "uploads/a", "id/1+", {2, digest}, 7, now, now + 15min)->url;
}
std::string policy_of(const uploads::PresignedForm& form) {
  const auto bytes = *from_base64(form.fields.at("policy"));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::string signature_of(const std::string& url) { return url.substr(url.find("X-Amz-Signature")); }

TEST(PresignedUpload, NamesTheBucketInTheHostOrInThePath) {
  EXPECT_EQ(form(in_host, "https://takes.s3.example").url, "https://takes.s3.example/");
  EXPECT_EQ(form(in_path, "https://s3.example").url, "https://s3.example/takes/");
  EXPECT_TRUE(part_url(in_host, "https://takes.s3.example")
                  .starts_with("https://takes.s3.example/uploads/a?partNumber=2&uploadId=id%2F1%2B&"));
  EXPECT_TRUE(part_url(in_path, "https://s3.example")
                  .starts_with("https://s3.example/takes/uploads/a?partNumber=2&uploadId=id%2F1%2B&"));
}

TEST(PresignedUpload, OfAFormIsHeldToItsBucketWithoutAFieldOfThatName) {
  const auto signed_form = form(in_host, "https://takes.s3.example");
  EXPECT_NE(policy_of(signed_form).find(R"({"bucket":"takes"})"), std::string::npos);
  EXPECT_FALSE(signed_form.fields.contains("bucket"));
  EXPECT_EQ(policy_of(form({}, "http://localhost:8081")).find("bucket"), std::string::npos);
}

TEST(PresignedUpload, NamesTheSessionOfLentKeys) {
  Signer lent = signer;
  lent.session_token = "a/token=";
  const auto signed_form = form(in_path, "https://s3.example", lent);
  EXPECT_EQ(signed_form.fields.at("x-amz-security-token"), "a/token=");
  EXPECT_NE(policy_of(signed_form).find(R"({"x-amz-security-token":"a/token="})"), std::string::npos);
  const std::string url = part_url(in_path, "https://s3.example", lent);
  EXPECT_NE(url.find("&X-Amz-Security-Token=a%2Ftoken%3D&"), std::string::npos);
  EXPECT_NE(signature_of(url), signature_of(part_url(in_path, "https://s3.example")));
}

TEST(PresignedUpload, SignsTheHostAsABrowserNamesIt) {
  const auto signature = [](const std::string& base) { return signature_of(part_url(in_path, base)); };
  EXPECT_EQ(signature("https://a.example"), signature("https://a.example:443"));
  EXPECT_EQ(signature("http://a.example"), signature("http://a.example:80"));
  EXPECT_NE(signature("http://a.example"), signature("http://a.example:443"));
}

TEST(PresignedUpload, RefusesWhatCannotBeSigned) {
  const uploads::Declared declared{"audio/webm", 7, digest, {}};
  EXPECT_EQ(presign_form(signer, in_path, "https://a", "../x", declared, now, now + 1min).error().code,
            "bad_key");
  EXPECT_EQ(
      presign_part(signer, in_path, "https://a", "../x", "id", {1, digest}, 7, now, now + 1min).error().code,
      "bad_key");
  EXPECT_EQ(
      presign_form(signer, in_path, "https://a", "uploads/a", {"audio/webm", 7, "AA", {}}, now, now + 1min)
          .error()
          .code,
      "bad_checksum");
}

}  // namespace
}  // namespace orakgarak::storage::sigv4
