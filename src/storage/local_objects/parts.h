#pragma once
// Multipart uploads on the disk: parts/ID holds `upload` (the key), the parts as 00001, 00002, … and, once it
// was completed, `done` (the version of the object). A part's file ends with the SHA-256 of what is before
// it, so that both come and go by one rename. A part may be sent again until the upload is completed.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/local_objects/folder.h"
#include "uploads/presign.h"
#include "uploads/sha256.h"

namespace orakgarak::storage {

inline constexpr int most_parts = 10'000;  ///< as S3

/// Its id.
Result<std::string> open_multipart(const Folder& folder, const std::string& key);
/// May parts of it come? Errors: not_found "no_such_multipart" (none of this key, completed, or thrown away).
Result<void> multipart_is_open(const Folder& folder, const std::string& key, const std::string& id);
/// half: the bytes of the part; digest: theirs. Errors: not_found "no_such_multipart"; retry "disk_full".
Result<void> put_part(const Folder& folder, const std::string& key, const std::string& id, int number,
                      HalfFile half, const uploads::Digest& digest);

// As uploads::Presigner says it:
Result<std::vector<uploads::StoredPart>> stored_parts(const Folder& folder, const std::string& key,
                                                      const std::string& id);
Result<uploads::ObjectFacts> complete_multipart(const Folder& folder, const std::string& key,
                                                const std::string& id,
                                                std::span<const uploads::StoredPart> parts);
Result<void> abort_multipart(const Folder& folder, const std::string& key, const std::string& id);
Result<std::vector<uploads::OpenMultipart>> list_multiparts(
    const Folder& folder, const std::optional<uploads::OpenMultipart>& after, std::size_t limit);

}  // namespace orakgarak::storage
