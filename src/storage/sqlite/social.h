#pragma once
// What people show each other, in the SQLite file that also holds uploads and people
// (storage/sqlite/uploads.h says what that promises).
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "people/social_store.h"

namespace orakgarak::storage {

/// Errors: as open_sqlite_uploads.
Result<std::unique_ptr<people::SocialStore>> open_sqlite_social(const std::filesystem::path& file);

}  // namespace orakgarak::storage
