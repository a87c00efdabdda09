#pragma once
// Objects in any S3: MinIO, Ceph, AWS. Plain S3 with Signature Version 4; no request that only one of them
// knows.
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "uploads/objects.h"
#include "uploads/presign.h"

namespace orakgarak::storage {

struct S3Options {
  std::string bucket;
  std::string endpoint;  ///< "https://s3.ap-northeast-2.amazonaws.com": no path
  std::string region = "us-east-1";
  bool path_style = false;  ///< ENDPOINT/BUCKET/KEY, else BUCKET.ENDPOINT-HOST/KEY
  std::string access_key, secret_key, session_token;
};

/// "s3://BUCKET?endpoint=URL&region=NAME&path_style=true"; without an endpoint, that of AWS in the region.
/// The keys come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. Errors: rejected
/// "bad_objects_url".
Result<S3Options> parse_s3_url(std::string_view url);

/// Scheme, host and port by which everybody reaches the bucket: the `base` of its presigner where no other is
/// configured.
std::string s3_origin(const S3Options&);

/// One request to see that the bucket is there and ours. Errors: rejected "objects_unusable" (no such bucket,
/// keys that are refused); retry "objects_unavailable".
Result<void> check_s3(const S3Options&);

std::unique_ptr<uploads::ObjectStore> s3_objects(const S3Options&);
std::unique_ptr<uploads::Presigner> s3_presigner(const S3Options&);

}  // namespace orakgarak::storage
