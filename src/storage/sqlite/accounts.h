#pragma once
// Accounts in the SQLite file that also holds the people (storage/sqlite/uploads.h says what that promises).
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "people/account_store.h"

namespace orakgarak::storage {

/// Errors: as open_sqlite_uploads.
Result<std::unique_ptr<people::AccountStore>> open_sqlite_accounts(const std::filesystem::path& file);

}  // namespace orakgarak::storage
