#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "storage/s3_objects/s3.h"

namespace orakgarak::storage {
namespace {

class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }

 private:
  void set(const char* value) { value == nullptr ? ::unsetenv(name_) : ::setenv(name_, value, 1); }
  const char* name_;
  std::optional<std::string> before_;
};

class S3Url : public testing::Test {
 protected:
  static std::string code(std::string_view url) {
    const auto read = parse_s3_url(url);
    return read ? "" : read.error().code;
  }
  Variable access{"AWS_ACCESS_KEY_ID", "AKID"}, secret{"AWS_SECRET_ACCESS_KEY", "secret/word"},
      token{"AWS_SESSION_TOKEN", nullptr};
};

TEST_F(S3Url, NamesABucketOfAwsByItselfAndItsRegion) {
  const auto options = parse_s3_url("s3://takes?region=ap-northeast-2");
  ASSERT_TRUE(options);
  EXPECT_EQ(options->bucket, "takes");
  EXPECT_EQ(options->endpoint, "https://s3.ap-northeast-2.amazonaws.com");
  EXPECT_EQ(options->region, "ap-northeast-2");
  EXPECT_FALSE(options->path_style);
  EXPECT_EQ(options->access_key, "AKID");
  EXPECT_EQ(options->secret_key, "secret/word");
  EXPECT_EQ(options->session_token, "");
  EXPECT_EQ(s3_origin(*options), "https://takes.s3.ap-northeast-2.amazonaws.com");
}

TEST_F(S3Url, NamesAnyOtherServerByItsEndpoint) {
  const auto options = parse_s3_url("s3://takes/?endpoint=http%3A%2F%2F127.0.0.1:9000/&path_style=true");
  ASSERT_TRUE(options);
  EXPECT_EQ(options->endpoint, "http://127.0.0.1:9000");
  EXPECT_EQ(options->region, "us-east-1");
  EXPECT_EQ(s3_origin(*options), "http://127.0.0.1:9000");
  const auto by_name = parse_s3_url("s3://takes?endpoint=http://localhost:9000");
  ASSERT_TRUE(by_name);
  EXPECT_EQ(s3_origin(*by_name), "http://takes.localhost:9000");
  EXPECT_EQ(code("s3://takes?endpoint=http://[::1]:9000&path_style=true"), "");
  EXPECT_EQ(code("s3://my.takes?endpoint=http://minio.internal"), "") << "no certificate there";
}

TEST_F(S3Url, IsWithoutThePortThatGoesWithoutSaying) {
  EXPECT_EQ(parse_s3_url("s3://takes?endpoint=https://a.example:443")->endpoint, "https://a.example");
  EXPECT_EQ(parse_s3_url("s3://takes?endpoint=http://a.example:80")->endpoint, "http://a.example");
  EXPECT_EQ(parse_s3_url("s3://takes?endpoint=http://a.example:443")->endpoint, "http://a.example:443");
}

TEST_F(S3Url, TakesTheSessionOfLentKeys) {
  const Variable lent("AWS_SESSION_TOKEN", "token");
  EXPECT_EQ(parse_s3_url("s3://takes")->session_token, "token");
}

TEST_F(S3Url, ThatIsWrongIsRefusedAndSaysHowToWriteIt) {
  for (const std::string_view wrong : {"",
                                       "takes",
                                       "https://takes",
                                       "s3:/takes",
                                       "s3://",
                                       "s3://?region=a",
                                       "s3://ab",
                                       "s3://Takes",
                                       "s3://-takes",
                                       "s3://takes-",
                                       "s3://ta..kes",
                                       "s3://ta_kes",
                                       "s3://user@takes",
                                       "s3://takes/folder",
                                       "s3://takes?region=",
                                       "s3://takes?region=Seoul 1",
                                       "s3://takes?region=a/b",
                                       "s3://takes?path_style=yes",
                                       "s3://takes?path_style=",
                                       "s3://takes?profile=me",
                                       "s3://takes?access_key=a",
                                       "s3://takes?region=a&region=a",
                                       "s3://takes?region=%zz",
                                       "s3://takes?endpoint=",
                                       "s3://takes?endpoint=localhost:9000",
                                       "s3://takes?endpoint=ftp://a.example",
                                       "s3://takes?endpoint=https://",
                                       "s3://takes?endpoint=https://a.example/path",
                                       "s3://takes?endpoint=https://me:word@a.example",
                                       "s3://takes?endpoint=https://a.example:0",
                                       "s3://takes?endpoint=https://a.example:65536",
                                       "s3://takes?endpoint=https://a.example:",
                                       "s3://takes?endpoint=https://a b",
                                       "s3://takes?endpoint=https://a.example%3Fx=1",
                                       "s3://takes?endpoint=https://[::1",
                                       "s3://takes?endpoint=https://[]&path_style=true"}) {
    const auto read = parse_s3_url(wrong);
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().code, "bad_objects_url") << wrong;
    EXPECT_EQ(read.error().kind, ErrorKind::rejected) << wrong;
    EXPECT_NE(read.error().detail.find("s3://BUCKET?"), std::string::npos) << read.error().detail;
    EXPECT_EQ(read.error().detail.find("word"), std::string::npos) << "what was given may hold a password";
  }
  EXPECT_EQ(code("s3://" + std::string(63, 'a')), "");
  EXPECT_EQ(code("s3://" + std::string(64, 'a')), "bad_objects_url");
}

TEST_F(S3Url, WhereABucketCannotStandInTheHostAsksForPathStyle) {
  for (const std::string_view wrong :
       {"s3://takes?endpoint=http://127.0.0.1:9000", "s3://takes?endpoint=http://[::1]:9000",
        "s3://my.takes?endpoint=https://a.example"}) {
    const auto read = parse_s3_url(wrong);
    ASSERT_FALSE(read) << wrong;
    EXPECT_NE(read.error().detail.find("add path_style=true"), std::string::npos);
  }
}

TEST_F(S3Url, WithoutKeysSaysWhichToSet) {
  {
    const Variable none("AWS_ACCESS_KEY_ID", nullptr);
    EXPECT_NE(parse_s3_url("s3://takes").error().detail.find("AWS_ACCESS_KEY_ID"), std::string::npos);
  }
  {
    const Variable empty("AWS_SECRET_ACCESS_KEY", "");
    EXPECT_EQ(code("s3://takes"), "bad_objects_url");
  }
  const Variable broken("AWS_SESSION_TOKEN", "to\nken");
  EXPECT_EQ(code("s3://takes"), "bad_objects_url");
}

}  // namespace
}  // namespace orakgarak::storage
