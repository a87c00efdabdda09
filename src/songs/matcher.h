#pragma once
// Which songs can this person sing, in which key, and why?
//
// SCORING. Costs are integers, so every machine gives the same list; this page, effort.h, shape.h and reach.h
// are enough to recompute any answer by hand (matcher_by_hand_test.cpp does).
//
//   song    its singing in 255 parts: w[p] of them on semitone p (shape.h)
//   singer  effort of one semitone, c[p]: 0 to 32767, 1024 at the end of the full range (effort.h)
//   cost    Σ w[p]·c[p + shift]           strain: the mean effort × 255
//           + peaks of its two ends       for what lies beyond the full range (effort.h)
//           + key_price + octave_price    for leaving the original key (effort.h)
//           Of a song known only by its top: the expected cost over its possible shapes (effort.h).
//   fit     100·exp(−3.5·cost/(255·1024)); one point near 100 is 746 units of cost, called a point below
//   rank    cost + popularity points · (255 − fame)/255
//           + 40 points for a language and 10 for a decade that is not preferred, where some are
//           + 20 points where the octave is uncertain
//   fame    0 to 255: 255 × the largest of
//           1 − 0.5·(place in the US charts − 1)/99, 1 − 0.4·(rank among the 500 greatest − 1)/499,
//           0.3 + 0.1·⌊log2(songs of the artist in the catalogue)⌋, this one at most 0.7
//
// A song is listed once, in the key that costs least; equal keys prefer 0, −1, +1, −2, … The list has the
// lowest ranks first, equal ranks in catalogue order, and is exact: the same as trying every song in every
// key.
//
// An end of the singer that no take could tell is not made up: reach.h says what is assumed for it and how
// much that widens the uncertainty, and the answer carries a caution.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "songs/profile.h"
#include "songs/reason.h"
#include "songs/song.h"
#include "songs/song_index.h"
#include "songs/uncertainty.h"

namespace orakgarak::songs {

struct MatchOptions {
  int lowest_key = -6;
  int highest_key = 6;                           ///< key shifts to try; within −12..12, lowest first
  bool octave_apart = true;                      ///< also list what fits an octave up or down, apart
  std::vector<std::string> languages;            ///< only these (ISO 639-1); empty = all
  std::vector<int> decades;                      ///< only these (1990 = 1990 to 1999); empty = all
  std::vector<std::string> preferred_languages;  ///< others cost 40 points of rank; empty = no preference
  std::vector<int> preferred_decades;            ///< others cost 10 points of rank; empty = no preference
  bool hide_uncertain_octave = false;            ///< leave out songs whose octave is uncertain
  std::vector<std::size_t> hidden;  ///< leave out these, by their index in Matcher::songs(), ascending
  double popularity = 5;            ///< points of rank between the best and the least known song; 0 to 100
  std::size_t limit = 10;           ///< songs in each list, 1 to 1,000
  std::size_t per_artist = 2;       ///< at most so many of one artist; 0 = no limit
};

struct Match {
  std::size_t song = 0;         ///< index into Matcher::songs()
  int key_shift = 0;            ///< semitones; what the karaoke machine is set to
  int octave_shift = 0;         ///< −1, 0 or +1: sung an octave from the original, apart from the key
  std::uint32_t cost = 0;       ///< as above, without what only ranks
  std::uint32_t rank = 0;       ///< cost with fame and preferences: the order of the list
  double fit = 0;               ///< 0 to 100; 50 and more can be sung
  double fit_uncertainty = 0;   ///< one standard deviation, in points of fit
  bool confident = false;       ///< uncertainty ≤ 15 points and the octave is as sung
  std::vector<Reason> reasons;  ///< most telling first
};

struct KeyFit {
  int key_shift = 0;
  double fit = 0, fit_uncertainty = 0;  ///< as in Match
};

struct MatchAnswer {
  std::vector<Match> songs;         ///< best first; the nearest ones where nothing fits
  std::vector<Match> octave_apart;  ///< songs that fit only, or much better, an octave away
  bool nothing_fits = false;        ///< no song of the list reaches a fit of 50
  std::vector<Reason> why_nothing;  ///< set where nothing fits, or no song is left
  std::vector<Reason> cautions;     ///< about the singer: ends that are unknown, a single take
};

class Matcher {
 public:
  /// Takes the songs and indexes them: O(songs). Of songs with the same title and artist the one with the
  /// better evidence stays; a song without any pitch is left out of matching.
  static Matcher create(std::vector<Song> songs);

  std::span<const Song> songs() const { return songs_; }
  /// The index of the song with this song_id (catalogue.h). O(log songs).
  std::optional<std::size_t> find(std::string_view id) const;

  /// Errors (all `rejected`): `bad_option` names the setting; `profile_empty` where no take told any pitch.
  Result<MatchAnswer> match(const SingerProfile& singer, const MatchOptions& options = {}) const;

  /// How one song fits in each key from `lowest_key` to `highest_key`, no octave apart. song: an index into
  /// songs(). Errors: as match().
  Result<std::vector<KeyFit>> fit_in_keys(const SingerProfile& singer, std::size_t song, int lowest_key = -6,
                                          int highest_key = 6) const;

 private:
  struct Facets {
    std::string language;
    int decade;
    bool octave_uncertain;
    auto operator<=>(const Facets&) const = default;
  };
  struct Singer {
    Reach reach;
    SingerCost cost;
    FitUncertainty uncertainty;
  };
  void set_preferences(Query& query, const MatchOptions& options) const;
  template <class Accept>
  std::vector<Hit> pick(Query& query, const MatchOptions& options, std::size_t most, Accept accept) const;
  Match describe(const Hit& hit, int octave, const Singer& singer, const MatchOptions& options) const;
  std::vector<Match> octave_apart(const Query& keys_alone, const Singer& singer,
                                  const MatchOptions& options) const;

  std::vector<Song> songs_;
  std::vector<std::uint32_t> artist_;  ///< of each song, numbered by plain_name
  std::vector<Facets> facets_;         ///< what a facets number of the index stands for
  SongIndex index_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> numbers_;  ///< song_number → index, sorted
};

}  // namespace orakgarak::songs
