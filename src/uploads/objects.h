#pragma once
// The port to the bytes. Keys are ours ("uploads/<upload id>", "derived/<upload id>/<name>"); they never come
// from a file name. Each adapter passes tests/contract/object_store.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "uploads/upload.h"

namespace orakgarak::uploads {

struct ObjectFacts {
  std::uint64_t size = 0;
  std::string version;  ///< opaque; other bytes under the same key have another one
};

struct ListedObject {
  std::string key;
  Time changed;
};

/// An open file: closed when it goes.
class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();
  int fd() const { return fd_; }

 private:
  int fd_;
};

/// Takes bytes in order; may fail.
using ByteSink = std::function<Result<void>(std::span<const std::byte>)>;

/// Errors of every function, beside those named: retry "objects_unavailable"; rejected "bad_key" for a key
/// that is none of ours (empty, absolute, with "..", a backslash or a control character).
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  /// Errors: not_found "no_such_object".
  virtual Result<ObjectFacts> head(const std::string& key) = 0;
  /// The bytes of exactly this version, as a file that can be read and mapped; what is written under the key
  /// later does not show in it. still_ours: asked now and then where that takes long, so that a lease is held
  /// on. Errors: not_found "no_such_object"; conflict "object_changed", "job_lost" (still_ours said no).
  virtual Result<OpenFile> open(const std::string& key, const std::string& version,
                                const std::function<bool()>& still_ours = {}) = 0;
  /// Appears whole when `write` has returned without an error, or not at all. Errors: those of `write`;
  /// retry "disk_full".
  virtual Result<ObjectFacts> put(const std::string& key,
                                  const std::function<Result<void>(const ByteSink&)>& write) = 0;
  /// Also where there is none.
  virtual Result<void> remove(const std::string& key) = 0;
  /// Keys that begin with `prefix` and come after `after`, in the order of bytes, at most `limit`.
  virtual Result<std::vector<ListedObject>> list(const std::string& prefix, const std::string& after,
                                                 std::size_t limit) = 0;
};

std::string object_key(const UploadId&);
/// The upload that a key of either form belongs to; nothing for other keys.
std::optional<UploadId> upload_of_key(std::string_view key);
std::string derived_prefix(const UploadId&);
/// Where the pictures of an upload are once it is COMPLETED; both are image/jpeg.
std::string optimized_key(const UploadId&);
std::string thumbnail_key(const UploadId&);

}  // namespace orakgarak::uploads
