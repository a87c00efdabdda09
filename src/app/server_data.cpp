#include "app/server_data.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "storage/sqlite/people.h"
#include "storage/sqlite/uploads.h"

namespace orakgarak::app {

std::filesystem::path database_file(const Settings& settings) { return settings.data / "orakgarak.db"; }
std::filesystem::path objects_folder(const Settings& settings) { return settings.data / "objects"; }

Result<void> make_data_folder(const Settings& settings) {
  if (settings.data.empty())
    return rejected("no_data_folder", "there is no home to keep data in; name a folder with --data");
  std::error_code fault;
  if (std::filesystem::is_directory(settings.data, fault)) return {};
  std::filesystem::create_directories(std::filesystem::absolute(settings.data).parent_path(), fault);
  if (fault ||
      (::mkdir(settings.data.c_str(), 0700) != 0 && !std::filesystem::is_directory(settings.data, fault)))
    return rejected("no_data_folder", fmt::format("the folder {} cannot be made; name another with --data",
                                                  settings.data.string()));
  return {};
}

Result<std::unique_ptr<uploads::UploadStore>> open_uploads(const Settings& settings) {
  std::error_code ignored;
  if (!std::filesystem::exists(database_file(settings), ignored))
    return fail(ErrorKind::not_found, "no_server_data",
                fmt::format("{}: no server has run with this folder; name that of your server with --data",
                            settings.data.string()));
  return storage::open_sqlite_uploads(database_file(settings));
}

Result<std::unique_ptr<people::PeopleStore>> open_people(const Settings& settings) {
  if (auto made = make_data_folder(settings); !made) return std::unexpected(std::move(made.error()));
  return storage::open_sqlite_people(database_file(settings));
}

}  // namespace orakgarak::app
