#include "storage/s3_objects/version.h"

#include <gtest/gtest.h>

namespace orakgarak::storage::s3 {
namespace {

std::optional<std::string> version(const char* id, const char* etag) {
  Answer answer{.status = 200, .fields = {{"etag", etag}}, .body = {}};
  if (*id != '\0') answer.fields["x-amz-version-id"] = id;
  return version_of(answer);
}

Call held(const std::string& version) {
  Call call{.method = "GET", .key = "uploads/a"};
  hold_to(version, call);
  return call;
}

TEST(S3Version, IsTheIdWhereTheBucketKeepsVersionsElseTheETag) {
  EXPECT_EQ(version("3HL4kqtJlcpXrof3", "\"abc\""), "v3HL4kqtJlcpXrof3");
  EXPECT_EQ(version("", "\"abc-2\""), "eabc-2");
  EXPECT_EQ(version("null", "\"abc\""), "eabc") << "other bytes under the key are also \"null\"";
  EXPECT_EQ(version("", ""), std::nullopt);
  EXPECT_EQ(version("a b", "\"abc\""), std::nullopt);
}

TEST(S3Version, HoldsAGetToIt) {
  EXPECT_EQ(held("v3HL4").query, (sigv4::Pairs{{"versionId", "3HL4"}}));
  EXPECT_EQ(held("eabc-2").headers, (sigv4::Pairs{{"if-match", "\"abc-2\""}}));
}

TEST(S3Version, ThatIsNoneOfOursIsThatOfNoObject) {
  for (const char* wrong : {"", "1", "v", "e", "eab\r\nx: y", "va b", "e\"*\"", "*"}) {
    EXPECT_TRUE(held(wrong).query.empty()) << wrong;
    EXPECT_EQ(held(wrong).headers, (sigv4::Pairs{{"if-match", "\"none\""}})) << wrong;
  }
}

}  // namespace
}  // namespace orakgarak::storage::s3
