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

std::uint16_t weighted_pitch(const IndexedSong& song) {
  unsigned sum = 0;
  for (unsigned p = 0; p < 128; ++p) sum += song.weights[p] * p;
  return static_cast<std::uint16_t>(sum);
}

/// Songs of one group have equal keys.
auto group_key(const IndexedSong& song) {
  const Extent e = extent(song);
  return std::tuple(song.lowest, song.highest, e.first, e.end, song.kind);
}

/// Floor of the lower convex hull of the effort at every place of the table, so that interpolating between
/// two places never lies above the hull. Rounding down keeps it falling and then rising.
std::array<std::int64_t, effort_size> hull_of(const EffortTable& table) {
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
  std::array<std::int64_t, effort_size> hull;
  for (int n = 0; n + 1 < corners; ++n) {
    const int a = corner[n];
    const int b = corner[n + 1];
    const std::int64_t rise = static_cast<std::int64_t>(table.effort[b]) - table.effort[a];
    for (int i = a; i <= b; ++i) {
      const std::int64_t scaled = rise * (i - a);
      const std::int64_t run = b - a;
      const std::int64_t floor = scaled >= 0 ? scaled / run : -((-scaled + run - 1) / run);
      hull[i] = table.effort[a] + floor;
    }
  }
  return hull;
}

}  // namespace

SongIndex::SongIndex(std::span<const IndexedSong> songs) : songs_(songs.size()) {
  using Key = decltype(group_key(songs[0]));
  struct Place {
    Key key;
    std::uint16_t mean;
    std::uint32_t song;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  places.reserve(songs.size());
  for (std::uint32_t i = 0; i < songs.size(); ++i) {
    places.push_back({group_key(songs[i]), weighted_pitch(songs[i]), i});
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
                     static_cast<std::uint32_t>(weights_.size() / row_bytes), weighted_pitch(model),
                     weighted_pitch(songs[members.back()]), model.lowest, model.highest,
                     static_cast<std::uint8_t>(e.first), static_cast<std::uint8_t>(e.quads()), model.kind});
  for (std::size_t from = 0; from < members.size(); from += block_songs) {
    const std::size_t last = std::min(from + block_songs, members.size()) - 1;
    Block block{0, weighted_pitch(songs[members[from]]), weighted_pitch(songs[members[last]])};
    const std::size_t row = weights_.size();
    weights_.resize(row + static_cast<std::size_t>(e.quads()) * row_bytes);
    for (std::size_t lane = 0; lane < block_songs; ++lane) {
      const std::size_t member = std::min(from + lane, last);
      const IndexedSong& song = songs[members[member]];
      song_.push_back(from + lane <= last ? members[member] : no_song);
      facets_.push_back(song.facets);
      fame_.push_back(song.fame);
      block.facets |= std::uint64_t{1} << (song.facets % 64);
      for (int p = e.first; p < e.end; ++p) {
        const int i = p - e.first;
        weights_[row + (i / 4) * row_bytes + lane * 4 + i % 4] = song.weights[p];
      }
    }
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
      std::uint64_t bound;
      std::uint32_t group;
      auto operator<=>(const Candidate&) const = default;
    };
    std::vector<Candidate> candidates;
    candidates.reserve(index_.groups_.size());
    for (std::uint32_t g = 0; g < index_.groups_.size(); ++g) {
      const Group& group = index_.groups_[g];
      enter(group);
      candidates.push_back({bound(group, group.mean_low, group.mean_high), g});
    }
    std::sort(candidates.begin(), candidates.end());
    for (const Candidate& candidate : candidates) {
      if (candidate.bound > worst_rank()) return;
      const Group& group = index_.groups_[candidate.group];
      enter(group);
      for (std::uint32_t b = 0; b < group.blocks; ++b) {
        const Block& block = index_.blocks_[group.first_block + b];
        if ((block.facets & allowed_) == 0 || bound(group, block.mean_low, block.mean_high) > worst_rank())
          continue;
        score(group, b);
      }
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

  std::uint64_t worst_rank() const {
    return list_.size() < query_.limit ? std::numeric_limits<std::uint64_t>::max() : list_.front().rank;
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

  /// No song of the group entered, with Σ w·p between the two, can have a smaller rank.
  std::uint64_t bound(const Group& group, int mean_low, int mean_high) const {
    if (group.quads == 0) return *std::min_element(price_.begin(), price_.begin() + shifts_) + least_price_;
    std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
    const int pit = lowest_place_ * weight_sum;
    for (int k = 0; k < shifts_; ++k) {
      const int moved = (effort_pad + query_.first_shift + k) * weight_sum;
      const int x = std::clamp(pit, mean_low + moved, mean_high + moved);
      const int place = x / weight_sum;
      const int part = x % weight_sum;
      const std::int64_t strain = hull_[place] * (weight_sum - part) + hull_[place + 1] * part;
      smallest = std::min(smallest, strain + price_[k]);
    }
    return static_cast<std::uint64_t>(std::max<std::int64_t>(smallest, 0)) + least_price_;
  }

  void score(const Group& group, std::uint32_t b) {
    const std::size_t at_song = static_cast<std::size_t>(group.first_block + b) * block_songs;
    std::uint32_t best[block_songs];
    if (group.quads == 0) {
      std::fill(best, best + block_songs, *std::min_element(offsets_.begin(), offsets_.begin() + shifts_));
    } else {
      weigh_block(group, b, best);
    }
    const std::uint64_t worst = worst_rank();
    std::uint32_t smallest = best[0];
    for (int lane = 1; lane < block_songs; ++lane) smallest = std::min(smallest, best[lane]);
    if ((smallest >> order_bits) + std::uint64_t{least_price_} > worst) return;
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
  std::array<std::int64_t, effort_size> hull_;
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
