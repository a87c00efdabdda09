#include "formats/midi.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "formats/midi_file.h"
#include "formats/song_melody.h"
#include "formats/text_utf8.h"

namespace orakgarak::formats {

namespace {

constexpr Seconds syllable_reach{0.06};  ///< a syllable belongs to a note that starts this near
constexpr int drum_channel = 9;

bool is_syllable(const MidiText& text) {
  // A .kar marks lines and paragraphs with / and \, and its own headers with @.
  const bool header = text.text.starts_with('@');
  return !header && text.text.find_first_not_of(" /\\\r\n\t") != std::string::npos;
}

/// Times of the syllables, in order: lyric events, else the texts of a .kar after its opening.
std::vector<Seconds> syllable_times(const MidiFile& file) {
  for (const int type : {5, 1}) {
    std::vector<Seconds> times;
    for (const MidiText& text : file.texts)
      if (text.type == type && is_syllable(text) && (type == 5 || text.at > Seconds(0)))
        times.push_back(text.at);
    std::sort(times.begin(), times.end());
    if (!times.empty()) return times;
  }
  return {};
}

std::size_t count_syllables(const std::vector<MelodyNote>& notes, const std::vector<Seconds>& syllables) {
  return static_cast<std::size_t>(std::count_if(notes.begin(), notes.end(), [&](const MelodyNote& note) {
    const auto near = std::lower_bound(syllables.begin(), syllables.end(), note.start - syllable_reach);
    return near != syllables.end() && *near <= note.start + syllable_reach;
  }));
}

/// The first name that each track gives itself.
std::map<int, std::string> track_names(const MidiFile& file) {
  std::map<int, std::string> names;
  for (const MidiText& text : file.texts)
    if (text.type == 3 && !names.contains(text.track))
      names[text.track] = tidy_name(guess_encoding(text.text), limits::name_bytes);
  return names;
}

std::vector<ScorePart> parts_of(const MidiFile& file) {
  std::map<std::pair<int, int>, ScorePart> parts;
  for (const MidiNote& note : file.notes) {
    auto& part = parts[{note.track, note.channel}];
    part.notes.push_back({note.start, note.length, note.pitch});
  }
  const std::vector<Seconds> syllables = syllable_times(file);
  std::map<int, std::string> names = track_names(file);
  std::vector<ScorePart> out;
  for (auto& [place, part] : parts) {
    const auto [track, channel] = place;
    part.label = file.format == 0 ? fmt::format("channel {}", channel + 1)
                                  : fmt::format("track {}, channel {}", track + 1, channel + 1);
    if (file.format != 0) part.name = names[track];
    part.percussion = channel == drum_channel;
    part.syllables = count_syllables(part.notes, syllables);
    out.push_back(std::move(part));
  }
  return out;
}

/// The first two @T lines of a .kar; else what the first track is called where it names the whole sequence.
void read_names(const MidiFile& file, songs::Song& song) {
  int names = 0;
  for (const MidiText& text : file.texts) {
    if (text.type != 1 || !text.text.starts_with("@T") || names == 2) continue;
    (names++ == 0 ? song.title : song.artist) =
        tidy_name(guess_encoding(std::string_view(text.text).substr(2)), limits::name_bytes);
  }
  const bool sequence_name =
      file.format == 0 || std::none_of(file.notes.begin(), file.notes.end(),
                                       [](const MidiNote& note) { return note.track == 0; });
  if (names > 0 || !sequence_name) return;
  const std::string name = track_names(file)[0];
  for (const std::string_view empty_word :
       {"tempo", "Tempo", "untitled", "Untitled", "Soft karaoke", "Words"})
    if (name.find(empty_word) != std::string::npos) return;
  song.title = name;
}

}  // namespace

Result<ImportedSong> read_midi(std::string_view bytes) {
  const auto file = parse_midi(bytes);
  if (!file) return std::unexpected(file.error());
  const std::vector<ScorePart> parts = parts_of(*file);
  const auto choice = choose_melody(parts);
  if (!choice) return std::unexpected(choice.error());
  ImportedSong song{{}, choice->reason};
  read_names(*file, song.facts);
  if (auto done = set_melody(song.facts, song.reason, parts[choice->part]); !done)
    return std::unexpected(done.error());
  return song;
}

}  // namespace orakgarak::formats
