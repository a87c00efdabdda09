#pragma once
// Rows in one SQLite file: what `orakgarak serve` uses where no PostgreSQL is configured.
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "uploads/store.h"

namespace orakgarak::storage {

/// The store in `file`, which is made (mode 0600) where it is missing, and brought up to this program's
/// schema. Any number of threads may use one store, and any number of stores, in as many processes, one file
/// on a local disk; writers take turns and wait up to ten seconds. A store must not be carried over fork().
///
/// Write-ahead log with synchronous=FULL: what has returned survives SIGKILL and loss of power.
///
/// Errors: rejected "store_unusable" (no such folder, no right to write, not a database), "store_newer" (the
/// file was written by a newer program); retry "store_unavailable".
Result<std::unique_ptr<uploads::UploadStore>> open_sqlite_uploads(const std::filesystem::path& file);

}  // namespace orakgarak::storage
