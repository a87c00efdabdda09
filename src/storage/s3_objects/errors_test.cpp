#include "storage/s3_objects/errors.h"

#include <gtest/gtest.h>

namespace orakgarak::storage::s3 {
namespace {

const Asked asked{"takes", "https://s3.example"};

TEST(S3Errors, SayWhatTheCallerCanDo) {
  struct Row {
    int status;
    const char* code;
    ErrorKind kind;
    const char* ours;
  };
  for (const Row& row : {Row{404, "NoSuchKey", ErrorKind::not_found, "no_such_object"},
                         {404, "", ErrorKind::not_found, "no_such_object"},
                         {404, "NoSuchUpload", ErrorKind::not_found, "no_such_multipart"},
                         {404, "NoSuchBucket", ErrorKind::retry, "objects_unavailable"},
                         {412, "", ErrorKind::conflict, "object_changed"},
                         {412, "PreconditionFailed", ErrorKind::conflict, "object_changed"},
                         {507, "XMinioStorageFull", ErrorKind::retry, "disk_full"},
                         {500, "InternalError", ErrorKind::retry, "objects_unavailable"},
                         {200, "InternalError", ErrorKind::retry, "objects_unavailable"},
                         {502, "", ErrorKind::retry, "objects_unavailable"},
                         {503, "SlowDown", ErrorKind::retry, "objects_unavailable"},
                         {429, "", ErrorKind::retry, "objects_unavailable"},
                         {400, "RequestTimeout", ErrorKind::retry, "objects_unavailable"},
                         {400, "BadDigest", ErrorKind::retry, "objects_unavailable"},
                         {403, "", ErrorKind::retry, "objects_unavailable"},
                         {301, "PermanentRedirect", ErrorKind::retry, "objects_unavailable"}}) {
    const Error error = error_of(asked, row.status, row.code);
    EXPECT_EQ(error.kind, row.kind) << row.status << ' ' << row.code;
    EXPECT_EQ(error.code, row.ours) << row.status << ' ' << row.code;
  }
}

TEST(S3Errors, OfWhatSomebodyHasToSetRightNameTheBucketAndWhatToDo) {
  const auto says = [](int status, const char* code, std::string_view words) {
    const Error error = error_of(asked, status, code);
    EXPECT_EQ(trouble_of(status, code), Trouble::unusable) << code;
    EXPECT_NE(error.detail.find(words), std::string::npos) << error.detail;
  };
  says(403, "AccessDenied", "bucket takes");
  says(403, "SignatureDoesNotMatch", "check AWS_ACCESS_KEY_ID");
  says(403, "", "status 403");
  says(404, "NoSuchBucket", "there is no bucket takes at https://s3.example; make it");
  says(403, "RequestTimeTooSkewed", "clock of this machine");
  says(400, "ExpiredToken", "AWS_SESSION_TOKEN");
  says(400, "AuthorizationHeaderMalformed", "name its region");
  says(307, "", "name its region and endpoint");
}

}  // namespace
}  // namespace orakgarak::storage::s3
