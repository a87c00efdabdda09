#pragma once
// The folder of a server's data, --data: its database, unless that is PostgreSQL, and its objects, unless
// they are in S3. One server and several commands may use it at once.
#include <filesystem>

#include "app/settings.h"
#include "base/result.h"
#include "uploads/objects.h"

namespace orakgarak::app {

std::filesystem::path database_file(const Settings&);   ///< DATA/orakgarak.db
std::filesystem::path objects_folder(const Settings&);  ///< DATA/objects

/// DATA, readable by its owner alone where it is made here. Errors: rejected "no_data_folder".
Result<void> make_data_folder(const Settings&);

/// DATA/serve.lock, held as long as a server runs with DATA, and gone with its process. One server alone: a
/// second would not tell the first one's pages what it moves, and would grant the machine's memory once more.
/// Errors: conflict "data_in_use" (names the process); rejected "not_writable".
Result<uploads::OpenFile> lock_for_serving(const Settings&);

}  // namespace orakgarak::app
