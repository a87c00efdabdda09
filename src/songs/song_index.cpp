#include "songs/song_index.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>
#include <tuple>

namespace orakgarak::songs {
namespace {

constexpr std::uint32_t no_song = 0xffffffffu;
constexpr int row_bytes = 4 * block_songs;

/// Semitones with weight, [first, end).
struct Extent {
  int first, end;
  int quads() const { return (end - first + 3) / 4; }
};

Extent extent(const IndexedSong& song) {
  const auto weighs = [](std::uint8_t weight) { return weight != 0; };
  const auto& w = song.weights;
  const auto first = std::find_if(w.begin(), w.end(), weighs);
  const auto last = std::find_if(w.rbegin(), std::make_reverse_iterator(first), weighs);
  if (first == w.end()) return {0, 0};
  return {static_cast<int>(first - w.begin()), static_cast<int>(last.base() - w.begin())};
}

constexpr int lower_parts = weight_sum / 2, upper_parts = weight_sum - lower_parts;

/// Σ w·p over the lower and the upper half of the parts.
struct Halves {
  std::uint16_t lower, upper;
  int sum() const { return lower + upper; }
};

Halves halves_of(const IndexedSong& song) {
  int left = lower_parts;
  Halves sums{0, 0};
  for (int p = 0; p < 128; ++p) {
    const int low = std::min<int>(song.weights[p], left);
    left -= low;
    sums.lower = static_cast<std::uint16_t>(sums.lower + low * p);
    sums.upper = static_cast<std::uint16_t>(sums.upper + (song.weights[p] - low) * p);
  }
  return sums;
}

/// Songs of one group have equal keys.
auto group_key(const IndexedSong& song) {
  const Extent e = extent(song);
  return std::tuple(song.lowest, song.highest, e.first, e.end, song.kind);
}

/// Floor of the lower convex hull of the effort at every place of the table, so that interpolating between
/// two places never lies above the hull. Rounding down keeps it falling and then rising.
std::array<std::int32_t, effort_size> hull_of(const EffortTable& table) {
  std::array<int, effort_size> corner;
  int corners = 0;
  const auto rises_slower = [&](int a, int b, int c) {  // is b on or above the line from a to c?
    const std::int64_t to_b = static_cast<std::int64_t>(table.effort[b]) - table.effort[a];
    const std::int64_t to_c = static_cast<std::int64_t>(table.effort[c]) - table.effort[a];
    return to_b * (c - a) >= to_c * (b - a);
  };
  for (int i = 0; i < effort_size; ++i) {
    while (corners >= 2 && rises_slower(corner[corners - 2], corner[corners - 1], i)) --corners;
    corner[corners++] = i;
  }
  std::array<std::int32_t, effort_size> hull;
  for (int n = 0; n + 1 < corners; ++n) {
    const int a = corner[n];
    const int b = corner[n + 1];
    const std::int64_t rise = static_cast<std::int64_t>(table.effort[b]) - table.effort[a];
    for (int i = a; i <= b; ++i) {
      const std::int64_t scaled = rise * (i - a);
      const std::int64_t run = b - a;
      const std::int64_t floor = scaled >= 0 ? scaled / run : -((-scaled + run - 1) / run);
      hull[i] = static_cast<std::int32_t>(table.effort[a] + floor);
    }
  }
  return hull;
}

constexpr std::uint16_t no_sum = 0xffff;

template <class Centres>
void widen(Centres& centres, const Halves& halves) {
  centres.lower_from = std::min(centres.lower_from, halves.lower);
  centres.lower_to = std::max(centres.lower_to, halves.lower);
  centres.upper_from = std::min(centres.upper_from, halves.upper);
  centres.upper_to = std::max(centres.upper_to, halves.upper);
}

}  // namespace

std::uint32_t cost_of(const IndexedSong& song, const Query& query, int shift) {
  const auto kind = static_cast<std::size_t>(song.kind);
  std::uint32_t cost = query.shift_price[shift - query.first_shift];
  for (int p = 0; p < 128; ++p) cost += song.weights[p] * query.effort.effort[effort_pad + p + shift];
  if (song.highest != end_unknown) cost += query.peak_high[kind][effort_pad + song.highest + shift];
  if (song.lowest != end_unknown) cost += query.peak_low[kind][effort_pad + song.lowest + shift];
  return cost;
}

SongIndex::SongIndex(std::span<const IndexedSong> songs) : songs_(songs.size()) {
  using Key = decltype(group_key(songs[0]));
  struct Place {
    Key key;
    int mean;
    std::uint32_t song;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  places.reserve(songs.size());
  for (std::uint32_t i = 0; i < songs.size(); ++i) {
    places.push_back({group_key(songs[i]), halves_of(songs[i]).sum(), i});
  }
  std::sort(places.begin(), places.end());

  std::vector<std::uint32_t> order(places.size());
  std::transform(places.begin(), places.end(), order.begin(), [](const Place& p) { return p.song; });
  std::size_t blocks = 0;
  std::size_t bytes = 0;
  for (std::size_t from = 0, to; from < places.size(); from = to) {
    to = from;
    while (to < places.size() && places[to].key == places[from].key) ++to;
    const std::size_t count = (to - from + block_songs - 1) / block_songs;
    blocks += count;
    bytes += count * row_bytes * extent(songs[places[from].song]).quads();
  }
  blocks_.reserve(blocks);
  song_.reserve(blocks * block_songs);
  facets_.reserve(blocks * block_songs);
  fame_.reserve(blocks * block_songs);
  weights_.reserve(bytes);
  for (std::size_t from = 0, to; from < places.size(); from = to) {
    to = from;
    while (to < places.size() && places[to].key == places[from].key) ++to;
    add_group(songs, std::span(order).subspan(from, to - from));
  }
}

void SongIndex::add_group(std::span<const IndexedSong> songs, std::span<const std::uint32_t> members) {
  const IndexedSong& model = songs[members.front()];
  const Extent e = extent(model);
  const auto count = static_cast<std::uint32_t>((members.size() + block_songs - 1) / block_songs);
  groups_.push_back({static_cast<std::uint32_t>(blocks_.size()), count,
                     static_cast<std::uint32_t>(weights_.size() / row_bytes), Centres{no_sum, 0, no_sum, 0},
                     model.lowest, model.highest, static_cast<std::uint8_t>(e.first),
                     static_cast<std::uint8_t>(e.quads()), model.kind});
  for (std::size_t from = 0; from < members.size(); from += block_songs) {
    const std::size_t last = std::min(from + block_songs, members.size()) - 1;
    Block block{0, Centres{no_sum, 0, no_sum, 0}};
    const std::size_t row = weights_.size();
    weights_.resize(row + static_cast<std::size_t>(e.quads()) * row_bytes);
    for (std::size_t lane = 0; lane < block_songs; ++lane) {
      const std::size_t member = std::min(from + lane, last);
      const IndexedSong& song = songs[members[member]];
      song_.push_back(from + lane <= last ? members[member] : no_song);
      facets_.push_back(song.facets);
      fame_.push_back(song.fame);
      widen(block.centres, halves_of(song));
      block.facets |= std::uint64_t{1} << (song.facets % 64);
      for (int p = e.first; p < e.end; ++p) {
        const int i = p - e.first;
        weights_[row + (i / 4) * row_bytes + lane * 4 + i % 4] = song.weights[p];
      }
    }
    widen(groups_.back().centres, {block.centres.lower_from, block.centres.upper_from});
    widen(groups_.back().centres, {block.centres.lower_to, block.centres.upper_to});
    blocks_.push_back(block);
  }
}

std::size_t SongIndex::memory_bytes() const {
  const auto held = [](const auto& v) { return v.capacity() * sizeof(v[0]); };
  return sizeof *this + held(groups_) + held(blocks_) + held(song_) + held(facets_) + held(fame_) +
         held(weights_);
}

/// One query under way: the list so far, and what must be beaten to enter it.
class SongIndex::Search {
 public:
  Search(const SongIndex& index, const Query& query, ScoreBlock kernel)
      : index_(index), query_(query), kernel_(kernel), shifts_(static_cast<int>(query.shift_price.size())) {
    for (std::size_t facets = 0; facets < query.facets_price.size(); ++facets) {
      if (query.facets_price[facets] == excluded) continue;
      allowed_ |= std::uint64_t{1} << (facets % 64);
      least_price_ = std::min(least_price_, query.facets_price[facets]);
    }
    if (allowed_ != 0) least_price_ += *std::min_element(query.fame_price.begin(), query.fame_price.end());
    hull_ = hull_of(query.effort);
    lowest_place_ = static_cast<int>(std::min_element(hull_.begin(), hull_.end()) - hull_.begin());
    list_.reserve(query.limit + 1);
  }

  void visit_all() {
    for (const Group& group : index_.groups_) {
      enter(group);
      for (std::uint32_t b = 0; b < group.blocks; ++b) score(group, b);
    }
  }

  /// Groups in the order of their bound, until no group can hold a song for the list.
  void visit_by_bound() {
    struct Candidate {
      std::int64_t bound;
      std::uint32_t group;
      auto operator<=>(const Candidate&) const = default;
    };
    std::vector<Candidate> candidates;
    candidates.reserve(index_.groups_.size());
    for (std::uint32_t g = 0; g < index_.groups_.size(); ++g) {
      const Group& group = index_.groups_[g];
      enter(group);
      std::int64_t least = std::numeric_limits<std::int64_t>::max();
      for (int k = 0; k < shifts_; ++k) least = std::min(least, bound(group, group.centres, k));
      candidates.push_back({least, g});
    }
    std::sort(candidates.begin(), candidates.end());
    for (const Candidate& candidate : candidates) {
      if (candidate.bound > worst_rank()) return;
      visit(index_.groups_[candidate.group]);
    }
  }

  std::vector<Hit> take() {
    std::sort(list_.begin(), list_.end(), before);
    return std::move(list_);
  }

  bool nothing_allowed() const { return allowed_ == 0; }

 private:
  static bool before(const Hit& a, const Hit& b) {
    return std::tie(a.rank, a.song) < std::tie(b.rank, b.song);
  }

  std::int64_t worst_rank() const {
    return list_.size() < query_.limit ? std::numeric_limits<std::int64_t>::max() : list_.front().rank;
  }

  void visit(const Group& group) {
    enter(group);
    std::array<int, max_shifts> open;  // shifts in which the group as a whole can still matter
    int count = 0;
    for (int k = 0; k < shifts_; ++k) {
      if (bound(group, group.centres, k) <= worst_rank()) open[count++] = k;
    }
    for (std::uint32_t b = 0; b < group.blocks; ++b) {
      const Block& block = index_.blocks_[group.first_block + b];
      if ((block.facets & allowed_) == 0) continue;
      const bool can_matter = std::any_of(open.begin(), open.begin() + count, [&](int k) {
        return bound(group, block.centres, k) <= worst_rank();
      });
      if (can_matter) score(group, b);
    }
  }

  /// What the group's ends and the shifts cost, before any song is looked at.
  void enter(const Group& group) {
    const auto kind = static_cast<std::size_t>(group.kind);
    offsets_.fill(unused_shift);
    for (int k = 0; k < shifts_; ++k) {
      const int shift = query_.first_shift + k;
      price_[k] = query_.shift_price[k];
      if (group.highest != end_unknown) {
        price_[k] += query_.peak_high[kind][effort_pad + group.highest + shift];
      }
      if (group.lowest != end_unknown) {
        price_[k] += query_.peak_low[kind][effort_pad + group.lowest + shift];
      }
      offsets_[k] = (price_[k] << order_bits) + query_.shift_order[k];
    }
  }

  /// No song of the group entered whose halves lie within `centres` has a smaller rank in shift k.
  std::int64_t bound(const Group& group, const Centres& centres, int k) const {
    const std::int64_t price = std::int64_t{price_[k]} + least_price_;
    if (group.quads == 0) return price;
    const int moved = effort_pad + query_.first_shift + k;
    return price + least_strain<lower_parts>(centres.lower_from, centres.lower_to, moved) +
           least_strain<upper_parts>(centres.upper_from, centres.upper_to, moved);
  }

  /// The least that `parts` can cost whose Σ p lies within from … to.
  template <int parts>
  std::int32_t least_strain(int from, int to, int moved) const {
    const int x = std::clamp(lowest_place_ * parts, from + moved * parts, to + moved * parts);
    const int place = x / parts;
    const int part = x % parts;
    return hull_[place] * (parts - part) + hull_[place + 1] * part;
  }

  void score(const Group& group, std::uint32_t b) {
    const std::size_t at_song = static_cast<std::size_t>(group.first_block + b) * block_songs;
    std::uint32_t best[block_songs];
    if (group.quads == 0) {
      std::fill(best, best + block_songs, *std::min_element(offsets_.begin(), offsets_.begin() + shifts_));
    } else {
      weigh_block(group, b, best);
    }
    std::uint32_t smallest = best[0];
    for (int lane = 1; lane < block_songs; ++lane) smallest = std::min(smallest, best[lane]);
    if ((smallest >> order_bits) + std::int64_t{least_price_} > worst_rank()) return;
    for (int lane = 0; lane < block_songs; ++lane) offer(at_song + lane, best[lane]);
  }

  void weigh_block(const Group& group, std::uint32_t b, std::uint32_t* best) const {
    const std::uint8_t* weights =
        index_.weights_.data() + (group.first_row + static_cast<std::size_t>(b) * group.quads) * row_bytes;
    const int at = effort_pad + group.first_semitone + query_.first_shift;
    kernel_(weights, group.quads, query_.effort, at, offsets_.data(), best);
    for (int from = kernel_shifts; from < shifts_; from += kernel_shifts) {
      std::uint32_t more[block_songs];
      kernel_(weights, group.quads, query_.effort, at + from, offsets_.data() + from, more);
      for (int lane = 0; lane < block_songs; ++lane) best[lane] = std::min(best[lane], more[lane]);
    }
  }

  void offer(std::size_t place, std::uint32_t packed) {
    const std::uint32_t facets_price = query_.facets_price[index_.facets_[place]];
    if (index_.song_[place] == no_song || facets_price == excluded) return;
    const std::uint32_t cost = packed >> order_bits;
    const Hit hit{index_.song_[place], 0, cost, cost + query_.fame_price[index_.fame_[place]] + facets_price};
    if (list_.size() == query_.limit && !before(hit, list_.front())) return;
    list_.push_back(hit);
    const auto order = packed & ((1u << order_bits) - 1);
    const auto at = std::find(query_.shift_order.begin(), query_.shift_order.end(), order);
    list_.back().shift = query_.first_shift + static_cast<int>(at - query_.shift_order.begin());
    std::push_heap(list_.begin(), list_.end(), before);
    if (list_.size() > query_.limit) {
      std::pop_heap(list_.begin(), list_.end(), before);
      list_.pop_back();
    }
  }

  const SongIndex& index_;
  const Query& query_;
  ScoreBlock kernel_;
  int shifts_;
  std::uint64_t allowed_ = 0;
  std::uint32_t least_price_ = excluded;
  std::array<std::int32_t, effort_size> hull_;
  int lowest_place_;
  std::array<std::uint32_t, 2 * kernel_shifts> price_{}, offsets_{};
  std::vector<Hit> list_;  ///< a heap, the worst in front
};

std::vector<Hit> SongIndex::search(const Query& query, Pruning pruning, ScoreBlock kernel) const {
  Search search(*this, query, kernel);
  if (search.nothing_allowed() || query.limit == 0) return {};
  if (pruning == Pruning::on) {
    search.visit_by_bound();
  } else {
    search.visit_all();
  }
  return search.take();
}

}  // namespace orakgarak::songs
