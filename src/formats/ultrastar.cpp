#include "formats/ultrastar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "formats/song_language.h"
#include "formats/song_melody.h"
#include "formats/song_tempo.h"
#include "formats/text_lines.h"

namespace orakgarak::formats {

namespace {

constexpr double max_bpm = 100'000;
constexpr std::int64_t max_beat = 100'000'000;
constexpr std::int64_t max_pitch = 200;  ///< far beyond any note: some files write MIDI numbers

using Header = std::map<std::string, std::string, std::less<>>;

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

/// "#KEY:VALUE"; empty key where the line is none.
std::pair<std::string, std::string_view> header_line(std::string_view line) {
  line = trimmed(line);
  const std::size_t colon = line.find(':');
  if (!line.starts_with('#') || colon == std::string_view::npos) return {};
  return {upper(trimmed(line.substr(1, colon - 1))), trimmed(line.substr(colon + 1))};
}

std::string_view value_of(const Header& header, std::string_view key) {
  const auto found = header.find(key);
  return found == header.end() ? std::string_view() : found->second;
}

/// A decimal number with a point or a comma.
std::optional<double> decimal(std::string_view text) {
  std::string number(text);
  std::replace(number.begin(), number.end(), ',', '.');
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc{} || end != number.data() + number.size()) return std::nullopt;
  return value;
}

/// The text as UTF-8, by the rules at the top of ultrastar.h.
Result<std::string> as_utf8(std::string_view bytes) {
  std::string text = without_byte_order_mark(bytes);
  std::string encoding;
  bool versioned = false;
  TextLines lines(text);
  for (std::string_view line; lines.next(line);) {
    const auto [key, value] = header_line(line);
    if (key == "ENCODING") encoding = upper(value);
    if (key == "VERSION") versioned = true;
  }
  const auto bad = invalid_utf8_at(text);
  if (!bad) return text;
  if (encoding == "CP1250" || encoding == "CP1252")
    return decode(text, encoding.c_str()).value_or(std::string());
  if (!versioned && encoding.empty()) return guess_encoding(text);
  return bad_song("UltraStar", position_at(text, *bad), "the text is not UTF-8; save it as UTF-8");
}

class UltraStarReader {
 public:
  explicit UltraStarReader(std::string_view text) : lines_(text) {}

  Result<std::vector<ImportedSong>> read() {
    std::string_view line;
    while (lines_.next(line)) {
      line_ = line;
      const std::size_t first = line.find_first_not_of(" \t");
      if (first == std::string_view::npos) continue;
      at_ = first;
      if (line[at_] == '#') {
        auto [key, value] = header_line(line);
        if (!key.empty() && !value.empty()) header_[key] = value;
        continue;
      }
      if (trimmed(line) == "E") break;
      if (!tempo_known_)
        if (auto done = read_tempo(); !done) return std::unexpected(done.error());
      if (auto done = read_body_line(); !done) return std::unexpected(done.error());
    }
    tempo_.finish();
    return songs();
  }

 private:
  struct BeatNote {
    std::int64_t start, length;
    int pitch;
  };

  std::unexpected<Error> bad(std::size_t offset, std::string_view what) const {
    return bad_song("UltraStar", {lines_.number(), position_at(line_, offset).column}, what);
  }

  /// What the header must say before notes have a length.
  Result<void> read_tempo() {
    tempo_known_ = true;
    const std::string_view version = value_of(header_, "VERSION");
    if (!version.empty()) {
      const std::string_view major = version.substr(0, version.find('.'));
      if (major != "1" && major != "0")
        return rejected("unsupported_song",
                        fmt::format("The song is of UltraStar version {}; versions 1.x and files without "
                                    "#VERSION are read.",
                                    tidy_name(version, 20)));
    }
    const auto bpm = decimal(value_of(header_, "BPM"));
    if (!bpm || !(*bpm > 0 && *bpm <= max_bpm))
      return bad(0, fmt::format("the notes begin, but no #BPM between 0 and {} came before them", max_bpm));
    tempo_ = TempoMap(15.0 / *bpm);
    relative_ = upper(value_of(header_, "RELATIVE")) == "YES";
    return {};
  }

  Result<void> read_body_line() {
    const char type = line_[at_++];
    if (type == 'P') return read_voice();
    if (type == '-') return read_phrase_end();
    if (type == 'B') return read_tempo_change();
    if (type <= 0x20 || type > 0x7E)
      return bad(at_ - 1, "no line of a song starts with this character; notes start with : * F R or G");
    return read_note(type);
  }

  /// The next whole number of the line.
  Result<std::int64_t> number(std::string_view name, std::int64_t low, std::int64_t high) {
    at_ = std::min(line_.find_first_not_of(" \t", at_), line_.size());
    std::int64_t value = 0;
    const char* const begin = line_.data() + at_;
    const auto [end, error] = std::from_chars(begin, line_.data() + line_.size(), value);
    const bool ends = end == line_.data() + line_.size() || *end == ' ' || *end == '\t';
    if (error != std::errc{} || !ends) return bad(at_, fmt::format("{} must be a whole number", name));
    if (value < low || value > high)
      return bad(at_, fmt::format("{} is {}; it must lie between {} and {}", name, value, low, high));
    at_ = static_cast<std::size_t>(end - line_.data());
    return value;
  }

  Result<void> read_note(char type) {
    const auto start = number("the start of the note", -max_beat, max_beat);
    if (!start) return std::unexpected(start.error());
    const auto length = number("the length of the note", 0, max_beat);
    if (!length) return std::unexpected(length.error());
    const auto pitch = number("the pitch of the note", -max_pitch, max_pitch);
    if (!pitch) return std::unexpected(pitch.error());
    const bool sung = type == ':' || type == '*';
    if (!sung || *length == 0) return {};
    if (++note_count_ > limits::notes)
      return rejected("too_many_notes", fmt::format("The song has more than {} notes.", limits::notes));
    for (std::size_t voice = 0; voice < 2; ++voice)
      if (singing_ & (1u << voice))
        voices_[voice].push_back({offset_[voice] + *start, *length, static_cast<int>(60 + *pitch)});
    return {};
  }

  Result<void> read_phrase_end() {
    const auto start = number("the start of the phrase end", -max_beat, max_beat);
    if (!start) return std::unexpected(start.error());
    if (!relative_) return {};
    std::int64_t offset = *start;
    if (!trimmed(line_.substr(at_)).empty()) {
      const auto given = number("the offset of the next phrase", -max_beat, max_beat);
      if (!given) return std::unexpected(given.error());
      offset = *given;
    }
    for (std::size_t voice = 0; voice < 2; ++voice) {
      if ((singing_ & (1u << voice)) == 0) continue;
      offset_[voice] += offset;
      if (offset_[voice] < -max_beat || offset_[voice] > max_beat)
        return bad(at_, "the phrases add up to more beats than a song can have");
    }
    return {};
  }

  Result<void> read_voice() {
    const auto voice = number("the voice", 1, 3);
    if (!voice) return std::unexpected(voice.error());
    singing_ = static_cast<unsigned>(*voice);  // 1, 2, or 3 for both: a bit each
    duet_ = true;
    return {};
  }

  Result<void> read_tempo_change() {
    const auto beat = number("the beat of the tempo change", 0, max_beat);
    if (!beat) return std::unexpected(beat.error());
    const auto bpm = decimal(trimmed(line_.substr(at_)));
    if (!bpm || !(*bpm > 0 && *bpm <= max_bpm))
      return bad(at_, fmt::format("the tempo must be a number between 0 and {}", max_bpm));
    tempo_.add(static_cast<double>(*beat), 15.0 / *bpm);
    return {};
  }

  Seconds seconds_at(std::int64_t beat) const { return tempo_.at(static_cast<double>(beat)); }

  /// Names of the singers; #P1 goes before the older #DUETSINGERP1.
  std::string singer(std::size_t voice) const {
    for (const std::string_view key : {"P", "DUETSINGERP"}) {
      const std::string_view name = value_of(header_, fmt::format("{}{}", key, voice + 1));
      if (!name.empty()) return tidy_name(name, 60);
    }
    return fmt::format("voice {}", voice + 1);
  }

  songs::Song song_facts() const {
    songs::Song song;
    song.title = tidy_name(value_of(header_, "TITLE"), limits::name_bytes - 70);
    song.artist = tidy_name(value_of(header_, "ARTIST"), limits::name_bytes);
    song.language = language_code(value_of(header_, "LANGUAGE"));
    if (const auto year = decimal(value_of(header_, "YEAR")); year && *year >= 1 && *year <= 2100)
      song.year = static_cast<int>(*year);
    return song;
  }

  Result<std::vector<ImportedSong>> songs() const {
    std::vector<ImportedSong> out;
    for (std::size_t voice = 0; voice < 2; ++voice) {
      ScorePart part;
      for (const BeatNote& note : voices_[voice]) {
        const Seconds start = seconds_at(note.start);
        part.notes.push_back({start, seconds_at(note.start + note.length) - start, note.pitch});
      }
      if (part.notes.empty() && (voice == 1 || !voices_[1].empty())) continue;
      ImportedSong song{song_facts(), "the notes that the game asks for"};
      if (duet_) {
        song.reason = fmt::format("the notes of voice {} of a duet, {}", voice + 1, singer(voice));
        if (!song.facts.title.empty()) song.facts.title += fmt::format(" ({})", singer(voice));
      }
      if (auto done = set_melody(song.facts, song.reason, part); !done) return std::unexpected(done.error());
      out.push_back(std::move(song));
    }
    return out;
  }

  TextLines lines_;
  std::string_view line_;
  std::size_t at_ = 0;  ///< in line_
  Header header_;
  bool tempo_known_ = false, relative_ = false, duet_ = false;
  TempoMap tempo_{0};
  unsigned singing_ = 1;  ///< bit 0: voice 1, bit 1: voice 2
  std::array<std::int64_t, 2> offset_{};
  std::array<std::vector<BeatNote>, 2> voices_;
  std::size_t note_count_ = 0;
};

}  // namespace

Result<std::vector<ImportedSong>> read_ultrastar(std::string_view bytes) {
  if (bytes.size() > limits::song_file_bytes)
    return rejected("too_large", fmt::format("The song has {} bytes; {} are allowed.", bytes.size(),
                                             limits::song_file_bytes));
  const auto text = as_utf8(bytes);
  if (!text) return std::unexpected(text.error());
  return UltraStarReader(*text).read();
}

}  // namespace orakgarak::formats
