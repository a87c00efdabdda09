#pragma once
// People in the SQLite file that also holds the uploads (storage/sqlite/uploads.h says what that promises).
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "people/store.h"

namespace orakgarak::storage {

/// Errors: as open_sqlite_uploads.
Result<std::unique_ptr<people::PeopleStore>> open_sqlite_people(const std::filesystem::path& file);

}  // namespace orakgarak::storage
