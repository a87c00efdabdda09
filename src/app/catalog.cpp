#include <fmt/format.h>

#include <algorithm>

#include "app/catalog_text.h"
#include "app/commands.h"
#include "app/library.h"
#include "app/terminal.h"
#include "formats/text_utf8.h"
#include "songs/catalogue.h"
#include "songs/search.h"

namespace orakgarak::app {
namespace {

/// For comparing titles: NFC, ASCII letters in lower case.
std::string folded(std::string_view text) {
  auto result = formats::invalid_utf8_at(text) ? std::string(text) : formats::tidy_name(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

Result<Library> library_or_complaint(const Settings& settings) {
  auto library = load_library(settings);
  if (!library) complain(library.error().detail);
  if (!library) return library;
  for (const auto& warning : library->warnings) complain(warning);
  library->songs = songs::merge_same_songs(std::move(library->songs));  // as the matcher sees them
  return library;
}

}  // namespace

ExitCode run(const CatalogListCommand& command, const Settings& settings) {
  const auto library = library_or_complaint(settings);
  if (!library) return ExitCode::unreadable;
  std::vector<const songs::Song*> found;
  for (const auto index : songs::NameIndex(library->songs).search(folded(command.search)))
    found.push_back(&library->songs[index]);
  if (found.empty()) {
    complain(fmt::format("no song or artist has a name like \"{}\"", command.search));
    return ExitCode::nothing;
  }
  write_out(song_list_text(found, settings.notation, Output::standard()));
  return ExitCode::answered;
}

ExitCode run(const CatalogShowCommand& command, const Settings& settings) {
  const auto library = library_or_complaint(settings);
  if (!library) return ExitCode::unreadable;
  const auto wanted = folded(command.title);
  std::string text;
  for (const auto& song : library->songs)
    if (folded(song.title) == wanted) {
      if (!text.empty()) text += '\n';
      text += song_text(song, settings.notation, Output::standard());
    }
  if (text.empty()) {
    complain(
        fmt::format("no song is called \"{0}\"; orakgarak catalog list --search \"{0}\" looks for a part of "
                    "the name",
                    command.title));
    return ExitCode::nothing;
  }
  write_out(text);
  return ExitCode::answered;
}

}  // namespace orakgarak::app
