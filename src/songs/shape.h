#pragma once
// How a song's singing spreads over its semitones: from its transcription, or else the average shape of the
// transcribed songs, aligned where the song is known.
//
//   weights     the seconds on each semitone as 255 parts: ⌊255·share⌋ each, and what is left over goes one
//   by one
//               to the largest remainders, the lower semitone first among equals
//   two ends    the average share at each part of the way between them, stretched to fit
//   top only    the same shape in ten lengths, equally likely, each hanging from the top, which may be wrong
//   by −2 … 2
//               semitones with weights 1, 2, 3, 2, 1; effort.h makes one expected fit of the fifty. (One
//               shape of average shares at each distance below the top is as wide as all songs together: it
//               fits nobody.)
//
// What this costs was measured by leaving transcribed songs out: docs/catalogue-shape.md.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "songs/song.h"
#include "songs/song_index.h"

namespace orakgarak::songs {

struct AverageShape {
  std::array<double, 24>
      between_ends{};             ///< share of the i-th of 24 equal parts from the lowest note up; sum 1
  std::array<int, 10> lengths{};  ///< highest − lowest: quantiles 5 %, 15 %, … 95 % of the songs
};

/// Of the starter catalogue's transcribed songs.
extern const AverageShape starter_shape;

/// Every song weighs the same. Songs have weights and both ends; at least one.
AverageShape average_shape(std::span<const IndexedSong> transcribed);

/// What is known of a song's pitch, from the best to the least.
enum class Evidence : std::uint8_t { transcribed, ends, top, none };
Evidence evidence_of(const Song& song);

/// Standard deviation of where a song with weights lies, as if it were moved as a whole; measured as said
/// above.
Semitones position_sigma(Evidence evidence);

/// Half-width of a stated end that nobody transcribed.
inline constexpr Semitones collected_end_margin{2};

/// Shares of a song of average shape from `semitones` below its highest note (first) up to it (last); sum 1.
std::vector<double> stretched(const AverageShape& shape, int semitones);

/// The ten lengths of a song that is known only by its top.
using TopShapes = std::array<std::vector<double>, 10>;
TopShapes top_shapes(const AverageShape& shape);
const TopShapes& starter_top_shapes();

/// Possible errors of a top that singers noted, and how likely each is.
struct NotedError {
  int semitones;
  double share;
};
inline constexpr std::array<NotedError, 5> noted_errors = {
    {{-2, 1.0 / 9}, {-1, 2.0 / 9}, {0, 3.0 / 9}, {1, 2.0 / 9}, {2, 1.0 / 9}}};

/// Weights, ends and kind; fame and facets stay 0. A song known only by its top has no weights.
/// nullopt where nothing is known (Evidence::none).
std::optional<IndexedSong> weigh(const Song& song, const AverageShape& shape = starter_shape);

}  // namespace orakgarak::songs
