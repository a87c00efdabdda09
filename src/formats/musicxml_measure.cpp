#include "formats/musicxml_measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "formats/song_import.h"

namespace orakgarak::formats {

namespace {

constexpr double min_divisions = 0.001, max_divisions = 1e6;
constexpr double max_duration = 1e9;  ///< in divisions

std::string_view trimmed_text(pugi::xml_node node) {
  std::string_view text = node.child_value();
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// The number that a text starts with: "c. 120" and "120 (brisk)" are 120.
std::optional<double> first_number(std::string_view text) {
  const std::size_t digit = text.find_first_of("0123456789");
  if (digit == std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data() + digit, text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

/// "1, 2" as bits 1 and 2.
std::uint32_t ending_bits(std::string_view numbers) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < numbers.size();) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(numbers.data() + i, numbers.data() + numbers.size(), value);
    if (error == std::errc{} && value >= 1 && value <= 31) bits |= 1u << value;
    const auto taken = static_cast<std::size_t>(end - (numbers.data() + i));
    i += std::max<std::size_t>(taken, 1);
  }
  return bits;
}

std::optional<double> quarters_of_unit(std::string_view unit) {
  constexpr std::pair<std::string_view, double> units[] = {{"breve", 8},   {"whole", 4},    {"half", 2},
                                                           {"quarter", 1}, {"eighth", 0.5}, {"16th", 0.25},
                                                           {"32nd", 0.125}};
  for (const auto& [name, quarters] : units)
    if (name == unit) return quarters;
  return std::nullopt;
}

}  // namespace

std::unexpected<Error> XmlPartReader::bad(pugi::xml_node node, std::string_view what) const {
  const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0));
  return bad_song("MusicXML", position_at(text_, offset), what);
}

Result<double> XmlPartReader::number(pugi::xml_node parent, const char* name, double low, double high) const {
  const pugi::xml_node node = parent.child(name);
  const std::string_view text = trimmed_text(node);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= low && value <= high))
    return bad(node ? node : parent,
               fmt::format("<{}> needs a <{}> between {} and {}", parent.name(), name, low, high));
  return value;
}

Result<double> XmlPartReader::quarters(pugi::xml_node parent) const {
  const auto value = number(parent, "duration", 0, max_duration);
  if (!value) return value;
  return *value / divisions_;
}

Result<XmlMeasure> XmlPartReader::read(pugi::xml_node node) {
  XmlMeasure measure;
  cursor_ = last_onset_ = 0;
  measure.marks.endings = endings_;
  for (const pugi::xml_node child : node.children()) {
    if (auto done = read_child(child, measure); !done) return std::unexpected(done.error());
    measure.quarters = std::max(measure.quarters, cursor_);
  }
  return measure;
}

Result<void> XmlPartReader::read_child(pugi::xml_node child, XmlMeasure& measure) {
  const std::string_view name = child.name();
  if (name == "note") return read_note(child, measure);
  if (name == "attributes") return read_attributes(child);
  if (name == "sound") return read_sound(child, measure);
  if (name == "barline") read_barline(child, measure.marks);
  if (name == "backup" || name == "forward") {
    const auto length = quarters(child);
    if (!length) return std::unexpected(length.error());
    cursor_ = std::max(0.0, name == "backup" ? cursor_ - *length : cursor_ + *length);
  }
  if (name == "direction") {
    const pugi::xml_node sound = child.child("sound");
    if (sound.attribute("tempo")) return read_sound(sound, measure);
    if (auto done = read_sound(sound, measure); !done) return done;
    for (const pugi::xml_node type : child.children("direction-type"))
      if (const pugi::xml_node metronome = type.child("metronome")) return read_metronome(metronome, measure);
  }
  return {};
}

Result<void> XmlPartReader::read_attributes(pugi::xml_node attributes) {
  if (attributes.child("divisions")) {
    const auto divisions = number(attributes, "divisions", min_divisions, max_divisions);
    if (!divisions) return std::unexpected(divisions.error());
    divisions_ = *divisions;
  }
  for (const pugi::xml_node node : attributes.children("transpose")) {
    double semitones = 0;
    if (node.child("chromatic")) {
      const auto value = number(node, "chromatic", -48, 48);
      if (!value) return std::unexpected(value.error());
      semitones = *value;
    }
    if (node.child("octave-change")) {
      const auto value = number(node, "octave-change", -4, 4);
      if (!value) return std::unexpected(value.error());
      semitones += 12 * *value;
    }
    transpose_[std::clamp(node.attribute("number").as_int(0), 0, 100)] =
        static_cast<int>(std::lround(semitones));
  }
  for (const pugi::xml_node clef : attributes.children("clef")) {
    octave_clef_ |= clef.child("clef-octave-change").text().as_int(0) != 0;
    bass_clef_ |= trimmed_text(clef.child("sign")) == "F";
  }
  return {};
}

Result<int> XmlPartReader::sounding_pitch(pugi::xml_node note) const {
  constexpr int semitone_of_letter[] = {9, 11, 0, 2, 4, 5, 7};  // A..G
  const pugi::xml_node pitch = note.child("pitch");
  const std::string_view step = trimmed_text(pitch.child("step"));
  if (step.size() != 1 || step[0] < 'A' || step[0] > 'G')
    return bad(pitch, "a <pitch> needs a <step> from A to G");
  const auto octave = number(pitch, "octave", -1, 10);
  if (!octave) return std::unexpected(octave.error());
  double alter = 0;
  if (pitch.child("alter")) {
    const auto value = number(pitch, "alter", -4, 4);
    if (!value) return std::unexpected(value.error());
    alter = *value;
  }
  const auto staff = transpose_.find(std::clamp(note.child("staff").text().as_int(1), 1, 100));
  const auto all = transpose_.find(0);
  const int transpose = staff != transpose_.end() ? staff->second : all != transpose_.end() ? all->second : 0;
  const int midi = static_cast<int>(12 * (std::floor(*octave) + 1)) + semitone_of_letter[step[0] - 'A'] +
                   static_cast<int>(std::lround(alter)) + transpose;
  if (midi < 0 || midi > 127) return bad(pitch, "the note sounds outside of MIDI's 0 to 127");
  return midi;
}

Result<void> XmlPartReader::read_note(pugi::xml_node note, XmlMeasure& measure) {
  if (note.child("grace")) return {};
  const auto length = quarters(note);
  if (!length) return std::unexpected(length.error());
  const bool chord = !note.child("chord").empty();
  const double onset = chord ? last_onset_ : cursor_;
  if (!chord) {
    last_onset_ = cursor_;
    cursor_ += *length;
  }
  const bool sung = note.child("pitch") && !note.child("cue") && !note.child("rest");
  if (!sung) return {};
  const auto midi = sounding_pitch(note);
  if (!midi) return std::unexpected(midi.error());
  XmlNote out{.onset = onset, .length = *length, .midi = *midi, .voice = "1"};
  if (const std::string_view voice = trimmed_text(note.child("voice")); !voice.empty()) out.voice = voice;
  for (const pugi::xml_node lyric : note.children("lyric"))
    out.syllable |= !trimmed_text(lyric.child("text")).empty();
  for (const pugi::xml_node tie : note.children("tie"))
    out.tied_back |= std::string_view(tie.attribute("type").value()) == "stop";
  measure.notes.push_back(std::move(out));
  return {};
}

Result<void> XmlPartReader::read_sound(pugi::xml_node sound, XmlMeasure& measure) {
  for (const char* jump : {"dacapo", "dalsegno", "tocoda"}) jumps_ |= !sound.attribute(jump).empty();
  const pugi::xml_attribute tempo = sound.attribute("tempo");
  if (!tempo) return {};
  const auto bpm = first_number(tempo.value());
  if (!bpm || !(*bpm >= 1 && *bpm <= 10'000)) return bad(sound, "the tempo must lie between 1 and 10000");
  measure.tempi.push_back({cursor_, 60.0 / *bpm});
  return {};
}

Result<void> XmlPartReader::read_metronome(pugi::xml_node metronome, XmlMeasure& measure) {
  const auto unit = quarters_of_unit(trimmed_text(metronome.child("beat-unit")));
  const auto per_minute = first_number(trimmed_text(metronome.child("per-minute")));
  if (!unit || !per_minute) return {};  // a note that equals another note: no tempo
  double quarters = *unit;
  if (metronome.child("beat-unit-dot")) quarters *= 1.5;
  if (!(*per_minute >= 1 && *per_minute <= 10'000))
    return bad(metronome, "the tempo must lie between 1 and 10000");
  measure.tempi.push_back({cursor_, 60.0 / (*per_minute * quarters)});
  return {};
}

void XmlPartReader::read_barline(pugi::xml_node barline, RepeatMarks& marks) {
  if (const pugi::xml_node repeat = barline.child("repeat")) {
    const std::string_view direction = repeat.attribute("direction").value();
    if (direction == "forward") marks.forward = true;
    if (direction == "backward") {
      marks.backward = true;
      marks.times = std::clamp(repeat.attribute("times").as_int(2), 1, max_repeat_times);
    }
  }
  if (const pugi::xml_node ending = barline.child("ending")) {
    const std::string_view type = ending.attribute("type").value();
    if (type == "start") {
      endings_ = ending_bits(ending.attribute("number").value());
      marks.endings = endings_;
    } else {
      marks.ending_stops = true;
      endings_ = 0;
    }
  }
}

}  // namespace orakgarak::formats
