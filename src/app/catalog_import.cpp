#include <fmt/format.h>

#include <iterator>

#include "app/catalog_text.h"
#include "app/commands.h"
#include "app/library.h"
#include "app/terminal.h"
#include "app/text.h"

namespace orakgarak::app {
namespace {

/// What one file gave, told on both streams.
struct Imported {
  std::vector<songs::Song> songs;
  ExitCode code = ExitCode::answered;
};

Imported import_file(const std::string& file) {
  Imported imported;
  auto read = read_songs(file);
  if (!read) {
    complain(read.error().detail);
    imported.code = ExitCode::unreadable;
    return imported;
  }
  for (const auto& error : read->errors)
    complain(fmt::format("{}, line {}, column {}: {}; the line is left out", file, error.line, error.column,
                         error.what));
  if (read->errors_not_listed > 0)
    complain(fmt::format("{}: {} more lines are left out", file, read->errors_not_listed));
  if (!read->errors.empty()) {
    imported.code = ExitCode::unreadable;
  } else if (read->songs.empty()) {
    complain(fmt::format("{}: holds no song, so nothing was added", file));
    imported.code = ExitCode::nothing;
  }
  for (auto& song : read->songs) {
    // Why this part was taken for the melody; catalogue lines have nothing to explain.
    if (!song.reason.empty())
      write_out(fmt::format("{}: {}\n", song_name(song.facts), printable(song.reason)));
    imported.songs.push_back(std::move(song.facts));
  }
  return imported;
}

}  // namespace

ExitCode run(const CatalogImportCommand& command, const Settings& settings) {
  std::vector<songs::Song> songs;
  ExitCode code = ExitCode::answered;
  for (const auto& file : command.files) {
    auto imported = import_file(file);
    if (code != ExitCode::unreadable && imported.code != ExitCode::answered) code = imported.code;
    std::move(imported.songs.begin(), imported.songs.end(), std::back_inserter(songs));
  }
  if (!songs.empty()) {
    const auto added = add_own_songs(settings, std::move(songs));
    if (!added) {
      complain(added.error().detail);
      return ExitCode::usage;
    }
    write_out(fmt::format("{} added, {} replaced\n", added->added, added->replaced));
  }
  return code;
}

}  // namespace orakgarak::app
