#include <fmt/format.h>

#include "app/catalog_text.h"
#include "app/commands.h"
#include "app/library.h"
#include "app/terminal.h"
#include "app/text.h"
#include "songs/catalogue.h"

namespace orakgarak::app {
namespace {

std::string_view describe(songs::IssueCode code) {
  using songs::IssueCode;
  switch (code) {
    case IssueCode::empty_title:
      return "has no title";
    case IssueCode::empty_artist:
      return "has no artist";
    case IssueCode::no_pitch:
      return "has neither a highest note nor seconds, so that it can never be recommended";
    case IssueCode::end_implausible:
      return "has an end that no song has, outside 28 to 96: MIDI number";
    case IssueCode::ends_crossed:
      return "has its lowest note above its highest, by semitones:";
    case IssueCode::span_implausible:
      return "spans more than four octaves, in semitones:";
    case IssueCode::outside_ends:
      return "has seconds outside its own ends, at MIDI number";
    case IssueCode::end_not_sung:
      return "names an end at which nothing is sung, MIDI number";
    case IssueCode::seconds_broken:
      return "has seconds that cannot be, at MIDI number";
    case IssueCode::seconds_implausible:
      return "is sung for an implausible time, in seconds:";
    case IssueCode::year_implausible:
      return "has an implausible year:";
    case IssueCode::language_malformed:
      return "has a language that is not two small letters (ISO 639-1)";
    case IssueCode::duplicate:
      return "is listed twice";
  }
  return "";
}

bool has_value(songs::IssueCode code) {
  return describe(code).ends_with(':') || describe(code).ends_with("number");
}

std::string issues_text(std::span<const songs::Song> songs, std::string_view where) {
  std::string text;
  for (const auto& issue : songs::check(songs)) {
    const auto& song = songs[issue.song];
    text += fmt::format("{}: {} {}", printable(where), song_name(song), describe(issue.code));
    if (has_value(issue.code)) text += fmt::format(" {:g}", issue.value);
    text += "\n";
  }
  return text;
}

/// Tells what is wrong with it.
Result<ExitCode> check_file(const std::string& file) {
  const auto catalogue = read_songs(file);
  if (!catalogue) return std::unexpected(catalogue.error());
  std::string text;
  for (const auto& error : catalogue->errors)
    text +=
        fmt::format("{}, line {}, column {}: {}\n", printable(file), error.line, error.column, error.what);
  if (catalogue->errors_not_listed > 0)
    text += fmt::format("{}: {} more broken lines\n", printable(file), catalogue->errors_not_listed);
  std::vector<songs::Song> songs;
  for (const auto& song : catalogue->songs) songs.push_back(song.facts);
  text += issues_text(songs, file);
  if (!text.empty()) {
    write_out(text);
    return ExitCode::unreadable;
  }
  write_out(songs.empty() ? fmt::format("{}: holds no song\n", printable(file))
                          : fmt::format("{}: {} song{}, nothing wrong\n", printable(file), songs.size(),
                                        songs.size() == 1 ? "" : "s"));
  return songs.empty() ? ExitCode::nothing : ExitCode::answered;
}

}  // namespace

ExitCode run(const CatalogCheckCommand& command, const Settings& settings) {
  std::vector<std::string> files = command.files;
  if (files.empty()) files = library_files(settings);
  ExitCode code = ExitCode::answered;
  for (const auto& file : files) {
    const auto checked = check_file(file);
    if (!checked) complain(checked.error().detail);
    const auto found = checked ? *checked : ExitCode::unreadable;
    if (code != ExitCode::unreadable && found != ExitCode::answered) code = found;
  }
  return code;
}

}  // namespace orakgarak::app
