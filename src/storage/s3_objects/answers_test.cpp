#include "storage/s3_objects/answers.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "storage/sigv4/signature.h"

namespace orakgarak::storage::s3 {
namespace {

constexpr std::string_view declaration = R"(<?xml version="1.0" encoding="UTF-8"?>)";
constexpr const char* noon = "2026-11-24T12:00:00.000Z";

std::string list(std::string_view inside) {
  return fmt::format(
      R"({}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{}</ListBucketResult>)",
      declaration, inside);
}
std::string object(std::string_view key) {
  return fmt::format("<Contents><Key>{}</Key><LastModified>{}</LastModified><Size>1</Size></Contents>", key,
                     noon);
}

TEST(S3Answers, ObjectsComeAPageAtATime) {
  const auto page = read_objects(
      list("<IsTruncated>true</IsTruncated><NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J=="
           "</NextContinuationToken>" +
           object("uploads/a") + object("uploads/b")));
  ASSERT_TRUE(page);
  ASSERT_EQ(page->objects.size(), 2U);
  EXPECT_EQ(page->objects[1].key, "uploads/b");
  EXPECT_EQ(page->objects[1].changed, sigv4::parse_amz_time("20261124T120000Z"));
  EXPECT_EQ(page->next, "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J==");
  const auto last = read_objects(list("<IsTruncated>false</IsTruncated>"));
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->objects.empty());
  EXPECT_EQ(last->next, "");
}

TEST(S3Answers, KeysAreDecodedWhereTheServerEncodedThem) {
  const auto encoded =
      read_objects(list("<EncodingType>url</EncodingType>" + object("a%2Bb+c%0A%ED%95%9C/d")));
  ASSERT_TRUE(encoded);
  EXPECT_EQ(encoded->objects.at(0).key, "a+b c\n한/d");
  EXPECT_EQ(read_objects(list(object("a%2Bb+c")))->objects.at(0).key, "a%2Bb+c");
  EXPECT_FALSE(read_objects(list("<EncodingType>url</EncodingType>" + object("a%2"))));
}

TEST(S3Answers, WhatIsNoPageOfObjectsIsNone) {
  EXPECT_FALSE(read_objects(""));
  EXPECT_FALSE(read_objects("<html><body>Welcome</body></html>"));
  EXPECT_FALSE(read_objects("<Error><Code>NoSuchBucket</Code></Error>"));
  EXPECT_FALSE(read_objects(list(object("a")).substr(0, 150))) << "cut off";
  EXPECT_FALSE(read_objects(list("<Contents><Key>a</Key></Contents>"))) << "no time";
  EXPECT_FALSE(read_objects(list("<IsTruncated>true</IsTruncated>"))) << "more, and no way to it";
  EXPECT_FALSE(read_objects(list(object(std::string(1025, 'a')))));
  EXPECT_FALSE(read_objects(
      list("<IsTruncated>true</IsTruncated><NextContinuationToken>a b</NextContinuationToken>")));
}

TEST(S3Answers, VersionsAndDeleteMarkersAreRead) {
  const auto page = read_versions(
      "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>b</NextKeyMarker>"
      "<NextVersionIdMarker>3</NextVersionIdMarker><Version><Key>a</Key><VersionId>1</VersionId></Version>"
      "<DeleteMarker><Key>b</Key><VersionId>null</VersionId></DeleteMarker></ListVersionsResult>");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->versions.size(), 2U);
  EXPECT_EQ(page->versions[1].key, "b");
  EXPECT_EQ(page->versions[1].id, "null");
  EXPECT_EQ(page->next_key, "b");
  EXPECT_EQ(page->next_id, "3");
  EXPECT_FALSE(read_versions("<ListVersionsResult><Version><Key>a</Key></Version></ListVersionsResult>"));
  EXPECT_FALSE(read_versions("<ListVersionsResult><IsTruncated>true</IsTruncated></ListVersionsResult>"));
}

TEST(S3Answers, PartsTellTheirChecksumWhereTheStoreKeepsIt) {
  const auto page = read_parts(
      "<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>"
      "<Part><PartNumber>1</PartNumber><ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag><Size>5</"
      "Size>"
      "<ChecksumSHA256>LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=</ChecksumSHA256></Part>"
      "<Part><PartNumber>2</PartNumber><ETag>abc</ETag><Size>0</Size></Part></ListPartsResult>");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->parts.size(), 2U);
  EXPECT_EQ(page->parts[0].etag, "5d41402abc4b2a76b9719d911017c592");
  EXPECT_EQ(page->parts[0].sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  EXPECT_EQ(page->parts[0].size, 5U);
  EXPECT_EQ(page->parts[1].sha256, "");
  EXPECT_EQ(page->next, 2);
}

TEST(S3Answers, PartsThatCannotBeAreNone) {
  const auto with = [](std::string_view number, std::string_view size, std::string_view etag) {
    return read_parts(
        fmt::format("<ListPartsResult><Part><PartNumber>{}</PartNumber><Size>{}</Size><ETag>{}</ETag></"
                    "Part></ListPartsResult>",
                    number, size, etag));
  };
  EXPECT_TRUE(with("10000", "18446744073709551615", "e"));
  EXPECT_FALSE(with("10001", "1", "e"));
  EXPECT_FALSE(with("0", "1", "e"));
  EXPECT_FALSE(with("-1", "1", "e"));
  EXPECT_FALSE(with("1", "18446744073709551616", "e"));
  EXPECT_FALSE(with("1", "1x", "e"));
  EXPECT_FALSE(with("1", "1", ""));
  EXPECT_FALSE(with("1", "1", "a\nb")) << "it goes into a header";
  EXPECT_FALSE(with("1", "1", std::string(256, 'e')));
}

TEST(S3Answers, OpenMultipartUploadsAreRead) {
  const auto page = read_multiparts(fmt::format(
      "<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
      "<NextKeyMarker>uploads%2Fb</NextKeyMarker><NextUploadIdMarker>y</NextUploadIdMarker>"
      "<Upload><Key>uploads%2Fa</Key><UploadId>x</UploadId><Initiated>{}</Initiated></Upload>"
      "</ListMultipartUploadsResult>",
      noon));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->multiparts.at(0).key, "uploads/a");
  EXPECT_EQ(page->multiparts.at(0).id, "x");
  EXPECT_EQ(page->next_key, "uploads/b");
  EXPECT_EQ(page->next_id, "y");
  EXPECT_FALSE(read_multiparts(
      "<ListMultipartUploadsResult><Upload><Key>a</Key></Upload></ListMultipartUploadsResult>"));
}

TEST(S3Answers, ACompletedUploadIsToldFromAnErrorUnderStatus200) {
  EXPECT_EQ(
      read_completed("<CompleteMultipartUploadResult><ETag>\"abc-2\"</ETag></CompleteMultipartUploadResult>"),
      "abc-2");
  const std::string error = "\n\n<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>";
  EXPECT_FALSE(read_completed(error.substr(2)));
  EXPECT_EQ(error_code(error.substr(2)), "InternalError");
  EXPECT_EQ(
      read_opened(
          "<InitiateMultipartUploadResult><UploadId>VXBsb2Fk</UploadId></InitiateMultipartUploadResult>"),
      "VXBsb2Fk");
  EXPECT_FALSE(read_opened("<InitiateMultipartUploadResult/>"));
}

TEST(S3Answers, AnErrorCodeIsAWordOrNothing) {
  EXPECT_EQ(error_code("<Error><Code>SlowDown</Code><Message>secret</Message></Error>"), "SlowDown");
  EXPECT_EQ(error_code("<Error><Code>two words</Code></Error>"), "");
  EXPECT_EQ(error_code("<Error><Code>" + std::string(65, 'a') + "</Code></Error>"), "");
  EXPECT_EQ(error_code("not XML"), "");
}

TEST(S3Answers, TimesAreOfUtcInWholeSeconds) {
  const auto right = sigv4::parse_amz_time("20240229T235959Z");
  EXPECT_EQ(read_time("2024-02-29T23:59:59Z"), right);
  EXPECT_EQ(read_time("2024-02-29T23:59:59.123456789Z"), right);
  for (const char* wrong :
       {"", "2024-02-29", "2024-02-29T23:59:59", "2024-02-30T23:59:59Z", "2024-02-29T23:59:59.Z",
        "2024-02-29T23:59:59.1x3Z", "2024-02-29T23:59:59.1234567890Z", "2024x02-29T23:59:59Z",
        "2024-02-29 23:59:59Z", "2024-02-29T23:59:59+09:00"})
    EXPECT_FALSE(read_time(wrong)) << wrong;
}

TEST(S3Answers, PartsAreAskedForWithTheirChecksums) {
  EXPECT_EQ(
      write_parts({{1, 5, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", "a&b"},
                   {2, 1, "", "c"}}),
      R"(<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Part><PartNumber>1</PartNumber>)"
      R"(<ETag>"a&amp;b"</ETag><ChecksumSHA256>LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=</ChecksumSHA256></Part>)"
      R"(<Part><PartNumber>2</PartNumber><ETag>"c"</ETag></Part></CompleteMultipartUpload>)");
}

}  // namespace
}  // namespace orakgarak::storage::s3
