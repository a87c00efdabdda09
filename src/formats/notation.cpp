#include "formats/notation.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace orakgarak::formats {
namespace {

constexpr std::array<std::string_view, 12> letters{"C",  "C#", "D",  "D#", "E",  "F",
                                                   "F#", "G",  "G#", "A",  "A#", "B"};
constexpr std::array<std::string_view, 12> syllables{"도",  "도#", "레",  "레#", "미",  "파",
                                                     "파#", "솔",  "솔#", "라",  "라#", "시"};

int floor_divide(int a, int b) { return a / b - (a % b < 0 ? 1 : 0); }

/// band 0 = mid2 (A3 to G#4).
std::string japanese_band(int band) {
  if (band == 0) return "mid2";
  if (band == -1) return "mid1";
  std::string name;
  for (int i = band; i > 0; --i) name += "hi";
  for (int i = band; i < -1; ++i) name += "low";
  return name;
}

}  // namespace

std::optional<Notation> parse_notation(std::string_view word) {
  for (const auto notation : {Notation::scientific, Notation::korean, Notation::japanese})
    if (word == to_string(notation)) return notation;
  return std::nullopt;
}

std::string_view to_string(Notation notation) {
  switch (notation) {
    case Notation::scientific:
      return "scientific";
    case Notation::korean:
      return "korean";
    case Notation::japanese:
      return "japanese";
  }
  return "";
}

Notation notation_of_locale(std::string_view locale) {
  const auto language = locale.substr(0, locale.find_first_of("_.@-"));
  if (language == "ko") return Notation::korean;
  if (language == "ja") return Notation::japanese;
  return Notation::scientific;
}

std::string note_name(Midi pitch, Notation notation) {
  const int semitone = static_cast<int>(std::lround(pitch.value));
  const int octave = floor_divide(semitone, 12) - 1;
  const auto step = static_cast<std::size_t>(semitone - (octave + 1) * 12);
  switch (notation) {
    case Notation::scientific:
      return fmt::format("{}{}", letters[step], octave);
    case Notation::korean:
      return fmt::format("{}옥타브 {}", octave - 2, syllables[step]);
    case Notation::japanese:
      return japanese_band(floor_divide(semitone - 57, 12)) + std::string(letters[step]);
  }
  return {};
}

int semitones_between(Midi low, Midi high) {
  return static_cast<int>(std::lround(high.value) - std::lround(low.value));
}

Cents cents_off(Midi pitch) {
  return Cents((pitch.value - static_cast<double>(std::lround(pitch.value))) * 100);
}

}  // namespace orakgarak::formats
