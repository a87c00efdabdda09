#pragma once
// The data of a server under --data: one database, one folder of objects. One server and several commands may
// use them at once.
#include <filesystem>
#include <memory>

#include "app/settings.h"
#include "base/result.h"
#include "people/store.h"
#include "uploads/objects.h"
#include "uploads/store.h"

namespace orakgarak::app {

std::filesystem::path database_file(const Settings&);   ///< DATA/orakgarak.db
std::filesystem::path objects_folder(const Settings&);  ///< DATA/objects

/// DATA, readable by its owner alone where it is made here. Errors: rejected "no_data_folder".
Result<void> make_data_folder(const Settings&);

/// DATA/serve.lock, held as long as a server runs with DATA, and gone with its process. One server alone: a
/// second would not tell the first one's pages what it moves, and would grant the machine's memory once more.
/// Errors: conflict "data_in_use" (names the process); rejected "not_writable".
Result<uploads::OpenFile> lock_for_serving(const Settings&);

/// For commands that look at what is there. Errors: not_found "no_server_data" (no server has run with this
/// folder); those of storage::open_sqlite_uploads.
Result<std::unique_ptr<uploads::UploadStore>> open_uploads(const Settings&);

/// For commands that may come before the first start: makes the folder and the database. Errors: those of
/// make_data_folder and storage::open_sqlite_people.
Result<std::unique_ptr<people::PeopleStore>> open_people(const Settings&);

}  // namespace orakgarak::app
