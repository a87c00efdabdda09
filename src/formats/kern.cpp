#include "formats/kern.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "formats/kern_token.h"
#include "formats/song_language.h"
#include "formats/song_quarters.h"
#include "formats/text_lines.h"

namespace orakgarak::formats {

namespace {

constexpr std::size_t max_spines = 1024;
constexpr double default_quarter_seconds = 0.5;

struct KernPart {
  std::string name;
  std::vector<QuarterNote> notes;
  std::size_t syllables = 0;
  bool octave_clef = false, bass_clef = false;
};

enum class SpineKind { notes, words, other };

struct Spine {
  SpineKind kind = SpineKind::other;
  std::size_t part = 0;  ///< of notes: index of its part; both halves of a split spine have the same
  double free_at = 0;    ///< quarters: where its last note ends
};

struct Cell {
  std::string_view text;
  std::size_t offset = 0;  ///< in its line
};

SpineKind kind_of(std::string_view exclusive) {
  if (exclusive == "**kern") return SpineKind::notes;
  for (const std::string_view words : {"**text", "**silbe", "**lyrics", "**lyric", "**vtext"})
    if (exclusive == words) return SpineKind::words;
  return SpineKind::other;
}

/// The word for an instrument code: "*Isoprn" is a soprano. Empty for marks that are no code.
std::string_view instrument(std::string_view tandem) {
  constexpr std::pair<std::string_view, std::string_view> voices[] = {
      {"*Ivox", "voice"},   {"*ICvox", "voice"},     {"*Isoprn", "soprano"},
      {"*Imezz", "mezzo"},  {"*Icalto", "alto"},     {"*Ialto", "alto"},
      {"*Itenor", "tenor"}, {"*Ibarit", "baritone"}, {"*Ibass", "bass"}};
  for (const auto& [code, word] : voices)
    if (tandem == code) return word;
  const bool code = tandem.size() > 2 && tandem.starts_with("*I") && tandem[2] >= 'a' && tandem[2] <= 'z';
  return code ? tandem.substr(2) : std::string_view();
}

class KernReader {
 public:
  explicit KernReader(std::string_view text) : lines_(text) {}

  Result<ImportedSong> read() {
    std::string_view line;
    while (lines_.next(line)) {
      line_ = line;
      if (trimmed(line).empty()) continue;
      if (line.starts_with("!!!")) read_reference(line.substr(3));
      if (line.starts_with('!') || ended_) continue;
      cut_line();
      Result<void> done;
      if (spines_.empty())
        done = open_spines();
      else if (cells_.size() != spines_.size())
        done = bad(
            0, fmt::format("the line has {} columns, but {} spines are open; columns are separated by tabs",
                           cells_.size(), spines_.size()));
      else if (line.starts_with('*'))
        done = read_interpretations();
      else if (!line.starts_with('='))
        done = read_data();
      if (!done) return std::unexpected(done.error());
    }
    return song();
  }

 private:
  std::unexpected<Error> bad(std::size_t offset, std::string_view what) const {
    return bad_song("Humdrum", {lines_.number(), position_at(line_, offset).column}, what);
  }

  void cut_line() {
    cells_.clear();
    for (std::size_t at = 0; at <= line_.size();) {
      const std::size_t tab = std::min(line_.find('\t', at), line_.size());
      cells_.push_back({line_.substr(at, tab - at), at});
      at = tab + 1;
    }
  }

  void read_reference(std::string_view record) {
    const std::size_t colon = record.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view key = record.substr(0, std::min(record.find('@'), colon));
    const std::string value = tidy_name(record.substr(colon + 1), limits::name_bytes);
    if (value.empty()) return;
    const auto first = [&](std::string& to) {
      if (to.empty()) to = value;
    };
    if (key == "OTL") first(title_);
    if (key == "OPR") first(parent_title_);
    if (key == "MPN" || key == "MGN") first(performer_);
    if (key == "COM") first(composer_);
    if (key == "TXO" || key == "TXL") first(language_);
    if (key == "RRD" || key == "ODT") first(date_);
  }

  Result<void> open_spines() {
    for (const Cell& cell : cells_) {
      if (!cell.text.starts_with("**"))
        return bad(cell.offset, "a Humdrum file starts with the kind of each column, like **kern");
      spines_.push_back({});
      if (auto done = begin_spine(spines_.back(), cell); !done) return done;
    }
    return {};
  }

  Result<void> begin_spine(Spine& spine, const Cell& cell) {
    spine.kind = kind_of(cell.text);
    spine.part = parts_.size();
    if (spine.kind == SpineKind::notes) parts_.push_back({});
    if (parts_.size() > max_spines || spines_.size() > max_spines)
      return bad(cell.offset, fmt::format("more than {} spines", max_spines));
    return {};
  }

  /// Tandem marks, then the paths that spines take.
  Result<void> read_interpretations() {
    bool paths = false;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const std::string_view mark = cells_[i].text;
      if (!mark.starts_with('*')) return bad(cells_[i].offset, "every column of this line must start with *");
      if (mark.starts_with("**")) {
        if (auto done = begin_spine(spines_[i], cells_[i]); !done) return done;
      } else if (mark == "*^" || mark == "*v" || mark == "*x" || mark == "*+" || mark == "*-") {
        paths = true;
      } else if (spines_[i].kind == SpineKind::notes) {
        if (auto done = read_tandem(spines_[i], cells_[i]); !done) return done;
      }
    }
    return paths ? follow_paths() : Result<void>{};
  }

  Result<void> read_tandem(const Spine& spine, const Cell& cell) {
    const std::string_view mark = cell.text;
    KernPart& part = parts_[spine.part];
    if (mark.starts_with("*I\""))
      part.name = tidy_name(mark.substr(3), 100);
    else if (part.name.empty())
      part.name = tidy_name(instrument(mark), 100);
    if (mark.starts_with("*clef")) {
      part.octave_clef |= mark.find_first_of("v^") != std::string_view::npos;
      part.bass_clef |= mark.starts_with("*clefF");
    }
    if (!mark.starts_with("*MM")) return {};
    double bpm = 0;
    if (std::from_chars(mark.data() + 3, mark.data() + mark.size(), bpm).ec != std::errc{})
      return {};  // *MM[Lento]
    if (!(bpm >= 1 && bpm <= 10'000)) return bad(cell.offset, "the tempo must lie between 1 and 10000");
    tempo_.add(spine.free_at, 60.0 / bpm);
    tempo_given_ = true;
    return {};
  }

  Result<void> follow_paths() {
    std::vector<Spine> next;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const std::string_view mark = cells_[i].text;
      if (mark == "*-") continue;
      next.push_back(spines_[i]);
      if (mark == "*^") next.push_back(spines_[i]);
      if (mark == "*+") next.push_back({.kind = SpineKind::other, .part = 0, .free_at = spines_[i].free_at});
      if (mark == "*v") {
        const std::size_t last = last_to_join(i);
        if (last == i) return bad(cells_[i].offset, "*v joins spines; its neighbour must be *v too");
        for (; i < last; ++i) next.back().free_at = std::max(next.back().free_at, spines_[i + 1].free_at);
      }
      if (mark == "*x") {
        if (i + 1 == cells_.size() || cells_[i + 1].text != "*x")
          return bad(cells_[i].offset, "*x exchanges two spines; its neighbour must be *x too");
        next.insert(next.end() - 1, spines_[++i]);
      }
    }
    if (next.size() > max_spines) return bad(0, fmt::format("more than {} spines", max_spines));
    spines_ = std::move(next);
    ended_ = spines_.empty();
    return {};
  }

  /// The last spine that *v at `first` joins: those of its own part where there are several, so that two
  /// parts may join their halves in one line; otherwise all its neighbours with *v.
  std::size_t last_to_join(std::size_t first) const {
    const auto joins = [&](std::size_t i) { return i < cells_.size() && cells_[i].text == "*v"; };
    const auto same_part = [&](std::size_t i) {
      return spines_[i].kind == spines_[first].kind && spines_[i].part == spines_[first].part;
    };
    std::size_t own = first, all = first;
    while (joins(all + 1)) ++all;
    while (joins(own + 1) && same_part(own + 1)) ++own;
    return own > first ? own : all;
  }

  Result<void> read_data() {
    std::size_t part_to_sing =
        parts_.size();  // the part that starts a note on this line, for the words beside it
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const std::string_view text = cells_[i].text;
      Spine& spine = spines_[i];
      if (spine.kind == SpineKind::notes) {
        part_to_sing = parts_.size();
        if (text == ".") continue;
        bool starts = false;
        if (auto done = read_notes(spine, cells_[i], starts); !done) return done;
        if (starts) part_to_sing = spine.part;
      } else if (spine.kind == SpineKind::words && part_to_sing < parts_.size() && !text.empty() &&
                 text != ".") {
        ++parts_[part_to_sing].syllables;
        part_to_sing = parts_.size();
      }
    }
    return {};
  }

  Result<void> read_notes(Spine& spine, const Cell& cell, bool& starts) {
    const auto token = read_kern_token(cell.text);
    if (!token) return bad(cell.offset, token.error());
    KernPart& part = parts_[spine.part];
    for (const int midi : token->midi) {
      if (++note_count_ > limits::notes)
        return rejected("too_many_notes", fmt::format("The song has more than {} notes.", limits::notes));
      const QuarterNote note{spine.free_at, token->quarters, midi};
      if (token->tied_back && join_tie(part.notes, note)) continue;
      part.notes.push_back(note);
      starts = true;
    }
    spine.free_at += token->quarters;
    return {};
  }

  songs::Song facts() const {
    songs::Song song;
    song.title = title_.empty() ? parent_title_ : title_;
    song.artist = performer_.empty() ? composer_ : performer_;
    song.language = language_code(language_);
    int year = 0;
    const auto digits = std::find_if(date_.begin(), date_.end(), [](char c) { return c >= '0' && c <= '9'; });
    const char* const end = date_.data() + date_.size();
    if (std::from_chars(date_.data() + (digits - date_.begin()), end, year).ec == std::errc{} &&
        year >= 1000 && year <= 2100)
      song.year = year;
    return song;
  }

  Result<ImportedSong> song() {
    tempo_.finish();
    std::vector<ScorePart> parts;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const KernPart& part = parts_[i];
      ScorePart out{
          .label = fmt::format("spine {}", i + 1), .name = part.name, .notes = {}, .octave_proof = {}};
      out.notes = in_seconds(part.notes, tempo_);
      out.syllables = part.syllables;
      if (part.syllables > 0) out.octave_proof = octave_proof(part.name, part.octave_clef, part.bass_clef);
      parts.push_back(std::move(out));
    }
    const auto choice = choose_melody(parts);
    if (!choice) return std::unexpected(choice.error());
    ImportedSong song{facts(), choice->reason};
    if (!tempo_given_) song.reason += "; no tempo is given, 120 a minute is assumed";
    if (auto done = set_melody(song.facts, song.reason, parts[choice->part]); !done)
      return std::unexpected(done.error());
    return song;
  }

  TextLines lines_;
  std::string_view line_;
  std::vector<Cell> cells_;
  std::vector<Spine> spines_;
  std::vector<KernPart> parts_;
  bool ended_ = false;  ///< all spines are closed; only reference records count
  TempoMap tempo_{default_quarter_seconds};
  bool tempo_given_ = false;
  std::size_t note_count_ = 0;
  std::string title_, parent_title_, performer_, composer_, language_, date_;
};

}  // namespace

Result<ImportedSong> read_kern(std::string_view bytes) {
  if (bytes.size() > limits::song_file_bytes)
    return rejected("too_large", fmt::format("The song has {} bytes; {} are allowed.", bytes.size(),
                                             limits::song_file_bytes));
  const std::string text = guess_encoding(without_byte_order_mark(bytes));
  return KernReader(text).read();
}

}  // namespace orakgarak::formats
