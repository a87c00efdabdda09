#include "storage/sigv4/post_policy.h"

#include <gtest/gtest.h>

#include "storage/sigv4/encoding.h"

namespace orakgarak::storage::sigv4 {
namespace {

const Signer signer{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const Time signed_at = *parse_amz_time("20151229T000000Z");
const Time expires = signed_at + std::chrono::minutes(15);

std::map<std::string, std::string> form() {
  return sign_post(signer,
                   {.expires = expires,
                    .equal = {{"key", "uploads/a"}, {"content-type", "audio/webm"}},
                    .least = 7,
                    .most = 7},
                   signed_at);
}

// "Browser-Based Upload using HTTP POST" of the S3 guide: its policy in base64, and the signature.
TEST(PostPolicy, IsSignedAsInTheGuideToS3) {
  const std::string_view policy =
      "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tl"
      "dCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAg"
      "ICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhh"
      "bXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwg"
      "IiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAg"
      "ICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXot"
      "bWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkv"
      "dXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwN"
      "CiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";
  EXPECT_EQ(sign_text(signer, "20151229T000000Z", policy),
            "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
}

TEST(PostPolicy, IsGoodAsItWasSigned) {
  const auto policy = verify_post(signer, form(), signed_at);
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->least, 7U);
  EXPECT_EQ(policy->most, 7U);
  EXPECT_EQ(policy->equal.at("key"), "uploads/a");
  EXPECT_EQ(policy->expires, expires);
}

TEST(PostPolicy, EndsWhenItExpires) {
  EXPECT_TRUE(verify_post(signer, form(), expires - std::chrono::microseconds(1)));
  EXPECT_EQ(verify_post(signer, form(), expires).error(), Refusal::expired);
  EXPECT_EQ(verify_post(signer, form(), signed_at - most_ahead - std::chrono::microseconds(1)).error(),
            Refusal::not_yet);
}

TEST(PostPolicy, HoldsEveryFieldAndLetsNoOtherIn) {
  for (const auto& [name, value] : form()) {
    auto fields = form();
    fields[name] += "x";
    EXPECT_FALSE(verify_post(signer, fields, signed_at)) << name;
    fields.erase(name);
    EXPECT_FALSE(verify_post(signer, fields, signed_at)) << name;
  }
  auto fields = form();
  fields["content-type"] = "text/html";
  EXPECT_EQ(verify_post(signer, fields, signed_at).error(), Refusal::against_policy);
  fields.erase("content-type");
  EXPECT_EQ(verify_post(signer, fields, signed_at).error(), Refusal::against_policy);
  fields = form();
  fields["acl"] = "public-read";
  EXPECT_EQ(verify_post(signer, fields, signed_at).error(), Refusal::against_policy);
}

TEST(PostPolicy, OfWhatIsNoTextNoFormIsGood) {
  const auto fields = sign_post(signer, {.expires = expires, .equal = {{"key", "\xff"}}}, signed_at);
  EXPECT_EQ(verify_post(signer, fields, signed_at).error(), Refusal::against_policy);
}

TEST(PostPolicy, AlteredOrOfAnotherKeyIsRefused) {
  auto fields = form();
  auto other = PostPolicy{.expires = expires, .equal = {{"key", "uploads/b"}}, .most = 1};
  fields["policy"] = sign_post(signer, other, signed_at)["policy"];
  EXPECT_EQ(verify_post(signer, fields, signed_at).error(), Refusal::altered);
  auto stranger = signer;
  stranger.secret_key = "another";
  EXPECT_EQ(verify_post(stranger, form(), signed_at).error(), Refusal::altered);
  stranger.access_key = "another";
  EXPECT_EQ(verify_post(stranger, form(), signed_at).error(), Refusal::other_key);
  EXPECT_EQ(verify_post(signer, {}, signed_at).error(), Refusal::not_signed);
}

TEST(PostPolicy, IsReadFromItsDocumentAlone) {
  const std::string head = R"({"expiration":"2015-12-30T12:00:00.000Z","conditions":)";
  EXPECT_TRUE(parse_policy(head + R"([{"Key":"a"},["content-length-range",1,2]]})"));
  for (const char* wrong :
       {R"([["starts-with","$key","uploads/"]]})", R"([["content-length-range",-1,2]]})",
        R"([["content-length-range","1",2]]})", R"([["content-length-range",1]]})", R"([{"a":1}]})",
        R"([{"a":"1","b":"2"}]})", R"([{"a":"1"},{"A":"2"}]})", R"([{}]})", R"({}})", R"([{"a":"1"}])"})
    EXPECT_FALSE(parse_policy(head + wrong)) << wrong;
  for (const char* wrong : {"", "[]", "{}", R"({"expiration":"2015-12-30T12:00:00Z","conditions":[]})",
                            R"({"expiration":"2015-12-32T12:00:00.000Z","conditions":[]})",
                            R"({"expiration":1,"conditions":[]})"})
    EXPECT_FALSE(parse_policy(wrong)) << wrong;
}

}  // namespace
}  // namespace orakgarak::storage::sigv4
