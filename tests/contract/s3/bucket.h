#pragma once
// A bucket of one test's own at the S3 server of the tests. It goes with the server.
#include <string>
#include <string_view>

#include "storage/s3_objects/s3.h"

namespace orakgarak::uploads {

enum class BucketStyle { in_path, in_host, keeping_versions };

/// Makes it. Throws where that fails.
storage::S3Options new_bucket(BucketStyle style = BucketStyle::in_path);

/// The same bucket with keys that are lent for a quarter of an hour. Throws where that fails.
storage::S3Options with_lent_keys(storage::S3Options options);

/// One signed request past the adapter, for what it has no words for. Its status and, in `answer`, its body.
int ask_bucket(const storage::S3Options& options, std::string_view method, const std::string& path,
               const std::string& query, const std::string& body, std::string* answer = nullptr);

}  // namespace orakgarak::uploads
