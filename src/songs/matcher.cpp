#include "songs/matcher.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_map>

#include "songs/catalogue.h"
#include "songs/effort.h"
#include "songs/explain.h"
#include "songs/shape.h"
#include "songs/uncertainty.h"

namespace orakgarak::songs {
namespace {

constexpr int outermost_key = 12;
constexpr std::size_t longest_list = 1000;
constexpr double most_popularity = 100;
constexpr double fits = 50, confident_within = 15, much_better = 10;
constexpr std::uint32_t other_language_price = 40 * point, other_decade_price = 10 * point;
constexpr std::uint32_t octave_uncertain_price = 20 * point;
/// How many candidates an octave away are looked at for each place in that list.
constexpr std::size_t octave_candidates = 16;

constexpr int first_year = 1900, last_year = 2099;

/// 0 where unknown. Together with language_of this bounds the number of different facets below 65,535.
int decade_of(const Song& song) {
  if (!song.year || *song.year < first_year || *song.year > last_year) return 0;
  return *song.year / 10 * 10;
}

/// Empty where unknown.
std::string language_of(const Song& song) {
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool is_code = song.language.size() == 2 && small(song.language[0]) && small(song.language[1]);
  return is_code ? song.language : std::string();
}

/// Of songs without a chart, those of artists with many songs in the catalogue are the better known.
std::uint8_t fame_of(const Song& song, std::uint32_t songs_of_artist) {
  double fame = 0.3 + 0.1 * std::min(static_cast<int>(std::bit_width(songs_of_artist)) - 1, 4);
  if (song.us_chart_peak) fame = std::max(fame, 1 - 0.5 * std::clamp(*song.us_chart_peak - 1, 0, 99) / 99);
  if (song.rs500_rank) fame = std::max(fame, 1 - 0.4 * std::clamp(*song.rs500_rank - 1, 0, 499) / 499);
  return static_cast<std::uint8_t>(std::floor(255 * fame + 0.5));
}

template <class T>
bool asked(const std::vector<T>& wanted, const T& value) {
  return std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

Result<void> check_options(const MatchOptions& o) {
  if (o.lowest_key > o.highest_key || o.lowest_key < -outermost_key || o.highest_key > outermost_key) {
    return rejected("bad_option", "The key shifts to try must be a range within -12 to 12, lowest first.");
  }
  if (o.limit < 1 || o.limit > longest_list) {
    return rejected("bad_option", "The number of songs to list must be 1 to 1000.");
  }
  if (!(o.popularity >= 0 && o.popularity <= most_popularity)) {
    return rejected("bad_option", "The weight of popularity must be 0 to 100 points.");
  }
  for (const auto* decades : {&o.decades, &o.preferred_decades}) {
    if (std::any_of(decades->begin(), decades->end(), [](int d) { return d % 10 != 0; })) {
      return rejected("bad_option", "A decade must be named by its first year, such as 1990.");
    }
  }
  if (!std::ranges::is_sorted(o.hidden)) {
    return rejected("bad_option", "The songs to leave out must be in ascending order.");
  }
  return {};
}

}  // namespace

Matcher Matcher::create(std::vector<Song> songs) {
  Matcher matcher;
  matcher.songs_ = merge_same_songs(std::move(songs));
  std::erase_if(matcher.songs_, [](const Song& s) { return evidence_of(s) == Evidence::none; });

  std::unordered_map<std::string, std::uint32_t> artists;
  std::vector<std::uint32_t> songs_of;
  for (const Song& song : matcher.songs_) {
    const auto number = static_cast<std::uint32_t>(artists.size());
    const std::uint32_t artist = artists.try_emplace(plain_name(song.artist), number).first->second;
    matcher.artist_.push_back(artist);
    songs_of.resize(artists.size());
    ++songs_of[artist];
  }
  std::vector<IndexedSong> indexed;
  indexed.reserve(matcher.songs_.size());
  std::map<Facets, std::uint16_t> facets;
  for (std::size_t i = 0; i < matcher.songs_.size(); ++i) {
    const Song& song = matcher.songs_[i];
    const Facets its{language_of(song), decade_of(song), song.octave == OctaveEvidence::uncertain};
    const auto next = static_cast<std::uint16_t>(matcher.facets_.size());
    const auto [facet, is_new] = facets.try_emplace(its, next);
    if (is_new) matcher.facets_.push_back(its);
    indexed.push_back(weigh(song).value_or(IndexedSong{}));
    indexed.back().fame = fame_of(song, songs_of[matcher.artist_[i]]);
    indexed.back().facets = facet->second;
  }
  matcher.index_ = SongIndex(indexed);
  for (const Song& song : matcher.songs_)
    matcher.numbers_.emplace_back(song_number(song), static_cast<std::uint32_t>(matcher.numbers_.size()));
  std::ranges::sort(matcher.numbers_);
  return matcher;
}

std::optional<std::size_t> Matcher::find(std::string_view id) const {
  const auto number = parse_song_id(id);
  if (!number) return std::nullopt;
  const auto at =
      std::ranges::lower_bound(numbers_, *number, {}, [](const auto& entry) { return entry.first; });
  if (at == numbers_.end() || at->first != *number) return std::nullopt;
  return at->second;
}

/// Fame, language, decade and octave evidence: what ranks a song beside its cost.
void Matcher::set_preferences(Query& query, const MatchOptions& options) const {
  const double most = options.popularity * point;
  for (int fame = 0; fame < 256; ++fame) {
    query.fame_price[fame] = static_cast<std::uint32_t>(std::floor(most * (255 - fame) / 255 + 0.5));
  }
  for (const Facets& facets : facets_) {
    std::uint32_t price = facets.octave_uncertain ? octave_uncertain_price : 0;
    if (!options.preferred_languages.empty() && !asked(options.preferred_languages, facets.language)) {
      price += other_language_price;
    }
    if (!options.preferred_decades.empty() && !asked(options.preferred_decades, facets.decade)) {
      price += other_decade_price;
    }
    if (!options.languages.empty() && !asked(options.languages, facets.language)) price = excluded;
    if (!options.decades.empty() && !asked(options.decades, facets.decade)) price = excluded;
    if (options.hide_uncertain_octave && facets.octave_uncertain) price = excluded;
    query.facets_price.push_back(price);
  }
}

/// The best hits that `accept` lets through, at most options.per_artist of one artist. Searches for more
/// until the list is full, all songs are seen, or `most` were.
template <class Accept>
std::vector<Hit> Matcher::pick(Query& query, const MatchOptions& options, std::size_t most,
                               Accept accept) const {
  std::vector<Hit> picked;
  for (std::size_t wanted = options.limit;; wanted *= 4) {
    query.limit = std::min({wanted, most, songs_.size()});
    const std::vector<Hit> hits = index_.search(query);
    picked.clear();
    std::unordered_map<std::uint32_t, std::size_t> of_artist;
    for (const Hit& hit : hits) {
      if (picked.size() == options.limit) break;
      if (std::ranges::binary_search(options.hidden, hit.song) || !accept(hit)) continue;
      std::size_t& so_far = of_artist[artist_[hit.song]];
      if (options.per_artist != 0 && so_far == options.per_artist) continue;
      ++so_far;
      picked.push_back(hit);
    }
    const bool all_seen = hits.size() < wanted || query.limit == most;
    if (picked.size() == options.limit || all_seen) return picked;
  }
}

Match Matcher::describe(const Hit& hit, int octave, const Singer& singer, const MatchOptions& options) const {
  const Song& song = songs_[hit.song];
  const bool octave_uncertain = song.octave == OctaveEvidence::uncertain;
  Match match;
  match.song = hit.song;
  match.octave_shift = octave;
  match.key_shift = hit.shift - 12 * octave;
  match.cost = hit.cost;
  match.rank = hit.rank;
  match.fit = fit_of(hit.cost);
  match.fit_uncertainty =
      singer.uncertainty.of(weigh(song).value_or(IndexedSong{}), octave_uncertain, hit.shift,
                            key_price(match.key_shift) + (octave != 0 ? octave_price : 0));
  match.confident = !octave_uncertain && match.fit_uncertainty <= confident_within;
  match.reasons = explain(song, singer.reach, {match.key_shift, octave, options.lowest_key});
  return match;
}

/// Songs that fit an octave away and do not, or much worse, without.
std::vector<Match> Matcher::octave_apart(const Query& keys_alone, const Singer& singer,
                                         const MatchOptions& options) const {
  const auto fits_only_there = [&](const Hit& hit) {
    const double fit = fit_of(hit.cost);
    if (fit < fits) return false;
    const IndexedSong song = weigh(songs_[hit.song]).value_or(IndexedSong{});
    std::uint32_t cost = excluded;
    for (int key = options.lowest_key; key <= options.highest_key; ++key) {
      cost = std::min(cost, cost_of(song, keys_alone, key));
    }
    return fit_of(cost) < fit - much_better;
  };
  std::vector<Match> matches;
  for (const int octave : {-1, +1}) {
    Query query = keys_alone;
    set_keys(query, options.lowest_key, options.highest_key, octave);
    for (const Hit& hit : pick(query, options, octave_candidates * options.limit, fits_only_there)) {
      matches.push_back(describe(hit, octave, singer, options));
    }
  }
  std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    return std::tie(a.rank, a.song, a.octave_shift) < std::tie(b.rank, b.song, b.octave_shift);
  });
  if (matches.size() > options.limit) matches.resize(options.limit);
  return matches;
}

Result<std::vector<KeyFit>> Matcher::fit_in_keys(const SingerProfile& singer, std::size_t song,
                                                 int lowest_key, int highest_key) const {
  MatchOptions keys;
  keys.lowest_key = lowest_key;
  keys.highest_key = highest_key;
  if (auto valid = check_options(keys); !valid) return std::unexpected(std::move(valid.error()));
  const auto told = reach_of(singer);
  if (!told) return std::unexpected(told.error());
  const SingerCost cost(*told);
  const FitUncertainty uncertainty(*told);
  const IndexedSong known = weigh(songs_[song]).value_or(IndexedSong{});
  const bool octave_uncertain = songs_[song].octave == OctaveEvidence::uncertain;
  std::vector<KeyFit> fit;
  for (int key = lowest_key; key <= highest_key; ++key)
    fit.push_back({key, fit_of(cost.of(known, key) + key_price(key)),
                   uncertainty.of(known, octave_uncertain, key, key_price(key))});
  return fit;
}

Result<MatchAnswer> Matcher::match(const SingerProfile& singer, const MatchOptions& options) const {
  if (auto valid = check_options(options); !valid) return std::unexpected(std::move(valid.error()));
  auto told = reach_of(singer);
  if (!told) return std::unexpected(std::move(told.error()).in("match songs to a singer"));
  const Singer its{*told, SingerCost(*told), FitUncertainty(*told)};

  MatchAnswer answer;
  answer.cautions = cautions_about(its.reach, singer.takes);
  Query query;
  its.cost.fill(query);
  set_preferences(query, options);
  set_keys(query, options.lowest_key, options.highest_key, 0);
  for (const Hit& hit : pick(query, options, songs_.size(), [](const Hit&) { return true; })) {
    answer.songs.push_back(describe(hit, 0, its, options));
  }
  answer.nothing_fits =
      std::none_of(answer.songs.begin(), answer.songs.end(), [](const Match& m) { return m.fit >= fits; });
  if (answer.songs.empty()) {
    answer.why_nothing.push_back(
        {songs_.empty() ? ReasonCode::empty_catalogue : ReasonCode::nothing_passes_filters});
  } else if (answer.nothing_fits) {
    const Match& nearest = answer.songs.front();
    answer.why_nothing =
        explain_misfit(songs_[nearest.song], its.reach, {nearest.key_shift, 0, options.lowest_key});
  }
  if (options.octave_apart) answer.octave_apart = octave_apart(query, its, options);
  return answer;
}

}  // namespace orakgarak::songs
