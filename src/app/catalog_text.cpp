#include "app/catalog_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/recommend_text.h"
#include "app/text.h"

namespace orakgarak::app {
namespace {

using formats::note_name;

constexpr int label_columns = 12, year_columns = 4, language_columns = 4;
constexpr int narrow_columns = 60;  // below, the names need the room of year and language

std::string end_text(const std::optional<Midi>& end, formats::Notation notation) {
  return end ? note_name(*end, notation) : "?";
}

std::string evidence_text(const songs::Song& song) {
  if (song.octave == songs::OctaveEvidence::uncertain) return "the octave written may not be the octave sung";
  if (!song.seconds_per_semitone.empty()) return "transcribed";
  return song.lowest ? "its two ends" : "its highest note only";
}

}  // namespace

std::string song_name(const songs::Song& song) {
  return printable(song.artist.empty() ? fmt::format("\"{}\"", song.title)
                                       : fmt::format("\"{}\" by {}", song.title, song.artist));
}

std::string song_list_text(std::span<const songs::Song* const> songs, formats::Notation notation,
                           const Output& output) {
  int note_columns = 6;
  for (const auto* song : songs)
    note_columns = std::max({note_columns, display_width(end_text(song->lowest, notation)),
                             display_width(end_text(song->highest, notation))});
  const bool narrow = output.columns() < narrow_columns;
  const int facts_columns = narrow ? 0 : year_columns + language_columns + 2;
  const int rest = std::max(20, output.columns() - 2 * note_columns - facts_columns - 3);
  const int title_columns = rest * 11 / 20, artist_columns = rest - title_columns;
  const auto row = [&](std::string_view title, std::string_view artist, std::string_view year,
                       std::string_view language, std::string_view low, std::string_view high) {
    auto line = fit_left(title, title_columns) + " " + fit_left(artist, artist_columns) + " ";
    if (!narrow) line += fit_left(year, year_columns) + " " + fit_left(language, language_columns) + " ";
    line += fit_left(low, note_columns) + " " + fit_left(high, note_columns);
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  };
  auto text = output.paint(Colour::dim, row("song", "artist", "year", "lang", "low", "high")) + "\n";
  for (const auto* song : songs)
    text +=
        row(printable(song->title), printable(song->artist), song->year ? std::to_string(*song->year) : "",
            song->language, end_text(song->lowest, notation), end_text(song->highest, notation)) +
        "\n";
  return text;
}

std::string song_text(const songs::Song& song, formats::Notation notation, const Output& output) {
  auto text = output.paint(Colour::bold, printable(song.title)) + "  " + printable(song.artist) + "\n";
  const auto row = [&](std::string_view label, const std::string& content) {
    if (!content.empty())
      text += output.paint(Colour::dim, fit_left("  " + std::string(label), label_columns)) + content + "\n";
  };
  row("year", song.year ? std::to_string(*song.year) : "");
  row("language", song.language);
  row("range", fmt::format("{} to {}{}", end_text(song.lowest, notation), end_text(song.highest, notation),
                           song.highest_is_falsetto ? " (falsetto)" : ""));
  if (song.adlib_highest) row("ad-lib", "up to " + note_name(*song.adlib_highest, notation));
  row("known by", evidence_text(song));
  if (song.us_chart_peak) row("charts", fmt::format("number {} in the US", *song.us_chart_peak));
  if (song.rs500_rank) row("ranked", fmt::format("number {} of the 500 greatest songs", *song.rs500_rank));
  row("karaoke", karaoke_text(song.karaoke));
  row("source", printable(song.source));
  double most = 0;
  int note_columns = 0;
  for (const auto& [midi, seconds] : song.seconds_per_semitone) {
    most = std::max(most, seconds);
    note_columns = std::max(note_columns, display_width(note_name(Midi(midi), notation)));
  }
  for (auto at = song.seconds_per_semitone.rbegin(); at != song.seconds_per_semitone.rend(); ++at)
    text += std::string(label_columns, ' ') + fit_left(note_name(Midi(at->first), notation), note_columns) +
            " " + output.paint(Colour::cyan, bar(at->second / most, 40)) +
            fmt::format(" {:.1f} s\n", at->second);
  return text;
}

}  // namespace orakgarak::app
