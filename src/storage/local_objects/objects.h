#pragma once
// Objects as files of one folder: what runs with nothing installed.
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "uploads/objects.h"

namespace orakgarak::storage {

/// The file of key K is FOLDER/objects/K; half-written ones lie in FOLDER/incoming and are removed at the
/// next start once a day old. A file is written, flushed to the disk and then renamed, so it appears whole
/// and survives a loss of power. Its version is its inode, size and time of change: a file renamed over it
/// has another inode, and who has the old one open goes on reading the old bytes. Several processes may use
/// one folder. Errors: rejected "not_writable".
Result<std::unique_ptr<uploads::ObjectStore>> open_local_objects(const std::filesystem::path& folder);

}  // namespace orakgarak::storage
