#include "formats/song_melody.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace orakgarak::formats {

namespace {

constexpr int usual_median_low = 55, usual_median_high = 68;
constexpr int possible_median_low = 40, possible_median_high = 84;
constexpr Seconds same_onset{0.005};  ///< keyboards roll a chord by a few milliseconds

std::map<int, double> seconds_per_semitone(std::span<const MelodyNote> line) {
  std::map<int, double> bars;
  for (const MelodyNote& note : line) bars[note.midi] += note.length.value;
  return bars;
}

int median_of(const std::map<int, double>& bars) {
  double total = 0, reached = 0;
  for (const auto& [midi, seconds] : bars) total += seconds;
  for (const auto& [midi, seconds] : bars) {
    reached += seconds;
    if (2 * reached >= total) return midi;
  }
  return bars.rbegin()->first;
}

}  // namespace

std::vector<MelodyNote> one_line(std::vector<MelodyNote> notes) {
  std::erase_if(notes, [](const MelodyNote& note) { return note.length <= Seconds(0); });
  std::stable_sort(notes.begin(), notes.end(),
                   [](const MelodyNote& a, const MelodyNote& b) { return a.start < b.start; });
  std::vector<MelodyNote> line;
  for (const MelodyNote& note : notes) {
    if (!line.empty() && note.start - line.back().start < same_onset) {
      if (note.midi > line.back().midi) line.back() = note;
      continue;
    }
    if (!line.empty()) line.back().length = std::min(line.back().length, note.start - line.back().start);
    line.push_back(note);
  }
  return line;
}

int octave_correction(int median_midi) {
  if (median_midi >= usual_median_low && median_midi <= usual_median_high) return 0;
  int moved = (median_midi - usual_median_low) % 12;
  if (moved < 0) moved += 12;
  return usual_median_low + moved - median_midi;
}

Result<void> set_melody(songs::Song& song, std::string& reason, const ScorePart& part) {
  const std::vector<MelodyNote> line = one_line(part.notes);
  if (line.empty())
    return rejected("no_notes", "The song has no sung notes; choose a file whose melody is written out.");
  const Seconds duration = line.back().start + line.back().length - std::min(line.front().start, Seconds(0));
  if (!(duration.value <= limits::song_seconds))
    return rejected("too_long", fmt::format("The song lasts {:.0f} s; {:.0f} s are allowed. Check its tempo.",
                                            duration.value, limits::song_seconds));
  const std::map<int, double> bars = seconds_per_semitone(line);
  const int low = bars.begin()->first, high = bars.rbegin()->first, median = median_of(bars);
  const bool proven =
      !part.octave_proof.empty() && median >= possible_median_low && median <= possible_median_high;
  const int shift = proven ? 0 : octave_correction(median);
  if (high - low > limits::melody_semitones || low + shift < 0 || high + shift > 127)
    return rejected("not_a_voice",
                    fmt::format("The melody spans {} semitones, which no voice does; {} are allowed. Is this "
                                "an instrument's part?",
                                high - low, limits::melody_semitones));
  for (const auto& [midi, seconds] : bars) song.seconds_per_semitone[midi + shift] = seconds;
  song.lowest = Midi(low + shift);
  song.highest = Midi(high + shift);
  song.octave = proven ? songs::OctaveEvidence::as_sung : songs::OctaveEvidence::uncertain;
  if (proven)
    reason += fmt::format("; its octave is as sung: {}", part.octave_proof);
  else if (shift != 0)
    reason += fmt::format("; moved {} octave{} {} to where voices lie, the octave is uncertain",
                          std::abs(shift) / 12, std::abs(shift) == 12 ? "" : "s", shift < 0 ? "down" : "up");
  else
    reason += "; its octave is plausible but not proven";
  return {};
}

}  // namespace orakgarak::formats
