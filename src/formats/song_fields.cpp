#include "formats/song_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "formats/song_import.h"
#include "formats/text_lines.h"
#include "formats/text_utf8.h"

namespace orakgarak::formats {

namespace {

struct FieldRow {
  std::string_view name;
  SongField field;
  SongFieldKind kind;
};

using enum SongFieldKind;
constexpr std::array rows{
    FieldRow{"title", SongField::title, text},
    FieldRow{"artist", SongField::artist, text},
    FieldRow{"source", SongField::source, text},
    FieldRow{"language", SongField::language, text},
    FieldRow{"octave", SongField::octave, text},
    FieldRow{"tj", SongField::tj, text},
    FieldRow{"ky", SongField::ky, text},
    FieldRow{"dam", SongField::dam, text},
    FieldRow{"joysound", SongField::joysound, text},
    FieldRow{"year", SongField::year, number},
    FieldRow{"lowest_midi", SongField::lowest_midi, number},
    FieldRow{"highest_midi", SongField::highest_midi, number},
    FieldRow{"adlib_highest_midi", SongField::adlib_highest_midi, number},
    FieldRow{"us_chart_peak", SongField::us_chart_peak, number},
    FieldRow{"rs500_rank", SongField::rs500_rank, number},
    FieldRow{"highest_is_falsetto", SongField::highest_is_falsetto, flag},
    FieldRow{"seconds_per_semitone", SongField::seconds_per_semitone, histogram},
};

/// A value as it may be shown in a message: short, and never half a character.
std::string quoted(std::string_view value) {
  const std::string shown = tidy_name(value, 40);
  return fmt::format("'{}{}'", shown, value.size() > 40 ? "…" : "");
}

std::optional<double> parse_number(std::string_view value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
  return number;
}

std::optional<bool> parse_flag(std::string_view value) {
  for (const std::string_view yes : {"true", "TRUE", "True", "yes", "1"})
    if (value == yes) return true;
  for (const std::string_view no : {"false", "FALSE", "False", "no", "0"})
    if (value == no) return false;
  return std::nullopt;
}

/// Karaoke machines number their songs with digits, some with letters and a hyphen.
bool is_karaoke_number(std::string_view value) {
  return value.size() <= 16 && std::all_of(value.begin(), value.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
         });
}

bool is_language(std::string_view value) {
  return value.size() == 2 &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

SongFields::Fault whole_between(SongField field, double value, int low, int high) {
  if (value >= low && value <= high && value == std::floor(value)) return std::nullopt;
  return fmt::format("{} is {}; it must be a whole number between {} and {}", song_field_name(field), value,
                     low, high);
}

std::string* karaoke_number(songs::KaraokeNumbers& numbers, SongField field) {
  switch (field) {
    case SongField::tj:
      return &numbers.tj;
    case SongField::ky:
      return &numbers.ky;
    case SongField::dam:
      return &numbers.dam;
    case SongField::joysound:
      return &numbers.joysound;
    default:
      return nullptr;
  }
}

}  // namespace

SongField song_field(std::string_view name) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const FieldRow& r) { return r.name == name; });
  return row == rows.end() ? SongField::unknown : row->field;
}

std::string_view song_field_name(SongField field) {
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const FieldRow& r) { return r.field == field; });
  return row == rows.end() ? "unknown" : row->name;
}

SongFieldKind song_field_kind(SongField field) {
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const FieldRow& r) { return r.field == field; });
  return row == rows.end() ? SongFieldKind::unknown : row->kind;
}

SongFields::Fault SongFields::set_name(SongField field, std::string& to, std::string_view value) {
  to = tidy_name(value);
  if (to.size() <= limits::name_bytes) return std::nullopt;
  return fmt::format("{} takes {} bytes; {} are allowed", song_field_name(field), to.size(),
                     limits::name_bytes);
}

SongFields::Fault SongFields::set_text(SongField field, std::string_view raw) {
  if (const auto bad = invalid_utf8_at(raw))
    return fmt::format("{} is not UTF-8 from its byte {}; save the file as UTF-8", song_field_name(field),
                       *bad + 1);
  const std::string_view value = trimmed(raw);
  if (field == SongField::title) return set_name(field, song_.title, value);
  if (field == SongField::artist) return set_name(field, song_.artist, value);
  if (field == SongField::source) return set_name(field, song_.source, value);
  if (value.empty()) return std::nullopt;

  if (std::string* number = karaoke_number(song_.karaoke, field)) {
    if (!is_karaoke_number(value))
      return fmt::format("{} is {}; a karaoke number has up to 16 digits, letters or hyphens",
                         song_field_name(field), quoted(value));
    *number = value;
    return std::nullopt;
  }
  switch (song_field_kind(field)) {
    case SongFieldKind::number:
      if (const auto number = parse_number(value)) return set_number(field, *number);
      return fmt::format("{} is {}, not a number", song_field_name(field), quoted(value));
    case SongFieldKind::flag:
      if (const auto flag = parse_flag(value)) return set_flag(field, *flag);
      return fmt::format("{} is {}; write true or false", song_field_name(field), quoted(value));
    case SongFieldKind::histogram:
      return set_histogram(value);
    default:
      break;
  }
  if (field == SongField::language) {
    if (!is_language(value))
      return fmt::format("language is {}; write two small letters as ISO 639-1 does, like 'ko'",
                         quoted(value));
    song_.language = value;
  } else if (field == SongField::octave) {
    if (value != "as_sung" && value != "uncertain")
      return fmt::format("octave is {}; write as_sung or uncertain", quoted(value));
    song_.octave = value == "as_sung" ? songs::OctaveEvidence::as_sung : songs::OctaveEvidence::uncertain;
  }
  return std::nullopt;
}

SongFields::Fault SongFields::set_number(SongField field, double value) {
  if (std::string* number = karaoke_number(song_.karaoke, field)) {
    if (auto fault = whole_between(field, value, 0, 999'999'999)) return fault;
    *number = fmt::format("{:.0f}", value + 0.0);
    return std::nullopt;
  }
  const bool is_rank = field == SongField::us_chart_peak || field == SongField::rs500_rank;
  if (song_field_kind(field) != SongFieldKind::number)
    return fmt::format("{} is a number; it must be {}", song_field_name(field),
                       song_field_kind(field) == SongFieldKind::flag ? "true or false" : "text");
  const bool is_year = field == SongField::year;
  if (auto fault = whole_between(field, value, is_year || is_rank ? 1 : 0,
                                 is_year   ? 2100
                                 : is_rank ? 1000
                                           : 127))
    return fault;
  value += 0.0;  // "-0" is a zero, and must read back as one
  if (is_year) song_.year = static_cast<int>(value);
  if (field == SongField::us_chart_peak) song_.us_chart_peak = static_cast<int>(value);
  if (field == SongField::rs500_rank) song_.rs500_rank = static_cast<int>(value);
  if (field == SongField::lowest_midi) song_.lowest = Midi(value);
  if (field == SongField::highest_midi) song_.highest = Midi(value);
  if (field == SongField::adlib_highest_midi) song_.adlib_highest = Midi(value);
  return std::nullopt;
}

SongFields::Fault SongFields::set_flag(SongField field, bool value) {
  if (field != SongField::highest_is_falsetto)
    return fmt::format("{} is {}; it must be {}", song_field_name(field), value,
                       song_field_kind(field) == SongFieldKind::number ? "a number" : "text");
  song_.highest_is_falsetto = value;
  return std::nullopt;
}

SongFields::Fault SongFields::add_seconds(std::string_view midi_number, double seconds) {
  const auto midi = parse_number(midi_number);
  if (!midi || *midi != std::floor(*midi) || *midi < 0 || *midi > 127)
    return fmt::format("seconds_per_semitone has {}; its keys are whole MIDI numbers between 0 and 127",
                       quoted(midi_number));
  if (!(seconds >= 0 && seconds <= limits::song_seconds))
    return fmt::format("seconds_per_semitone has {} s at {}; it must lie between 0 and {}", seconds, *midi,
                       limits::song_seconds);
  const auto [bar, fresh] = song_.seconds_per_semitone.emplace(static_cast<int>(*midi), seconds);
  if (!fresh) return fmt::format("seconds_per_semitone has {} twice", bar->first);
  return std::nullopt;
}

/// "60:3.2 62:1.1"
SongFields::Fault SongFields::set_histogram(std::string_view text) {
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view bar = text.substr(0, space);
    text = trimmed(text.substr(space));
    const std::size_t colon = bar.find(':');
    const auto seconds = colon == std::string_view::npos ? std::nullopt : parse_number(bar.substr(colon + 1));
    if (!seconds)
      return fmt::format("seconds_per_semitone has {}; write pairs like 60:3.2 with spaces between",
                         quoted(bar));
    if (auto fault = add_seconds(bar.substr(0, colon), *seconds)) return fault;
  }
  return std::nullopt;
}

SongFields::Fault SongFields::finish() {
  auto& bars = song_.seconds_per_semitone;
  std::erase_if(bars, [](const auto& bar) { return bar.second == 0; });
  if (song_.title.empty()) return "the song has no title";
  if (!bars.empty()) {
    const int low = bars.begin()->first, high = bars.rbegin()->first;
    if (song_.lowest.value_or(Midi(low)).value != low)
      return fmt::format("lowest_midi is {}, but seconds_per_semitone starts at {}", song_.lowest->value,
                         low);
    if (song_.highest.value_or(Midi(high)).value != high)
      return fmt::format("highest_midi is {}, but seconds_per_semitone ends at {}", song_.highest->value,
                         high);
    song_.lowest = Midi(low);
    song_.highest = Midi(high);
  }
  if (!song_.highest) return "the song has no notes: give highest_midi or seconds_per_semitone";
  if (song_.lowest && *song_.lowest > *song_.highest)
    return fmt::format("lowest_midi {} is above highest_midi {}", song_.lowest->value, song_.highest->value);
  if (song_.adlib_highest && *song_.adlib_highest < *song_.highest)
    return fmt::format("adlib_highest_midi {} is below highest_midi {}", song_.adlib_highest->value,
                       song_.highest->value);
  return std::nullopt;
}

}  // namespace orakgarak::formats
