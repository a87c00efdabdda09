#pragma once
// The fields of a catalogue line: their names, what each may hold, and what must hold between them. JSONL and
// CSV differ in spelling only, so both fill a song through here.
#include <optional>
#include <string>
#include <string_view>

#include "songs/song.h"

namespace orakgarak::formats {

enum class SongField {
  title,
  artist,
  source,
  language,
  octave,
  tj,
  ky,
  dam,
  joysound,
  year,
  lowest_midi,
  highest_midi,
  adlib_highest_midi,
  us_chart_peak,
  rs500_rank,
  highest_is_falsetto,
  seconds_per_semitone,
  unknown,  ///< a field of somebody else; skipped
};

enum class SongFieldKind { text, number, flag, histogram, unknown };

SongField song_field(std::string_view name);
std::string_view song_field_name(SongField field);
SongFieldKind song_field_kind(SongField field);

/// Collects the fields of one line. Each setter gives nullopt, or what is wrong with the value in words that
/// follow "line 3, column 7: ".
class SongFields {
 public:
  using Fault = std::optional<std::string>;

  /// Any field, from UTF-8 text. Numbers and flags are parsed; empty text leaves the field unknown.
  Fault set_text(SongField field, std::string_view value);
  Fault set_number(SongField field, double value);
  Fault set_flag(SongField field, bool value);
  /// One bar of seconds_per_semitone.
  Fault add_seconds(std::string_view midi_number, double seconds);

  /// What is wrong between the fields; nullopt: song() is complete.
  Fault finish();
  songs::Song&& take() { return std::move(song_); }

 private:
  Fault set_name(SongField field, std::string& to, std::string_view value);
  Fault set_histogram(std::string_view text);

  songs::Song song_;
};

}  // namespace orakgarak::formats
