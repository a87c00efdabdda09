// Which part of a score is sung: points for each sign, so that one missing sign does not decide.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "formats/song_melody.h"
#include "formats/text_utf8.h"

namespace orakgarak::formats {

namespace {

constexpr std::array<std::string_view, 20> sung_words{
    "vocal", "vox",  "voice",  "sing", "melod", "lead",     "solo",     "cantus", "soprano", "gesang",
    "보컬",  "노래", "멜로디", "가창", "歌",    "メロディ", "ボーカル", "主旋律", "人声",    "karaoke"};
constexpr std::array<std::string_view, 26> played_words{
    "back",  "bgv",  "harmon", "choir",  "chorus", "piano",  "guitar", "gtr",     "bass",
    "drum",  "perc", "string", "violin", "pad",    "organ",  "synth",  "brass",   "sax",
    "flute", "horn", "accomp", "chord",  "rhythm", "코러스", "반주",   "コーラス"};

struct Signs {
  bool eligible = false;
  bool name_says_sung = false, name_says_played = false;
  double syllable_share = 0;  ///< notes with a syllable
  double alone_share = 0;     ///< notes that start while no other sounds
  double seconds = 0;
  int median = 0, span = 0;
  std::size_t notes = 0;
};

template <class Words>
bool names_any(std::string name, const Words& words) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

Signs signs_of(const ScorePart& part) {
  Signs signs;
  if (part.percussion || part.notes.empty()) return signs;
  std::vector<MelodyNote> notes = part.notes;
  std::sort(notes.begin(), notes.end(),
            [](const MelodyNote& a, const MelodyNote& b) { return a.start < b.start; });
  std::vector<int> pitches;
  Seconds sounding_until{-1};
  std::size_t alone = 0;
  for (const MelodyNote& note : notes) {
    // A fifth of a note may hang over: legato playing is still one voice.
    if (note.start + note.length * 0.2 >= sounding_until) ++alone;
    sounding_until = std::max(sounding_until, note.start + note.length);
    signs.seconds += note.length.value;
    pitches.push_back(note.midi);
  }
  const auto middle = pitches.begin() + static_cast<std::ptrdiff_t>(pitches.size() / 2);
  std::nth_element(pitches.begin(), middle, pitches.end());
  signs.median = *middle;
  const auto [low, high] = std::minmax_element(pitches.begin(), pitches.end());
  signs.span = *high - *low;
  signs.notes = notes.size();
  signs.alone_share = static_cast<double>(alone) / static_cast<double>(notes.size());
  signs.syllable_share =
      std::min(1.0, static_cast<double>(part.syllables) / static_cast<double>(notes.size()));
  signs.name_says_played = names_any(part.name, played_words);
  signs.name_says_sung = !signs.name_says_played && names_any(part.name, sung_words);
  signs.eligible = signs.seconds > 0;
  return signs;
}

/// What the other parts of the score are like, to measure one against.
struct Score {
  double longest_seconds = 0;
  int lowest_median = 127, highest_median = 0;
  std::size_t most_syllables = 0;
};

double points(const Signs& signs, std::size_t syllables, const Score& score) {
  double sum = 0;
  if (signs.name_says_sung) sum += 3;
  if (signs.name_says_played) sum -= 2;
  if (score.most_syllables > 0) {
    const double coverage = static_cast<double>(syllables) / static_cast<double>(score.most_syllables);
    sum += 4 * signs.syllable_share * std::min(1.0, coverage);
  }
  sum += 2 * signs.alone_share;
  if (signs.span <= 30) sum += 1;
  if (signs.median < 43 || signs.median > 86) sum -= 1;
  if (signs.notes < 8) sum -= 1;
  sum += signs.seconds / score.longest_seconds;
  if (score.highest_median > score.lowest_median)
    sum += 0.5 * (signs.median - score.lowest_median) / (score.highest_median - score.lowest_median);
  return sum;
}

std::string describe(const ScorePart& part, const Signs& signs, std::size_t candidates) {
  std::string text = part.label;
  if (!part.name.empty()) {
    const std::string name = tidy_name(part.name, 60);
    if (!name.empty()) text += fmt::format(" '{}'", name);
  }
  if (candidates == 1) return text + " is the only part with notes";
  text += fmt::format(" is the likeliest melody of {} parts:", candidates);
  if (signs.name_says_sung) text += " its name says so,";
  if (signs.syllable_share > 0)
    text += fmt::format(" {:.0f} % of its notes carry a syllable,", 100 * signs.syllable_share);
  return text + fmt::format(" {:.0f} % of its notes start alone, it spans {} semitones",
                            100 * signs.alone_share, signs.span);
}

}  // namespace

std::string octave_proof(std::string_view part_name, bool octave_clef, bool bass_clef) {
  if (octave_clef) return "its clef says which octave sounds";
  constexpr std::array<std::string_view, 3> women{"soprano", "mezzo", "alto"};
  constexpr std::array<std::string_view, 3> men{"tenor", "bariton", "bass"};
  const std::string name(part_name);
  if (names_any(name, women) || (bass_clef && names_any(name, men)))
    return "the part is written for a type of voice";
  return {};
}

Result<MelodyChoice> choose_melody(std::span<const ScorePart> parts) {
  std::vector<Signs> signs;
  Score score;
  std::size_t candidates = 0;
  for (const ScorePart& part : parts) {
    signs.push_back(signs_of(part));
    if (!signs.back().eligible) continue;
    ++candidates;
    score.longest_seconds = std::max(score.longest_seconds, signs.back().seconds);
    score.lowest_median = std::min(score.lowest_median, signs.back().median);
    score.highest_median = std::max(score.highest_median, signs.back().median);
    score.most_syllables = std::max(score.most_syllables, part.syllables);
  }
  if (candidates == 0)
    return rejected("no_notes", "The song has no sung notes; choose a file whose melody is written out.");
  std::size_t best = 0;
  double best_points = 0;
  bool found = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!signs[i].eligible) continue;
    const double sum = points(signs[i], parts[i].syllables, score);
    if (found && sum <= best_points) continue;
    best = i;
    best_points = sum;
    found = true;
  }
  return MelodyChoice{best, describe(parts[best], signs[best], candidates)};
}

}  // namespace orakgarak::formats
