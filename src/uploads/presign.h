#pragma once
// The port by which bytes come and go without passing through us: presigned uploads and downloads as S3 has
// them. A small file goes by one form (POST policy), a large one in parts, so that a broken line sends at
// most one part again. Adapters: local_objects (its own HTTP endpoint), s3_objects.
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "uploads/objects.h"

namespace orakgarak::uploads {

inline constexpr std::uint64_t part_bytes = 16ULL
                                            << 20;  ///< every part but the last; larger files go in parts
inline constexpr bool goes_in_parts(std::uint64_t size) { return size > part_bytes; }
inline constexpr int part_count(std::uint64_t size) {
  return static_cast<int>((size + part_bytes - 1) / part_bytes);
}
/// Bytes of part `number` (from 1) of an object of `size` bytes.
inline constexpr std::uint64_t part_length(std::uint64_t size, int number) {
  const auto from = static_cast<std::uint64_t>(number - 1) * part_bytes;
  return size - from < part_bytes ? size - from : part_bytes;
}

/// What the browser sends as multipart/form-data: the fields in any order, then the file as field "file".
struct PresignedForm {
  std::string url;
  std::map<std::string, std::string> fields;
};
/// What the browser sends as PUT with exactly these headers and the part as its body.
struct PresignedPart {
  int number = 0;
  std::string url;
  std::map<std::string, std::string> headers;  ///< signed: SHA-256 of the part, and Content-Length, which the
                                               ///< browser itself sets and which is not in here
};
struct PartWanted {
  int number = 0;      ///< from 1
  std::string sha256;  ///< of the part: 64 hexadecimal digits, lower case
};
/// How an object is handed out.
struct Download {
  std::string content_type;
  std::string file_name = {};  ///< under which a browser saves it; empty: it is shown or played in place
};
struct StoredPart {
  int number = 0;
  std::uint64_t size = 0;
  std::string sha256;  ///< as PartWanted; empty where the store does not tell it
  std::string etag;
};

/// A multipart upload of which something is kept at the store.
struct OpenMultipart {
  std::string key, id;
  Time opened;
};

/// Errors of every function: retry "objects_unavailable"; rejected "bad_key".
class Presigner {
 public:
  virtual ~Presigner() = default;

  /// base: scheme, host and port by which the client reaches the store ("http://localhost:8081"). The store
  /// holds the body to exactly declared.size bytes, declared.content_type and declared.sha256, under `key`,
  /// until `expires`.
  virtual Result<PresignedForm> form(const std::string& base, const std::string& key,
                                     const Declared& declared, Time now, Time expires) = 0;
  /// A URL that gives the object of `key` until `expires`, whole or a range of it (RFC 9110, 14), to whoever
  /// has it. Where there is no such object it gives 404.
  virtual Result<std::string> download(const std::string& base, const std::string& key, const Download&,
                                       Time now, Time expires) = 0;
  /// Opens a multipart upload: its id at the store.
  virtual Result<std::string> open_parts(const std::string& key, const Declared& declared) = 0;
  /// length: the part's exact length.
  virtual Result<PresignedPart> part(const std::string& base, const std::string& key,
                                     const std::string& multipart, const PartWanted& part,
                                     std::uint64_t length, Time now, Time expires) = 0;
  /// The parts that are there, by number. Errors: not_found "no_such_multipart".
  virtual Result<std::vector<StoredPart>> parts(const std::string& key, const std::string& multipart) = 0;
  /// Makes the object of exactly these parts; it appears whole or not at all. Done twice it does the same as
  /// once, where the object is still that one. Errors: not_found "no_such_multipart"; rejected
  /// "part_missing", "part_changed"; retry "disk_full".
  virtual Result<ObjectFacts> complete(const std::string& key, const std::string& multipart,
                                       std::span<const StoredPart> parts) = 0;
  /// Throws away what came; also where there is nothing.
  virtual Result<void> abort(const std::string& key, const std::string& multipart) = 0;
  /// Those that were not thrown away, in an order of the store's own, at most `limit`; those after `after`,
  /// which need not exist any more. What a completed one leaves may be among them.
  virtual Result<std::vector<OpenMultipart>> multiparts(const std::optional<OpenMultipart>& after,
                                                        std::size_t limit) = 0;
};

}  // namespace orakgarak::uploads
