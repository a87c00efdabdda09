#pragma once
// What S3 says in XML. Bytes from outside: each reader gives nothing where they are not such an answer, and
// what it gives can be put into a header, a query or a log line.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uploads/objects.h"
#include "uploads/presign.h"

namespace orakgarak::storage::s3 {

/// Letters and digits, 64 at most: "NoSuchKey". Empty where it is no <Error>.
std::string error_code(std::string_view xml);

/// An ETag as we keep it, without quotes: printable ASCII, 1 to 255 bytes. Nothing for anything else.
std::optional<std::string> read_etag(std::string_view quoted);
/// "2026-11-24T12:00:00.000Z", with or without a fraction.
std::optional<Time> read_time(std::string_view text);

/// Of ListObjectsV2.
struct ObjectPage {
  std::vector<uploads::ListedObject> objects;
  std::string next;  ///< continuation token; empty: there are no more
};
std::optional<ObjectPage> read_objects(std::string_view xml);

/// Of ListObjectVersions: versions and delete markers alike.
struct VersionPage {
  struct Version {
    std::string key, id;
  };
  std::vector<Version> versions;
  std::string next_key, next_id;  ///< markers; next_key empty: there are no more
};
std::optional<VersionPage> read_versions(std::string_view xml);

/// Of ListParts.
struct PartPage {
  std::vector<uploads::StoredPart> parts;
  int next = 0;  ///< marker; 0: there are no more
};
std::optional<PartPage> read_parts(std::string_view xml);

/// Of ListMultipartUploads.
struct MultipartPage {
  std::vector<uploads::OpenMultipart> multiparts;
  std::string next_key, next_id;  ///< markers; next_key empty: there are no more
};
std::optional<MultipartPage> read_multiparts(std::string_view xml);

/// Of CreateMultipartUpload: its id.
std::optional<std::string> read_opened(std::string_view xml);
/// Of CompleteMultipartUpload: the ETag of the object. Nothing also where it is an <Error>, which S3 says
/// under status 200 too.
std::optional<std::string> read_completed(std::string_view xml);

/// What CompleteMultipartUpload is asked with. parts: by number.
std::string write_parts(const std::vector<uploads::StoredPart>& parts);

}  // namespace orakgarak::storage::s3
