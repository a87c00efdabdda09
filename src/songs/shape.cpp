#include "songs/shape.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace orakgarak::songs {
namespace {

using Shares = std::array<double, 128>;

Shares transcribed_shares(const std::map<int, double>& seconds) {
  Shares shares{};
  for (const auto& [p, s] : seconds) {
    if (p >= 0 && p < 128 && s > 0) shares[p] += s;
  }
  return shares;
}

/// The n semitones of a song and the cells of the average shape cover the same length: calls
/// visit(semitone, cell, overlap) for each pair that shares some, overlap in semitones.
template <class Visit>
void stretch(int semitones, int cells, Visit visit) {
  const double semitone_per_cell = static_cast<double>(semitones) / cells;
  for (int s = 0; s < semitones; ++s) {
    for (int c = 0; c < cells; ++c) {
      const double from = std::max<double>(s, c * semitone_per_cell);
      const double to = std::min<double>(s + 1, (c + 1) * semitone_per_cell);
      if (to > from) visit(s, c, to - from);
    }
  }
}

std::array<std::uint8_t, 128> in_parts(const Shares& shares) {
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  std::array<std::uint8_t, 128> parts{};
  Shares remainder{};
  int left = weight_sum;
  for (int p = 0; p < 128; ++p) {
    const double exact = weight_sum * shares[p] / total;
    parts[p] = static_cast<std::uint8_t>(exact);
    remainder[p] = exact - parts[p];
    left -= parts[p];
  }
  std::array<int, 128> order;
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return remainder[a] > remainder[b]; });
  for (int i = 0; i < left; ++i) ++parts[order[i]];
  return parts;
}

/// The nearest MIDI number, where there is one.
std::optional<std::uint8_t> semitone(const std::optional<Midi>& pitch) {
  if (!pitch || !(pitch->value >= 0 && pitch->value < 127.5)) return std::nullopt;
  return static_cast<std::uint8_t>(std::floor(pitch->value + 0.5));
}

bool has_seconds(const Song& song) {
  return std::any_of(
      song.seconds_per_semitone.begin(), song.seconds_per_semitone.end(), [](const auto& entry) {
        return entry.first >= 0 && entry.first < 128 && entry.second > 0 && std::isfinite(entry.second);
      });
}

}  // namespace

Evidence evidence_of(const Song& song) {
  if (has_seconds(song)) return Evidence::transcribed;
  const auto lowest = semitone(song.lowest);
  const auto highest = semitone(song.highest);
  if (!highest) return Evidence::none;
  return lowest && *lowest <= *highest ? Evidence::ends : Evidence::top;
}

Semitones position_sigma(Evidence evidence) {
  return Semitones(evidence == Evidence::transcribed ? 0.5 : 2.0);
}

std::vector<double> stretched(const AverageShape& shape, int semitones) {
  std::vector<double> shares(static_cast<std::size_t>(semitones) + 1);
  const int cells = static_cast<int>(shape.between_ends.size());
  stretch(semitones + 1, cells,
          [&](int s, int c, double overlap) { shares[s] += shape.between_ends[c] * overlap; });
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= total;
  return shares;
}

TopShapes top_shapes(const AverageShape& shape) {
  TopShapes shapes;
  for (std::size_t i = 0; i < shapes.size(); ++i) shapes[i] = stretched(shape, shape.lengths[i]);
  return shapes;
}

const TopShapes& starter_top_shapes() {
  static const TopShapes shapes = top_shapes(starter_shape);
  return shapes;
}

std::optional<IndexedSong> weigh(const Song& song, const AverageShape& shape) {
  const Evidence evidence = evidence_of(song);
  if (evidence == Evidence::none) return std::nullopt;
  const bool falsetto = song.highest_is_falsetto;
  IndexedSong indexed;
  indexed.highest = semitone(song.highest).value_or(end_unknown);
  if (evidence == Evidence::top) {
    indexed.kind = falsetto ? EndsKind::top_only_falsetto : EndsKind::top_only;
    return indexed;
  }
  Shares shares{};
  if (evidence == Evidence::transcribed) {
    shares = transcribed_shares(song.seconds_per_semitone);
    int first = 0;
    int last = 127;
    while (shares[first] == 0) ++first;
    while (shares[last] == 0) --last;
    indexed.lowest = semitone(song.lowest).value_or(static_cast<std::uint8_t>(first));
    if (indexed.highest == end_unknown) indexed.highest = static_cast<std::uint8_t>(last);
    indexed.kind = falsetto ? EndsKind::transcribed_falsetto : EndsKind::transcribed;
  } else {
    indexed.lowest = semitone(song.lowest).value_or(indexed.highest);
    const std::vector<double> between = stretched(shape, indexed.highest - indexed.lowest);
    std::copy(between.begin(), between.end(), shares.begin() + indexed.lowest);
    indexed.kind = falsetto ? EndsKind::collected_falsetto : EndsKind::collected;
  }
  indexed.weights = in_parts(shares);
  return indexed;
}

AverageShape average_shape(std::span<const IndexedSong> transcribed) {
  AverageShape mean;
  auto& cells = mean.between_ends;
  std::vector<int> lengths;
  for (const IndexedSong& song : transcribed) {
    lengths.push_back(song.highest - song.lowest);
    stretch(lengths.back() + 1, static_cast<int>(cells.size()),
            [&](int s, int c, double overlap) { cells[c] += song.weights[song.lowest + s] * overlap; });
  }
  const double total = std::accumulate(cells.begin(), cells.end(), 0.0);
  for (double& share : cells) share /= total;
  std::sort(lengths.begin(), lengths.end());
  for (std::size_t i = 0; i < mean.lengths.size(); ++i) {
    mean.lengths[i] = lengths[lengths.size() * (2 * i + 1) / (2 * mean.lengths.size())];
  }
  return mean;
}

}  // namespace orakgarak::songs
