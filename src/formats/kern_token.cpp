#include "formats/kern_token.h"

#include <charconv>
#include <cmath>
#include <optional>

namespace orakgarak::formats {

namespace {

using Fault = std::unexpected<std::string_view>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'g') || (c >= 'A' && c <= 'G'); }

/// A duration as written: the part of a whole note ("4" a quarter, "0" a breve, "3%2" two thirds), with dots.
struct WrittenDuration {
  std::optional<double> quarters;
  std::size_t end = 0;
};

std::expected<WrittenDuration, std::string_view> read_duration(std::string_view note, std::size_t at) {
  std::size_t end = at;
  while (end < note.size() && is_digit(note[end])) ++end;
  const std::string_view digits = note.substr(at, end - at);
  double quarters = 0;
  if (digits.find_first_not_of('0') == std::string_view::npos) {
    if (digits.size() > 3) return Fault("a duration of more than three zeros");
    quarters = 4.0 * (1 << digits.size());  // 0 breve, 00 long, 000 maxima
  } else {
    int part = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), part).ec != std::errc{} || part > 65536)
      return Fault("a duration shorter than a 65536th");
    quarters = 4.0 / part;
  }
  if (end < note.size() && note[end] == '%') {
    int over = 0;
    const auto [after, error] = std::from_chars(note.data() + end + 1, note.data() + note.size(), over);
    if (error != std::errc{} || over < 1 || over > 65536)
      return Fault("a duration like 3%2 needs its second number");
    quarters *= over;
    end = static_cast<std::size_t>(after - note.data());
  }
  double dotted = quarters;
  for (double dot = quarters / 2; end < note.size() && note[end] == '.'; ++end, dot /= 2) dotted += dot;
  return WrittenDuration{dotted, end};
}

/// c is C4, cc C5, C C3, CC C2; # and - follow.
std::expected<int, std::string_view> read_pitch(std::string_view note, std::size_t& at) {
  constexpr int semitone_of_letter[] = {9, 11, 0, 2, 4, 5, 7};  // a..g
  const char letter = note[at];
  int letters = 0, midi = 0;
  for (; at < note.size() && note[at] == letter; ++at) ++letters;
  const bool low = letter >= 'A' && letter <= 'G';
  if (letters > 8) return Fault("a pitch beyond all octaves");
  midi = low ? 60 - 12 * letters : 48 + 12 * letters;
  midi += semitone_of_letter[letter - (low ? 'A' : 'a')];
  for (; at < note.size() && (note[at] == '#' || note[at] == '-'); ++at) midi += note[at] == '#' ? 1 : -1;
  if (midi < 0 || midi > 127) return Fault("a pitch beyond MIDI's 0 to 127");
  return midi;
}

struct KernNote {
  std::optional<double> quarters;
  std::optional<int> midi;
  bool rest = false, grace = false, tied_back = false;
};

std::expected<KernNote, std::string_view> read_note(std::string_view text) {
  KernNote note;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (is_digit(c) && !note.quarters) {
      const auto duration = read_duration(text, at);
      if (!duration) return Fault(duration.error());
      note.quarters = duration->quarters;
      at = duration->end;
    } else if (is_letter(c)) {
      if (note.midi) return Fault("a note with two pitches; a chord has a space between its notes");
      const auto midi = read_pitch(text, at);
      if (!midi) return Fault(midi.error());
      note.midi = *midi;
    } else {
      note.rest |= c == 'r' || c == 'R';  // R: a sound without pitch
      note.grace |= c == 'q' || c == 'Q';
      note.tied_back |= c == '_' || c == ']';
      ++at;
    }
  }
  return note;
}

}  // namespace

std::expected<KernToken, std::string_view> read_kern_token(std::string_view token) {
  KernToken out;
  bool first = true, grace = false;
  while (!token.empty()) {
    const std::size_t space = std::min(token.find(' '), token.size());
    const std::string_view text = token.substr(0, space);
    token.remove_prefix(std::min(space + 1, token.size()));
    if (text.empty()) continue;
    const auto read = read_note(text);
    if (!read) return Fault(read.error());
    const auto& note = *read;
    if (first) {
      grace = note.grace;
      if (!note.quarters && !grace) return Fault("a note or rest needs a duration, like the 4 of 4c");
      out.quarters = grace ? 0 : note.quarters.value_or(0);
      out.tied_back = note.tied_back;
      first = false;
    }
    if (note.midi && !note.rest && !grace && !note.grace) out.midi.push_back(*note.midi);
  }
  if (first) return Fault("an empty token; a spine without news has a single .");
  return out;
}

}  // namespace orakgarak::formats
