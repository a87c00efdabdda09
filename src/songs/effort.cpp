#include "songs/effort.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace orakgarak::songs {
namespace {

constexpr double comfortable_slope = 0.01;
constexpr double beyond_high = 3, beyond_low = 1;
constexpr double peak_high_price = 0.15, peak_low_price = 0.02;
constexpr double peak_tolerance = 0.5, falsetto_reach = 5;
constexpr double fit_steepness = 3.5;
constexpr double least_expected_fit = 1e-28;  ///< its cost is 18.3·cost_of_one

/// x: semitones from the middle outward; comfortable, full: the ends on that side, measured the same way.
double one_side(double x, double comfortable, double full, double half_width, double beyond) {
  const double base = comfortable_slope * comfortable / half_width;
  if (x <= comfortable) return comfortable_slope * x / half_width;
  const double rise = std::max(full - comfortable, 1.0);
  const double over = x - comfortable;
  if (over <= rise) return base + (1 - base) * (over / rise) * (over / rise);
  return 1 + beyond * (over - rise);
}

std::uint32_t rounded(double x) { return static_cast<std::uint32_t>(std::floor(x + 0.5)); }

/// over: semitones by which a peak lies outside the full range, negative inside.
double peak_cost(double over, double price) { return price * cost_of_one * std::max(0.0, over); }

double mean_peak_cost(double over, double price) {
  double mean = 0;
  for (const NotedError& e : noted_errors) mean += e.share * peak_cost(over + e.semitones, price);
  return mean;
}

bool is_falsetto(EndsKind kind) {
  return kind == EndsKind::transcribed_falsetto || kind == EndsKind::collected_falsetto ||
         kind == EndsKind::top_only_falsetto;
}
bool is_collected(EndsKind kind) {
  return kind == EndsKind::collected || kind == EndsKind::collected_falsetto;
}
bool is_top_only(EndsKind kind) { return kind == EndsKind::top_only || kind == EndsKind::top_only_falsetto; }

double fit_of_cost(double cost) { return 100 * math::exp(-fit_steepness * cost / cost_of_one); }

std::uint32_t cost_of_fit(double fit) {
  return rounded(-math::log(std::max(fit, least_expected_fit) / 100) * cost_of_one / fit_steepness);
}

}  // namespace

double effort_at(const Reach& reach, Midi pitch) {
  const double middle = (reach.low.comfortable.value + reach.high.comfortable.value) / 2;
  const double half_width = std::max((reach.high.comfortable.value - reach.low.comfortable.value) / 2, 1.0);
  if (pitch.value >= middle) {
    return one_side(pitch.value - middle, reach.high.comfortable.value - middle,
                    reach.high.full.value - middle, half_width, beyond_high);
  }
  return one_side(middle - pitch.value, middle - reach.low.comfortable.value, middle - reach.low.full.value,
                  half_width, beyond_low);
}

std::uint32_t key_price(int key) {
  const auto size = static_cast<std::uint32_t>(std::abs(key));
  return size == 0 ? 0 : 500 + 150 * size + 37 * size * size;
}

double fit_of(std::uint32_t cost) { return fit_of_cost(cost); }

SingerCost::SingerCost(const Reach& reach, const TopShapes& shapes) : reach_(reach), shapes_(shapes) {
  for (int i = 0; i < effort_size; ++i) {
    const double effort = std::floor(1024 * effort_at(reach, Midi(i - effort_pad)) + 0.5);
    effort_[i] = static_cast<std::uint16_t>(std::min(effort, double{max_effort}));
  }
}

std::uint16_t SingerCost::effort(int midi) const {
  return effort_[std::clamp(midi + effort_pad, 0, effort_size - 1)];
}

std::uint32_t SingerCost::peak_high(EndsKind kind, int midi) const {
  const double over =
      midi - reach_.high.full.value - peak_tolerance - (is_falsetto(kind) ? falsetto_reach : 0);
  return rounded(is_collected(kind) ? mean_peak_cost(over, peak_high_price)
                                    : peak_cost(over, peak_high_price));
}

std::uint32_t SingerCost::peak_low(EndsKind kind, int midi) const {
  const double over = reach_.low.full.value - midi - peak_tolerance;
  return rounded(is_collected(kind) ? mean_peak_cost(over, peak_low_price) : peak_cost(over, peak_low_price));
}

/// The shape hanging from `top`, with the peak of its lower end.
double SingerCost::shape_cost(const std::vector<double>& shape, int top) const {
  const int lowest = top - static_cast<int>(shape.size()) + 1;
  double strain = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) strain += shape[i] * effort(lowest + static_cast<int>(i));
  return weight_sum * strain + peak_low(EndsKind::transcribed, lowest);
}

ExpectedFit SingerCost::of_exact_top(int top, bool falsetto) const {
  const double peak = peak_high(falsetto ? EndsKind::transcribed_falsetto : EndsKind::transcribed, top);
  const auto shapes = static_cast<double>(shapes_.size());
  double sum = 0;
  double squares = 0;
  for (const auto& shape : shapes_) {
    const double fit = fit_of_cost(shape_cost(shape, top) + peak);
    sum += fit;
    squares += fit * fit;
  }
  return {sum / shapes, math::sqrt(std::max(0.0, squares / shapes - sum / shapes * (sum / shapes)))};
}

ExpectedFit SingerCost::of_top(int top, bool falsetto) const {
  double mean = 0;
  double square = 0;
  for (const NotedError& e : noted_errors) {
    const ExpectedFit exact = of_exact_top(top + e.semitones, falsetto);
    mean += e.share * exact.mean;
    square += e.share * (exact.mean * exact.mean + exact.deviation * exact.deviation);
  }
  return {mean, math::sqrt(std::max(0.0, square - mean * mean))};
}

std::uint32_t SingerCost::of(const IndexedSong& song, int shift) const {
  if (is_top_only(song.kind)) {
    return cost_of_fit(of_top(song.highest + shift, is_falsetto(song.kind)).mean);
  }
  std::uint32_t cost = 0;
  for (int p = 0; p < 128; ++p) cost += song.weights[p] * effort(p + shift);
  if (song.highest != end_unknown) cost += peak_high(song.kind, song.highest + shift);
  if (song.lowest != end_unknown) cost += peak_low(song.kind, song.lowest + shift);
  return cost;
}

void SingerCost::fill(Query& query) const {
  query.effort.effort = effort_;
  query.effort.split();
  for (int kind = 0; kind < ends_kinds; ++kind) {
    const auto k = static_cast<EndsKind>(kind);
    auto& high = query.peak_high[kind];
    if (is_top_only(k)) {
      fill_tops(high, is_falsetto(k));
    } else {
      for (int i = 0; i < effort_size; ++i) high[i] = peak_high(k, i - effort_pad);
    }
    for (int i = 0; i < effort_size; ++i) query.peak_low[kind][i] = peak_low(k, i - effort_pad);
  }
}

/// The same as of_top at every place, each exact top worked out once.
void SingerCost::fill_tops(std::array<std::uint32_t, effort_size>& costs, bool falsetto) const {
  std::array<double, effort_size> exact{};
  for (int i = 0; i < effort_size; ++i) exact[i] = of_exact_top(i - effort_pad, falsetto).mean;
  for (int i = 0; i < effort_size; ++i) {
    double mean = 0;
    for (const NotedError& e : noted_errors) {
      mean += e.share * exact[std::clamp(i + e.semitones, 0, effort_size - 1)];
    }
    costs[i] = cost_of_fit(mean);
  }
}

void set_keys(Query& query, int lowest_key, int highest_key, int octave) {
  query.first_shift = 12 * octave + lowest_key;
  query.shift_price.clear();
  query.shift_order.clear();
  for (int key = lowest_key; key <= highest_key; ++key) {
    query.shift_price.push_back(key_price(key) + (octave != 0 ? octave_price : 0));
    query.shift_order.push_back(static_cast<std::uint8_t>(key < 0 ? -2 * key - 1 : 2 * key));
  }
}

}  // namespace orakgarak::songs
