#pragma once
// Where browsers send and fetch the bytes that local_objects/presign.h signed, as S3 takes and gives them:
//   POST /      multipart/form-data with a signed policy; 204
//   PUT /KEY    a part of a multipart upload, presigned; 200
//   GET /KEY    an object, presigned; 200, or 206 for one range of it
// Those that send are answered with an ETag. A refusal is S3's XML, its code also in x-amz-error-code, and
// comes at the byte that shows it. An object appears whole or not at all. Memory: one piece an upload; disk:
// of one file or part, at most two at once.
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"

namespace orakgarak::storage {

struct EndpointOptions {
  Clock clock = system_now;
  /// May a page of this origin ("http://localhost:8080") send and read answers? Asked for every request that
  /// names one.
  std::function<bool(const net::RequestHead&, std::string_view origin)> allowed_origin;
  /// Called when an object of this key has appeared, before the client is told.
  std::function<void(const std::string& key)> arrived;
};

/// Over the folder of open_local_objects. Errors: rejected "not_writable", "bad_signing_key".
Result<net::Handler> local_objects_endpoint(const std::filesystem::path& folder, EndpointOptions options);

}  // namespace orakgarak::storage
