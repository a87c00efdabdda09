#include "uploads/objects.h"

#include <unistd.h>

namespace orakgarak::uploads {
namespace {

constexpr std::string_view original = "uploads/", derived = "derived/";

}  // namespace

OpenFile::~OpenFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::string object_key(const UploadId& upload) { return std::string(original) + upload.text(); }
std::string derived_prefix(const UploadId& upload) { return std::string(derived) + upload.text() + "/"; }
std::string optimized_key(const UploadId& upload) { return derived_prefix(upload) + "optimized.jpg"; }
std::string thumbnail_key(const UploadId& upload) { return derived_prefix(upload) + "thumbnail.jpg"; }

std::optional<UploadId> upload_of_key(std::string_view key) {
  if (key.starts_with(original)) return UploadId::parse(key.substr(original.size()));
  if (!key.starts_with(derived)) return std::nullopt;
  const auto rest = key.substr(derived.size());
  return UploadId::parse(rest.substr(0, rest.find('/')));
}

}  // namespace orakgarak::uploads
