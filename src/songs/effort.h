#pragma once
// What each semitone costs this singer.
//
//   effort of semitone p; fl, cl, ch, fh the full and comfortable ends (reach.h), m = (cl + ch)/2:
//     m ≤ p ≤ ch     0.01·(p − m)/h, h = max((ch − cl)/2, 1)     a small slope, so that the middle is best
//     ch < p ≤ ch+w  b + (1 − b)·((p − ch)/w)²,  w = max(fh − ch, 1), b = effort at ch: rises to 1 at the
//     full end ch+w < p       1 + 3·(p − ch − w)                          far more beyond it
//   and mirrored below m, with 1 in place of 3: a note too low can be dropped, one too high cracks.
//   c[p] = min(⌊1024·effort + ½⌋, 32767)
//
//   peak, for a song whose highest note lies d semitones above fh: 0.15·max(0, d − ½)·1024·255, rounded; for
//   its lowest below fl 0.02·…: ends are short, so their share of the seconds alone would hide them. A
//   falsetto top may lie 5 semitones above fh for nothing. Of collected ends: the mean over noted_errors
//   (shape.h).
//
//   top only, highest note t: the expected fit F is the mean over noted_errors e and the ten lengths of
//   top_shapes of the fit of that shape hanging from t + e, with the peaks of both its ends as if
//   transcribed; cost = the cost whose fit is F, rounded, at most 20·1024·255.
//
//   key_price(k) = 0 for k = 0, else 500 + 150·|k| + 37·k²   (0.9 points of fit for ±1, 3.7 for ±6)
//   octave_price = 3,730 (5 points)
#include <array>
#include <cstdint>

#include "songs/kernel.h"
#include "songs/reach.h"
#include "songs/shape.h"
#include "songs/song_index.h"

namespace orakgarak::songs {

inline constexpr std::uint32_t cost_of_one = 1024 * weight_sum;  ///< cost of a mean effort of 1
inline constexpr std::uint32_t point = 746;                      ///< cost of one point of fit near 100
inline constexpr std::uint32_t octave_price = 5 * point;

/// Effort of a pitch: 0 or more; 1 at the ends of the full range, where those lie at least a semitone outside
/// the comfortable range.
double effort_at(const Reach& reach, Midi pitch);

std::uint32_t key_price(int key);

/// 100·exp(−3.5·cost/cost_of_one).
double fit_of(std::uint32_t cost);

struct ExpectedFit {
  double mean, deviation;  ///< points
};

/// What songs cost one singer, without the price of keys.
class SingerCost {
 public:
  /// shapes: outlives this object.
  explicit SingerCost(const Reach& reach, const TopShapes& shapes = starter_top_shapes());

  std::uint32_t of(const IndexedSong& song, int shift) const;

  /// Fit of a song of which only the top is known, in MIDI numbers as sung.
  ExpectedFit of_top(int top, bool falsetto) const;

  /// The singer's part of a query: effort, peak_high, peak_low.
  void fill(Query& query) const;

 private:
  std::uint16_t effort(int midi) const;
  std::uint32_t peak_high(EndsKind kind, int midi) const;
  std::uint32_t peak_low(EndsKind kind, int midi) const;
  ExpectedFit of_exact_top(int top, bool falsetto) const;
  void fill_tops(std::array<std::uint32_t, effort_size>& costs, bool falsetto) const;
  double shape_cost(const std::vector<double>& shape, int top) const;

  Reach reach_;
  const TopShapes& shapes_;
  std::array<std::uint16_t, effort_size> effort_;
};

/// Shifts octave·12 + lowest_key … octave·12 + highest_key with their prices and the order 0, −1, +1, −2, …
void set_keys(Query& query, int lowest_key, int highest_key, int octave);

}  // namespace orakgarak::songs
