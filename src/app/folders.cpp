#include "app/folders.h"

namespace orakgarak::app {
namespace {

std::filesystem::path home_folder(const Environment& environment, const char* variable,
                                  const char* below_home) {
  // The XDG base directory specification: a relative path is to be ignored.
  if (const auto found = environment.find(variable);
      found != environment.end() && std::filesystem::path(found->second).is_absolute())
    return std::filesystem::path(found->second) / "orakgarak";
  if (const auto home = environment.find("HOME"); home != environment.end())
    return std::filesystem::path(home->second) / below_home / "orakgarak";
  return {};
}

std::filesystem::path shipped_folder(const char* name, std::filesystem::path in_sources) {
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  auto installed = program.parent_path().parent_path() / "share/orakgarak" / name;
  if (!program.empty() && std::filesystem::is_directory(installed, ignored)) return installed;
  return in_sources;
}

}  // namespace

std::filesystem::path data_folder(const Environment& environment) {
  return home_folder(environment, "XDG_DATA_HOME", ".local/share");
}

std::filesystem::path config_file(const Environment& environment) {
  const auto folder = home_folder(environment, "XDG_CONFIG_HOME", ".config");
  return folder.empty() ? folder : folder / "config.ini";
}

std::filesystem::path catalog_folder() { return shipped_folder("catalog", ORAK_CATALOG_DIR); }
std::filesystem::path page_folder() { return shipped_folder("page", ORAK_WEB_DIR "/page"); }
std::filesystem::path docs_folder() { return shipped_folder("docs", ORAK_WEB_DIR "/docs"); }

std::string message_locale(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const auto found = environment.find(name); found != environment.end()) return found->second;
  return {};
}

}  // namespace orakgarak::app
