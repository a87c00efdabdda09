#include "songs/catalogue.h"

#include <array>
#include <cmath>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "songs/shape.h"

namespace orakgarak::songs {
namespace {

constexpr double lowest_plausible = 28, highest_plausible = 96, widest_plausible = 48;
constexpr double shortest_singing = 5, longest_singing = 1200, longest_on_one_note = 3600;
constexpr int first_year = 1000, last_year = 2100;

constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

std::string same_song_key(const Song& song) {
  return plain_name(song.title) + '\n' + plain_name(song.artist);
}

auto evidence_order(const Song& song) {
  return std::pair(evidence_of(song) == Evidence::none || song.octave == OctaveEvidence::uncertain,
                   evidence_of(song));
}

void fill(std::string& known, const std::string& other) {
  if (known.empty()) known = other;
}
template <class T>
void fill(std::optional<T>& known, const std::optional<T>& other) {
  if (!known) known = other;
}

void learn_from(Song& song, const Song& other) {
  fill(song.year, other.year);
  fill(song.language, other.language);
  fill(song.us_chart_peak, other.us_chart_peak);
  fill(song.rs500_rank, other.rs500_rank);
  fill(song.karaoke.tj, other.karaoke.tj);
  fill(song.karaoke.ky, other.karaoke.ky);
  fill(song.karaoke.dam, other.karaoke.dam);
  fill(song.karaoke.joysound, other.karaoke.joysound);
}

class Checker {
 public:
  explicit Checker(std::span<const Song> songs) : songs_(songs) {}

  std::vector<CatalogueIssue> all() {
    for (at_ = 0; at_ < songs_.size(); ++at_) {
      names(songs_[at_]);
      ends(songs_[at_]);
      seconds(songs_[at_]);
    }
    return std::move(issues_);
  }

 private:
  CatalogueIssue& add(IssueCode code, double value = 0) {
    return issues_.emplace_back(CatalogueIssue{at_, code, value, std::nullopt});
  }

  void names(const Song& song) {
    if (plain_name(song.title).empty()) add(IssueCode::empty_title);
    if (plain_name(song.artist).empty()) add(IssueCode::empty_artist);
    if (song.year && (*song.year < first_year || *song.year > last_year)) {
      add(IssueCode::year_implausible, *song.year);
    }
    const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
    if (!song.language.empty() &&
        (song.language.size() != 2 || !small(song.language[0]) || !small(song.language[1]))) {
      add(IssueCode::language_malformed);
    }
    const auto [first, is_new] = seen_.try_emplace(same_song_key(song), at_);
    if (!is_new) add(IssueCode::duplicate).other = first->second;
  }

  void ends(const Song& song) {
    if (evidence_of(song) == Evidence::none) add(IssueCode::no_pitch);
    for (const auto& end : {song.lowest, song.highest}) {
      if (end && !(end->value >= lowest_plausible && end->value <= highest_plausible)) {
        add(IssueCode::end_implausible, end->value);
      }
    }
    if (!song.lowest || !song.highest) return;
    const double span = (*song.highest - *song.lowest).value;
    if (span < 0) add(IssueCode::ends_crossed, -span);
    if (span > widest_plausible) add(IssueCode::span_implausible, span);
  }

  void seconds(const Song& song) {
    double total = 0;
    for (const auto& [p, s] : song.seconds_per_semitone) {
      if (p < 0 || p > 127 || !(s >= 0 && s <= longest_on_one_note)) {
        add(IssueCode::seconds_broken, p);
        continue;
      }
      total += s;
      const bool below = song.lowest && p < song.lowest->value;
      const bool above = song.highest && p > song.highest->value;
      if (s > 0 && (below || above)) add(IssueCode::outside_ends, p);
    }
    if (song.seconds_per_semitone.empty()) return;
    if (total < shortest_singing || total > longest_singing) add(IssueCode::seconds_implausible, total);
    for (const auto& end : {song.lowest, song.highest}) {
      if (!end) continue;
      const auto sung = song.seconds_per_semitone.find(static_cast<int>(std::floor(end->value + 0.5)));
      if (sung == song.seconds_per_semitone.end() || !(sung->second > 0)) {
        add(IssueCode::end_not_sung, end->value);
      }
    }
  }

  std::span<const Song> songs_;
  std::size_t at_ = 0;
  std::unordered_map<std::string, std::size_t> seen_;
  std::vector<CatalogueIssue> issues_;
};

}  // namespace

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool counts = !is_ascii(c) || (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9');
    if (counts) plain += small;
    if (c == '&') plain += "and";
    if (c == ' ' && plain == "the") plain.clear();
  }
  return plain;
}

std::uint64_t song_number(const Song& song) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : same_song_key(song)) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

std::string song_id(const Song& song) {
  const std::uint64_t number = song_number(song);
  std::string id;
  for (int shift = 60; shift >= 0; shift -= 4) id += hex_digits[number >> shift & 15];
  return id;
}

std::optional<std::uint64_t> parse_song_id(std::string_view id) {
  if (id.size() != 16) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : id) {
    const std::size_t digit = hex_digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    number = number << 4 | digit;
  }
  return number;
}

std::vector<Song> merge_same_songs(std::vector<Song> songs) {
  std::unordered_map<std::string, std::size_t> places;
  places.reserve(songs.size());
  std::vector<Song> merged;
  merged.reserve(songs.size());
  for (Song& song : songs) {
    const auto [place, is_new] = places.try_emplace(same_song_key(song), merged.size());
    if (is_new) {
      merged.push_back(std::move(song));
      continue;
    }
    Song& kept = merged[place->second];
    if (evidence_order(song) < evidence_order(kept)) std::swap(kept, song);
    learn_from(kept, song);
  }
  return merged;
}

std::string_view to_string(IssueCode code) {
  constexpr std::array<std::string_view, 13> names = {
      "empty_title",      "empty_artist",       "no_pitch",     "end_implausible", "ends_crossed",
      "span_implausible", "outside_ends",       "end_not_sung", "seconds_broken",  "seconds_implausible",
      "year_implausible", "language_malformed", "duplicate"};
  return names[static_cast<std::size_t>(code)];
}

std::vector<CatalogueIssue> check(std::span<const Song> songs) { return Checker(songs).all(); }

}  // namespace orakgarak::songs
