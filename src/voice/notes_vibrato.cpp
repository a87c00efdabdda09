#include "voice/notes_vibrato.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace orakgarak::voice {
namespace {

constexpr double slowest_hz = 4, fastest_hz = 8;
constexpr double least_periods = 2.5;
constexpr double least_extent_cents = 12;
constexpr double least_correlation = 0.5;
constexpr int trend_half_width = 15;  // frames: one period of about 3.2 Hz in all

double mean(std::span<const float> x) {
  double sum = 0;
  for (float v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

double deviation(std::span<const float> x) {
  double m = mean(x), sum = 0;
  for (float v : x) sum += (v - m) * (v - m);
  return math::sqrt(sum / static_cast<double>(x.size()));
}

// Each frame less the straight line through its surroundings; at the ends the window leans inwards and its
// line is read off its middle.
std::vector<float> detrended(std::span<const float> x) {
  const int n = static_cast<int>(x.size()), half = std::min(trend_half_width, (n - 1) / 2);
  std::vector<float> out(x.size());
  for (int i = 0; i < n; ++i) {
    int centre = std::clamp(i, half, n - 1 - half);
    double sum = 0, moment = 0, weight = 0;
    for (int k = -half; k <= half; ++k) {
      sum += x[static_cast<std::size_t>(centre + k)];
      moment += k * static_cast<double>(x[static_cast<std::size_t>(centre + k)]);
      weight += static_cast<double>(k) * k;
    }
    double slope = weight > 0 ? moment / weight : 0;
    double line = sum / (2 * half + 1) + slope * (i - centre);
    out[static_cast<std::size_t>(i)] = x[static_cast<std::size_t>(i)] - static_cast<float>(line);
  }
  return out;
}

double correlation(std::span<const float> x, std::size_t lag) {
  double product = 0, left = 0, right = 0;
  for (std::size_t i = lag; i < x.size(); ++i) {
    product += static_cast<double>(x[i]) * x[i - lag];
    left += static_cast<double>(x[i - lag]) * x[i - lag];
    right += static_cast<double>(x[i]) * x[i];
  }
  double norm = math::sqrt(left * right);
  return norm > 0 ? product / norm : 0;
}

/// Rate of the strongest regular movement, 0 if there is none.
double movement_rate(std::span<const float> cents) {
  const auto flat = detrended(cents);
  const auto shortest = static_cast<std::size_t>(1 / (fastest_hz * frame_hop.value));
  const auto longest = static_cast<std::size_t>(1 / (slowest_hz * frame_hop.value));
  if (static_cast<double>(flat.size()) < least_periods * static_cast<double>(shortest)) return 0;
  std::array<double, 64> r{};
  std::size_t best = 0;
  for (std::size_t lag = shortest - 1; lag <= longest + 1 && lag + 2 < flat.size(); ++lag)
    r[lag] = correlation(flat, lag);
  for (std::size_t lag = shortest; lag <= longest; ++lag)
    if (r[lag] >= r[lag - 1] && r[lag] > r[lag + 1] && (best == 0 || r[lag] > r[best])) best = lag;
  if (best == 0 || r[best] < least_correlation) return 0;
  double bend = r[best - 1] - 2 * r[best] + r[best + 1];
  double lag = static_cast<double>(best) + (bend < 0 ? 0.5 * (r[best - 1] - r[best + 1]) / bend : 0);
  double rate = 1 / (lag * frame_hop.value);
  bool seen_often_enough = static_cast<double>(cents.size()) >= least_periods * lag;
  return seen_often_enough ? std::clamp(rate, slowest_hz, fastest_hz) : 0;
}

/// Solves the 4 × 4 normal equations in place; returns false if they are singular.
bool solve(std::array<std::array<double, 5>, 4>& m) {
  for (std::size_t c = 0; c < 4; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < 4; ++r)
      if (std::fabs(m[r][c]) > std::fabs(m[pivot][c])) pivot = r;
    std::swap(m[c], m[pivot]);
    if (std::fabs(m[c][c]) < 1e-9) return false;
    for (std::size_t r = 0; r < 4; ++r) {
      if (r == c) continue;
      double factor = m[r][c] / m[c][c];
      for (std::size_t k = c; k < 5; ++k) m[r][k] -= factor * m[c][k];
    }
  }
  for (std::size_t c = 0; c < 4; ++c) m[c][4] /= m[c][c];
  return true;
}

/// Takes a sinusoid of this rate out of the block, leaving offset and trend; returns its amplitude.
double take_sinusoid_out(std::span<float> block, double rate_hz) {
  auto basis = [&](std::size_t i) {
    double phase = 2 * math::pi * rate_hz * frame_hop.value * static_cast<double>(i);
    double t = (static_cast<double>(i) - 0.5 * static_cast<double>(block.size())) * frame_hop.value;
    return std::array{1.0, t, math::cos(phase), math::sin(phase)};
  };
  std::array<std::array<double, 5>, 4> normal{};
  for (std::size_t i = 0; i < block.size(); ++i) {
    auto b = basis(i);
    for (std::size_t r = 0; r < 4; ++r) {
      for (std::size_t c = 0; c < 4; ++c) normal[r][c] += b[r] * b[c];
      normal[r][4] += b[r] * static_cast<double>(block[i]);
    }
  }
  if (!solve(normal)) return 0;
  double in_phase = normal[2][4], quadrature = normal[3][4];
  for (std::size_t i = 0; i < block.size(); ++i) {
    auto b = basis(i);
    block[i] -= static_cast<float>(in_phase * b[2] + quadrature * b[3]);
  }
  return math::sqrt(in_phase * in_phase + quadrature * quadrature);
}

}  // namespace

PitchMovement measure_movement(std::span<const float> cents) {
  if (cents.size() < 2) return {};
  PitchMovement still{std::nullopt, Cents(deviation(cents))};
  const double rate = movement_rate(cents);
  if (rate == 0) return still;
  std::vector<float> rest(cents.begin(), cents.end());
  const double block_frames = 2 / (rate * frame_hop.value);
  const auto blocks =
      std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(rest.size()) / block_frames));
  double extent = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    std::size_t begin = rest.size() * b / blocks, end = rest.size() * (b + 1) / blocks;
    extent +=
        take_sinusoid_out(std::span(rest).subspan(begin, end - begin), rate) / static_cast<double>(blocks);
  }
  if (extent < least_extent_cents) return still;
  return {Vibrato{Hertz(rate), Cents(extent)}, Cents(deviation(rest))};
}

}  // namespace orakgarak::voice
