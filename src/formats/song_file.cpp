#include "formats/song_file.h"

#include <algorithm>
#include <cctype>

#include "formats/kern.h"
#include "formats/midi.h"
#include "formats/musicxml.h"
#include "formats/musicxml_zip.h"
#include "formats/song_catalogue.h"
#include "formats/text_lines.h"
#include "formats/ultrastar.h"

namespace orakgarak::formats {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
  return out;
}

std::string_view file_name(std::string_view path) { return path.substr(path.find_last_of("/\\") + 1); }

std::optional<SongFormat> format_of_name(std::string_view path) {
  constexpr std::pair<std::string_view, SongFormat> endings[] = {
      {".jsonl", SongFormat::jsonl},  {".ndjson", SongFormat::jsonl},      {".json", SongFormat::jsonl},
      {".csv", SongFormat::csv},      {".tsv", SongFormat::csv},           {".txt", SongFormat::ultrastar},
      {".mid", SongFormat::midi},     {".midi", SongFormat::midi},         {".kar", SongFormat::midi},
      {".rmi", SongFormat::midi},     {".musicxml", SongFormat::musicxml}, {".xml", SongFormat::musicxml},
      {".mxl", SongFormat::musicxml}, {".krn", SongFormat::kern}};
  const std::string name = lower(file_name(path));
  for (const auto& [ending, format] : endings)
    if (name.ends_with(ending)) return format;
  return std::nullopt;
}

bool has_utf16_mark(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
}

/// A CSV header names a column title.
bool is_csv_header(std::string_view line) {
  const std::string header = lower(line);
  for (std::size_t at = 0; at <= header.size();) {
    const std::size_t end = std::min(header.find_first_of(",;\t", at), header.size());
    const std::string_view cell = trimmed(std::string_view(header).substr(at, end - at));
    if (cell == "title" || cell == "\"title\"") return end < header.size() || at > 0;
    at = end + 1;
  }
  return false;
}

template <class Reader>
Result<SongFile> one_song(SongFormat format, Reader read, std::string_view bytes) {
  auto song = read(bytes);
  if (!song) return std::unexpected(std::move(song.error()));
  SongFile file{.format = format, .songs = {}, .errors = {}};
  file.songs.push_back(std::move(*song));
  return file;
}

template <class Reader>
Result<SongFile> catalogue(SongFormat format, Reader read, std::string_view bytes) {
  auto read_songs = read(bytes);
  if (!read_songs) return std::unexpected(std::move(read_songs.error()));
  SongFile file{.format = format,
                .songs = {},
                .errors = std::move(read_songs->errors),
                .errors_not_listed = read_songs->errors_not_listed};
  file.songs.reserve(read_songs->songs.size());
  for (songs::Song& song : read_songs->songs) file.songs.push_back({std::move(song), {}});
  return file;
}

Result<SongFile> read_as(SongFormat format, std::string_view bytes) {
  switch (format) {
    case SongFormat::jsonl:
      return catalogue(format, read_song_jsonl, bytes);
    case SongFormat::csv:
      return catalogue(format, read_song_csv, bytes);
    case SongFormat::midi:
      return one_song(format, read_midi, bytes);
    case SongFormat::musicxml:
      return one_song(format, read_musicxml, bytes);
    case SongFormat::kern:
      return one_song(format, read_kern, bytes);
    case SongFormat::ultrastar:
      break;
  }
  auto voices = read_ultrastar(bytes);
  if (!voices) return std::unexpected(std::move(voices.error()));
  return SongFile{.format = format, .songs = std::move(*voices), .errors = {}};
}

/// As far as the first bytes tell: WAV, AIFF, CAF, FLAC, Ogg, Matroska and WebM, MP4, MP3 with a tag.
bool is_recording(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("RIFF") && bytes.size() > 12) return bytes.substr(8, 4) == "WAVE";
  if (bytes.size() > 8 && bytes.substr(4, 4) == "ftyp") return true;
  constexpr std::string_view marks[] = {"FORM"sv, "caff"sv, "fLaC"sv, "OggS"sv, "\x1A\x45\xDF\xA3"sv,
                                        "ID3"sv};
  return std::ranges::any_of(marks, [&](std::string_view mark) { return bytes.starts_with(mark); });
}

/// "Artist - Title.mid" names what the file itself does not.
void name_after_file(songs::Song& song, std::string_view path) {
  std::string_view stem = file_name(path);
  stem = stem.substr(0, stem.rfind('.'));
  const std::string name = guess_encoding(stem);
  const std::size_t dash = name.find(" - ");
  if (dash != std::string::npos && song.artist.empty())
    song.artist = tidy_name(std::string_view(name).substr(0, dash), limits::name_bytes);
  song.title =
      tidy_name(std::string_view(name).substr(dash == std::string::npos ? 0 : dash + 3), limits::name_bytes);
  if (song.title.empty()) song.title = "Untitled";
}

}  // namespace

std::string_view song_format_name(SongFormat format) {
  switch (format) {
    case SongFormat::jsonl:
      return "JSONL";
    case SongFormat::csv:
      return "CSV";
    case SongFormat::ultrastar:
      return "UltraStar";
    case SongFormat::midi:
      return "MIDI";
    case SongFormat::musicxml:
      return "MusicXML";
    case SongFormat::kern:
      return "Humdrum";
  }
  return "";
}

std::optional<SongFormat> detect_song_format(std::string_view bytes, std::string_view name) {
  const bool riff_midi = bytes.starts_with("RIFF") && bytes.size() > 12 && bytes.substr(8, 4) == "RMID";
  if (bytes.starts_with("MThd") || riff_midi) return SongFormat::midi;
  if (is_zip(bytes)) return SongFormat::musicxml;
  std::string utf8;
  if (has_utf16_mark(bytes)) bytes = utf8 = without_byte_order_mark(bytes.substr(0, 8192));
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return format_of_name(name);
  const std::string_view text = bytes.substr(first);
  if (text.starts_with('<')) return SongFormat::musicxml;
  if (text.starts_with('{') || text.starts_with('[')) return SongFormat::jsonl;
  if (text.starts_with("**") || text.starts_with("!!")) return SongFormat::kern;
  const std::string_view line = text.substr(0, std::min<std::size_t>(text.find_first_of("\r\n"), 4096));
  if (line.starts_with('#') && line.find(':') != std::string_view::npos) return SongFormat::ultrastar;
  if (is_csv_header(line)) return SongFormat::csv;
  const auto named = format_of_name(name);
  // .txt may hold anything; a song has headers, or at least notes.
  if (named == SongFormat::ultrastar && bytes.find('#') == std::string_view::npos &&
      std::string_view(":*").find(text.front()) == std::string_view::npos)
    return std::nullopt;
  return named;
}

Result<SongFile> read_song_file(std::string_view bytes, std::string_view name) {
  if (bytes.empty())
    return rejected("empty_file", "The song file is empty; check that it was copied completely.");
  const auto format = detect_song_format(bytes, name);
  if (!format && is_recording(bytes))
    return rejected(
        "recording",
        "The file is a recording; orakgarak recommend hears those. A song to import is written out "
        "in notes.");
  if (!format)
    return rejected(
        "unknown_format",
        "The file is no song that can be read; give JSONL, CSV with a header, UltraStar .txt, MIDI or "
        "KAR, MusicXML, or Humdrum **kern.");
  std::string utf8;
  if (has_utf16_mark(bytes))
    bytes = utf8 = without_byte_order_mark(bytes.substr(0, limits::catalogue_bytes + 1));
  auto file = read_as(*format, bytes);
  if (!file) return file;
  for (ImportedSong& song : file->songs)
    if (song.facts.title.empty()) name_after_file(song.facts, name);
  return file;
}

}  // namespace orakgarak::formats
