#pragma once
// Where things lie: the user's songs, the configuration file, the starter catalogues.
#include <filesystem>
#include <map>
#include <string>

namespace orakgarak::app {

/// The environment as far as this program reads it; names that are not set are absent.
using Environment = std::map<std::string, std::string>;

/// XDG_DATA_HOME/orakgarak, or ~/.local/share/orakgarak; empty where there is no home.
std::filesystem::path data_folder(const Environment&);

/// XDG_CONFIG_HOME/orakgarak/config.ini, or ~/.config/orakgarak/config.ini; empty where there is no home.
std::filesystem::path config_file(const Environment&);

/// ../share/orakgarak/catalog beside an installed program, or else catalog/ of the sources it was built from.
std::filesystem::path catalog_folder();

/// The built page, and the documentation's: ../share/orakgarak/NAME beside an installed program, or else
/// build/web/NAME of the sources.
std::filesystem::path page_folder();
std::filesystem::path docs_folder();

/// The locale that messages are written in: LC_ALL, LC_MESSAGES or LANG.
std::string message_locale(const Environment&);

}  // namespace orakgarak::app
