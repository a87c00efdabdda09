#include "songs/felt.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <vector>

#include "base/math.h"
#include "songs/profile.h"
#include "songs/shape.h"

namespace orakgarak::songs {
namespace {

constexpr double share_beyond = 0.1;
constexpr double least_step = 0.5, one_semitone = 1;

/// The semitone, counted from the first share on, beyond which (itself included) a tenth lies.
template <class Shares>
int quantile(const Shares& shares, double total) {
  double so_far = 0;
  int at = 0;
  for (const double share : shares) {
    so_far += share;
    if (so_far >= share_beyond * total) break;
    ++at;
  }
  return at;
}

template <class Shares>
Demand demand_of_shares(const Shares& shares, double total, int first) {
  std::vector<double> downward(shares.rbegin(), shares.rend());
  const int last = first + static_cast<int>(downward.size()) - 1;
  return {Midi(first + quantile(shares, total)), Midi(last - quantile(downward, total))};
}

/// One comfortable end on its way, outward positive.
struct Moving {
  bool there = false;
  double from = 0, at = 0;  ///< what takes say, where it is now
  double full = 0;          ///< the full end
  std::vector<std::string> by;

  void move_to(double want, double weight, const std::string& song) {
    const double most = moved_at_most.value;
    const double next = std::clamp(at + weight * (want - at), from - most, from + most);
    if (next == at) return;
    const bool turns_back = (next > at) != (at > from);
    if (turns_back && at != from) by.clear();  // the words before are taken back
    at = next;
    by.push_back(song);
  }
};

Moving moving_end(const std::optional<ProfileEnd>& comfortable, const std::optional<ProfileEnd>& full,
                  int outward) {
  if (!comfortable) return {};
  const double from = outward * comfortable->pitch.value;
  return {true, from, from, full ? std::max(outward * full->pitch.value, from) : from, {}};
}

void settle(std::optional<ProfileEnd>& end, Moving&& moved, int outward) {
  if (!end || moved.at == moved.from) return;
  end->pitch = Midi(outward * moved.at);
  end->moved = Semitones(outward * (moved.at - moved.from));
  end->moved_by = std::move(moved.by);
  const double u = end->uncertainty.value;
  const double half = end->moved.value / 2;
  end->uncertainty = Semitones(math::sqrt(u * u + half * half));
}

/// How far outside the comfortable end the song reaches; of an unknown end, least of all.
double strain(const Moving& end, double demand) {
  return end.there ? demand - end.at : -std::numeric_limits<double>::infinity();
}

void too_hard(Moving& strained, double demand, double innermost, double weight, const std::string& song) {
  if (demand > strained.full) return;
  const double want = std::min(demand - one_semitone, strained.at - least_step);
  strained.move_to(std::max(want, std::min(innermost, strained.at)), weight, song);
}

void can_be_sung(Moving& end, double demand, double weight, const std::string& song) {
  if (end.there) end.move_to(std::max(end.at, demand), weight, song);
}

void take_word(Moving& low, Moving& high, const FeltSong& word, double weight) {
  const double below = -word.demand.low.value;
  const double above = word.demand.high.value;
  if (word.felt == Felt::too_hard) {
    const bool too_low = low.there && strain(low, below) > 0 && strain(low, below) > strain(high, above);
    if (too_low)
      too_hard(low, below, high.there ? -high.at : low.from - moved_at_most.value, weight, word.song);
    else if (high.there)
      too_hard(high, above, low.there ? -low.at : high.from - moved_at_most.value, weight, word.song);
    return;
  }
  const double further = word.felt == Felt::easy ? one_semitone : 0;
  can_be_sung(high, above + further, weight, word.song);
  can_be_sung(low, below + further, weight, word.song);
}

}  // namespace

double faded(Duration age, Duration half_life) {
  if (age <= Duration(0)) return 1;
  return math::exp2(-static_cast<double>(age.count()) / static_cast<double>(half_life.count()));
}

std::optional<Demand> demand_of(const Song& song, int shift) {
  const auto known = weigh(song);
  if (!known) return std::nullopt;
  if (evidence_of(song) != Evidence::top) return demand_of_shares(known->weights, weight_sum, shift);
  const TopShapes& shapes = starter_top_shapes();
  const auto& shape = shapes[shapes.size() / 2];
  return demand_of_shares(shape, 1, known->highest + shift - static_cast<int>(shape.size()) + 1);
}

void move_comfortable_ends(SingerProfile& profile, std::span<const FeltSong> words, Time newest_take) {
  std::vector<const FeltSong*> in_order;
  Time newest = newest_take;
  for (const FeltSong& word : words) {
    in_order.push_back(&word);
    newest = std::max(newest, word.when);
  }
  std::ranges::sort(in_order, {}, [](const FeltSong* word) { return std::tie(word->when, word->song); });
  Moving low = moving_end(profile.comfortable_low, profile.lowest, -1);
  Moving high = moving_end(profile.comfortable_high, profile.highest, +1);
  for (const FeltSong* word : in_order)
    take_word(low, high, *word, faded(newest - word->when, comfort_half_life));
  settle(profile.comfortable_low, std::move(low), -1);
  settle(profile.comfortable_high, std::move(high), +1);
}

}  // namespace orakgarak::songs
