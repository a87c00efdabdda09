#include "formats/musicxml.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>

#include "formats/musicxml_measure.h"
#include "formats/musicxml_zip.h"
#include "formats/song_melody.h"
#include "formats/song_quarters.h"

namespace orakgarak::formats {

namespace {

constexpr std::ptrdiff_t max_tags = 1'500'000;  ///< bounds the tree's memory
constexpr std::size_t max_parts = 256;
constexpr double default_quarter_seconds = 0.5;

struct XmlPart {
  std::string id, name;
  std::vector<pugi::xml_node> nodes;  ///< one a measure; may lack the last ones
  std::vector<XmlMeasure> measures;
  bool octave_clef = false, bass_clef = false;
};

struct XmlScore {
  std::vector<XmlPart> parts;
  std::vector<RepeatMarks> marks;
  std::vector<double> measure_quarters;
  bool jumps = false;
};

/// The file as UTF-8 XML.
Result<std::string> xml_text(std::string_view bytes) {
  std::string text = without_byte_order_mark(bytes);
  const auto bad = invalid_utf8_at(text);
  if (!bad) return text;
  const std::string_view declaration = std::string_view(text).substr(0, text.find('>'));
  for (const char* latin : {"ISO-8859-1", "iso-8859-1", "windows-1252", "Windows-1252"})
    if (declaration.find(latin) != std::string_view::npos)
      return decode(text, "CP1252").value_or(std::string());
  return bad_song("MusicXML", position_at(text, *bad), "the text is not UTF-8; save it as UTF-8");
}

Result<void> load(pugi::xml_document& document, const std::string& text) {
  const auto tags = std::count(text.begin(), text.end(), '<');
  if (tags > max_tags)
    return rejected("too_large", fmt::format("The score has {} XML tags; {} are allowed.", tags, max_tags));
  const pugi::xml_parse_result parsed =
      document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed)
    return bad_song("MusicXML",
                    position_at(text, static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0))),
                    fmt::format("not well-formed XML: {}", parsed.description()));
  return {};
}

/// Both shapes of a score as parts of measures.
Result<std::vector<XmlPart>> collect_parts(const pugi::xml_document& document, const std::string& text) {
  const pugi::xml_node partwise = document.child("score-partwise"),
                       timewise = document.child("score-timewise");
  const pugi::xml_node score = partwise ? partwise : timewise;
  if (!score) return bad_song("MusicXML", {}, "the document is no <score-partwise> or <score-timewise>");
  std::vector<XmlPart> parts;
  std::map<std::string, std::size_t, std::less<>> index;
  const auto part_of = [&](const char* id) -> XmlPart* {
    const auto [found, fresh] = index.try_emplace(id, parts.size());
    if (fresh && parts.size() == max_parts) return nullptr;
    if (fresh) parts.push_back({.id = id, .name = {}, .nodes = {}, .measures = {}});
    return &parts[found->second];
  };
  const auto fits = [&](const XmlPart* part, pugi::xml_node node) -> Result<void> {
    if (part != nullptr && part->nodes.size() <= max_played_measures) return {};
    return bad_song(
        "MusicXML",
        position_at(text, static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0))),
        fmt::format("more than {} parts or {} measures", max_parts, max_played_measures));
  };
  for (const pugi::xml_node node : score.child("part-list").children("score-part")) {
    XmlPart* part = part_of(node.attribute("id").value());
    if (auto ok = fits(part, node); !ok) return std::unexpected(ok.error());
    part->name = tidy_name(node.child("part-name").child_value(), limits::name_bytes);
  }
  std::size_t measures = 0;
  for (const pugi::xml_node outer : score.children(partwise ? "part" : "measure")) {
    for (const pugi::xml_node inner : outer.children(partwise ? "measure" : "part")) {
      XmlPart* part = part_of((partwise ? outer : inner).attribute("id").value());
      if (auto ok = fits(part, inner); !ok) return std::unexpected(ok.error());
      if (timewise) part->nodes.resize(std::max(part->nodes.size(), measures));  // where the part was silent
      part->nodes.push_back(inner);
    }
    ++measures;
  }
  return parts;
}

Result<XmlScore> read_score(std::vector<XmlPart> parts, std::string_view text) {
  XmlScore score{.parts = std::move(parts), .marks = {}, .measure_quarters = {}};
  for (XmlPart& part : score.parts) {
    XmlPartReader reader(text);
    const std::size_t count = part.nodes.size();
    if (score.marks.size() < count) {
      score.marks.resize(count);
      score.measure_quarters.resize(count);
    }
    for (std::size_t i = 0; i < count; ++i) {
      auto measure = reader.read(part.nodes[i]);
      if (!measure) return std::unexpected(measure.error());
      score.measure_quarters[i] = std::max(score.measure_quarters[i], measure->quarters);
      if (score.marks[i] == RepeatMarks{}) score.marks[i] = measure->marks;
      part.measures.push_back(std::move(*measure));
    }
    part.octave_clef = reader.has_octave_clef();
    part.bass_clef = reader.has_bass_clef();
    score.jumps |= reader.has_jumps();
  }
  return score;
}

/// Where each played measure starts, in quarters, and the tempi on the way.
TempoMap tempo_of(const XmlScore& score, const std::vector<std::size_t>& order, bool& given) {
  TempoMap tempo(default_quarter_seconds);
  double start = 0;
  for (const std::size_t i : order) {
    for (const XmlPart& part : score.parts) {
      if (i >= part.measures.size()) continue;
      for (const XmlTempo& change : part.measures[i].tempi) {
        tempo.add(start + change.at, change.seconds_per_quarter);
        given = true;
      }
    }
    start += score.measure_quarters[i];
  }
  tempo.finish();
  return tempo;
}

/// The voices of one part, played out.
Result<void> play_part(const XmlScore& score, const XmlPart& part, const std::vector<std::size_t>& order,
                       const TempoMap& tempo, std::size_t& note_count, std::vector<ScorePart>& out) {
  struct Voice {
    std::vector<QuarterNote> notes;
    std::size_t syllables = 0;
  };
  std::map<std::string, Voice, std::less<>> voices;
  double measure_start = 0;
  for (const std::size_t i : order) {
    if (i < part.measures.size()) {
      for (const XmlNote& note : part.measures[i].notes) {
        if (++note_count > limits::notes)
          return rejected("too_many_notes", fmt::format("The song has more than {} notes.", limits::notes));
        Voice& voice = voices[note.voice];
        const QuarterNote played{measure_start + note.onset, note.length, note.midi};
        voice.syllables += note.syllable;
        if (!note.tied_back || !join_tie(voice.notes, played)) voice.notes.push_back(played);
      }
    }
    measure_start += score.measure_quarters[i];
  }
  for (const auto& [name, voice] : voices) {
    ScorePart played;
    played.label = fmt::format("part {}, voice {}", tidy_name(part.id, 20), tidy_name(name, 20));
    played.name = part.name;
    played.syllables = voice.syllables;
    played.notes = in_seconds(voice.notes, tempo);
    if (voice.syllables > 0) played.octave_proof = octave_proof(part.name, part.octave_clef, part.bass_clef);
    out.push_back(std::move(played));
  }
  return {};
}

std::string first_text(const pugi::xml_document& document, std::initializer_list<const char*> paths) {
  for (const char* path : paths) {
    const std::string name =
        tidy_name(document.document_element().first_element_by_path(path).child_value(), limits::name_bytes);
    if (!name.empty()) return name;
  }
  return {};
}

std::string artist_of(const pugi::xml_document& document) {
  const pugi::xml_node identification = document.document_element().child("identification");
  for (const std::string_view type : {"artist", "performer", "composer", "lyricist"})
    for (const pugi::xml_node creator : identification.children("creator"))
      if (type == creator.attribute("type").value())
        return tidy_name(creator.child_value(), limits::name_bytes);
  return {};
}

}  // namespace

Result<ImportedSong> read_musicxml(std::string_view bytes) {
  if (bytes.size() > limits::song_file_bytes)
    return rejected("too_large", fmt::format("The song has {} bytes; {} are allowed.", bytes.size(),
                                             limits::song_file_bytes));
  std::string unpacked;
  if (is_zip(bytes)) {
    auto score = unpack_mxl(bytes);
    if (!score) return std::unexpected(score.error());
    unpacked = std::move(*score);
    bytes = unpacked;
  }
  const auto text = xml_text(bytes);
  if (!text) return std::unexpected(text.error());
  pugi::xml_document document;
  if (auto done = load(document, *text); !done) return std::unexpected(done.error());
  auto parts = collect_parts(document, *text);
  if (!parts) return std::unexpected(parts.error());
  const auto score = read_score(std::move(*parts), *text);
  if (!score) return std::unexpected(score.error());

  const std::vector<std::size_t> order = playing_order(score->marks);
  bool tempo_given = false;
  const TempoMap tempo = tempo_of(*score, order, tempo_given);
  std::vector<ScorePart> voices;
  std::size_t note_count = 0;
  for (const XmlPart& part : score->parts)
    if (auto done = play_part(*score, part, order, tempo, note_count, voices); !done)
      return std::unexpected(done.error());

  const auto choice = choose_melody(voices);
  if (!choice) return std::unexpected(choice.error());
  ImportedSong song{{}, choice->reason};
  if (!tempo_given) song.reason += "; no tempo is given, 120 a minute is assumed";
  if (order.size() > score->marks.size()) song.reason += "; repeats are played out";
  if (score->jumps) song.reason += "; its jumps (D.C., D.S., coda) are not played";
  song.facts.title = first_text(document, {"work/work-title", "movement-title"});
  song.facts.artist = artist_of(document);
  if (auto done = set_melody(song.facts, song.reason, voices[choice->part]); !done)
    return std::unexpected(done.error());
  return song;
}

}  // namespace orakgarak::formats
