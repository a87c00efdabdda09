#pragma once
// One object as it stands at S3, and its bytes.
#include "storage/s3_objects/client.h"
#include "uploads/objects.h"

namespace orakgarak::storage::s3 {

/// Errors: as of ObjectStore::head().
Result<uploads::ObjectFacts> facts_of(const Client& client, const std::string& key);

/// How often a download that broke off goes on where it was.
inline constexpr int most_resumed = 4;

/// The bytes of this version. What breaks off in the middle goes on from there, held to the same version.
/// Errors: as of ObjectStore::open(); retry "disk_full".
Result<uploads::OpenFile> download(const Client& client, const std::string& key, const std::string& version,
                                   const std::function<bool()>& still_ours);

}  // namespace orakgarak::storage::s3
