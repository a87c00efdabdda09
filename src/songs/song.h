#pragma once
// A song as facts: who, when, how high, how long on each semitone. Never words or notes.
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/units.h"

namespace orakgarak::songs {

enum class OctaveEvidence : std::uint8_t { as_sung, uncertain };

struct KaraokeNumbers {
  std::string tj, ky, dam, joysound;  ///< empty where unknown
};

struct Song {
  std::string title, artist;  ///< UTF-8, NFC
  std::optional<int> year;
  std::string language;                        ///< ISO 639-1, empty where unknown
  std::optional<Midi> lowest, highest;         ///< ends of the lead vocal, whole semitones
  std::map<int, double> seconds_per_semitone;  ///< MIDI number → seconds sung; empty where unknown
  OctaveEvidence octave = OctaveEvidence::as_sung;
  bool highest_is_falsetto = false;
  std::optional<Midi> adlib_highest;  ///< a higher note in chorus or ad-lib
  std::optional<int> us_chart_peak, rs500_rank;
  KaraokeNumbers karaoke;
  std::string source;  ///< attribution, as catalog/README.md lists it
};

}  // namespace orakgarak::songs
