#include "voice/intonation.h"

#include <algorithm>
#include <cmath>

namespace orakgarak::voice {
namespace {

constexpr std::size_t least_notes = 5;
constexpr double longest_weight_s = 2;     // a long last note does not decide alone
constexpr double widest_drift_cents = 60;  // over the whole take; more cannot be told from the next semitone
constexpr double shortest_drift_span_s = 10;  // notes closer together say nothing about a slope

/// A note as a point on the circle of one semitone.
struct Point {
  double time_s, phase, weight;  // phase in semitones
};

std::vector<Point> points_of(std::span<const Note> notes) {
  std::vector<Point> out;
  out.reserve(notes.size());
  for (const Note& n : notes) {
    double seconds = n.span.duration().value;
    out.push_back({n.span.start.value + 0.5 * seconds, n.pitch.value, std::min(seconds, longest_weight_s)});
  }
  return out;
}

struct Resultant {
  double x = 0, y = 0;
  double length() const { return math::sqrt(x * x + y * y); }
  double semitones() const { return math::atan2(y, x) / (2 * math::pi); }  // (−0.5, 0.5]
};

/// Weighted sum of the points' directions once a slope (semitones per second) is taken out.
Resultant resultant(std::span<const Point> points, double slope) {
  Resultant sum;
  for (const Point& p : points) {
    double turn = p.phase - slope * p.time_s;
    double angle = 2 * math::pi * (turn - std::floor(turn));
    sum.x += p.weight * math::cos(angle);
    sum.y += p.weight * math::sin(angle);
  }
  return sum;
}

/// The slope that gathers the points best, in semitones per second.
double best_slope(std::span<const Point> points) {
  double span_s = points.back().time_s - points.front().time_s;
  if (span_s < shortest_drift_span_s) return 0;
  constexpr int steps = 60;
  const double step = widest_drift_cents / 100 / span_s / steps;
  std::array<double, 2 * steps + 1> gathered{};
  for (int k = -steps; k <= steps; ++k)
    gathered[static_cast<std::size_t>(k + steps)] = resultant(points, k * step).length();
  auto best = static_cast<int>(std::max_element(gathered.begin(), gathered.end()) - gathered.begin());
  double offset = 0;
  if (best > 0 && best < 2 * steps) {
    auto at = [&](int k) { return gathered[static_cast<std::size_t>(k)]; };
    double bend = at(best - 1) - 2 * at(best) + at(best + 1);
    if (bend < 0) offset = 0.5 * (at(best - 1) - at(best + 1)) / bend;
  }
  return (best - steps + offset) * step;
}

}  // namespace

Tessitura measure_tessitura(std::span<const PitchFrame> frames) {
  std::array<std::uint32_t, 128> count{};
  for (const PitchFrame& f : frames) {
    if (!f.voiced()) continue;
    double nearest = std::floor(to_midi(f.f0).value + 0.5);
    ++count[static_cast<std::size_t>(std::clamp(nearest, 0.0, 127.0))];
  }
  Tessitura out;
  for (std::size_t m = 0; m < count.size(); ++m)
    out.seconds[m] = static_cast<float>(count[m] * frame_hop.value);
  return out;
}

std::optional<Intonation> measure_intonation(std::span<const Note> notes) {
  if (notes.size() < least_notes) return std::nullopt;
  const auto points = points_of(notes);
  const double tuning = resultant(points, 0).semitones();
  double distance = 0, weight = 0;
  for (const Point& p : points) {
    double off = p.phase - tuning;
    distance += p.weight * std::fabs(off - std::floor(off + 0.5));
    weight += p.weight;
  }
  return Intonation{Cents(100 * tuning), Cents(weight > 0 ? 100 * distance / weight : 0),
                    Cents(100 * 60 * best_slope(points)), static_cast<int>(notes.size())};
}

}  // namespace orakgarak::voice
