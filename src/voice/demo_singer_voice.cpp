#include "voice/demo_singer_voice.h"

#include <algorithm>

namespace orakgarak::voice::demo {
namespace {

Phasor operator*(Phasor a, Phasor b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
Phasor operator+(Phasor a, Phasor b) { return {a.re + b.re, a.im + b.im}; }
Phasor operator-(Phasor a, Phasor b) { return {a.re - b.re, a.im - b.im}; }
Phasor operator*(double k, Phasor a) { return {k * a.re, k * a.im}; }
double power(Phasor a) { return a.re * a.re + a.im * a.im; }
Phasor inverse(Phasor a) { return {a.re / power(a), -a.im / power(a)}; }

// Fourier coefficient of the flow derivative 2x − 3x² on the open part x in [0, 1] of a cycle, 0 elsewhere.
Phasor glottal_pulse(int k, double open_quotient) {
  double w = 2 * math::pi * k * open_quotient;
  Phasor end{math::cos(w), -math::sin(w)}, by_iw{0, -1 / w};
  Phasor m0 = by_iw * (Phasor{1, 0} - end);  // moments ∫ xⁿ·e^(−iwx)
  Phasor m1 = by_iw * (m0 - end);
  Phasor m2 = by_iw * (2 * m1 - end);
  return open_quotient * (2 * m1 - 3 * m2);
}

double lerp(double a, double b, double w) { return a + w * (b - a); }

Tract blend(const Tract& a, const Tract& b, double w) {
  Tract t;
  for (std::size_t i = 0; i < formant_count; ++i) {
    t.formant_hz[i] = lerp(a.formant_hz[i], b.formant_hz[i], w);
    t.bandwidth_hz[i] = lerp(a.bandwidth_hz[i], b.bandwidth_hz[i], w);
  }
  return t;
}

}  // namespace

Phasor harmonic_response(int k, double f0_hz, const Anatomy& anatomy, const Tract& tract) {
  double f = k * f0_hz;
  Phasor h = glottal_pulse(k, anatomy.open_quotient) * inverse({1, f / anatomy.return_hz});
  for (std::size_t i = 0; i < formant_count; ++i) {
    double centre = tract.formant_hz[i] * tract.formant_hz[i];
    h = h * (centre * inverse({centre - f * f, f * tract.bandwidth_hz[i]}));
  }
  return h;
}

Mouth::Mouth(const Score& score, const Anatomy& anatomy, double band_hz)
    : score_(score), anatomy_(anatomy), band_hz_(band_hz) {
  if (score.gestures.empty()) return;
  tract_ = score.gestures.front().tract;
  leaving_ = reaching_ = pose(score.gestures.front());
}

Mouth::Pose Mouth::pose(const Gesture& gesture) const {
  // The slide from a neighbour may be lower than this note; a harmonic past the end keeps the model's sign.
  constexpr double lowest_hz = 40;
  Pose p;
  double total = 0;
  int count = static_cast<int>(band_hz_ / lowest_hz);
  p.directions.resize(static_cast<std::size_t>(count));
  for (int k = 1; k <= count; ++k) {
    Phasor h = harmonic_response(k, gesture.pitch_hz, anatomy_, gesture.tract);
    if (k * gesture.pitch_hz < band_hz_) total += 0.5 * power(h);
    p.directions[static_cast<std::size_t>(k - 1)] = (1 / math::sqrt(std::max(power(h), 1e-300))) * h;
  }
  p.scale = gesture.level / math::sqrt(std::max(total, 1e-300));
  return p;
}

double Mouth::blend_seconds(std::size_t i) const {
  const auto& g = score_.gestures;
  double seconds = std::min(0.05, g[i].start_seconds - g[i - 1].start_seconds);
  return i + 1 < g.size() ? std::min(seconds, g[i + 1].start_seconds - g[i].start_seconds) : seconds;
}

void Mouth::harmonics_at(double seconds, double f0_hz, std::vector<Phasor>& out) {
  const auto& g = score_.gestures;
  while (next_ + 1 < g.size() && seconds >= g[next_ + 1].start_seconds - 0.5 * blend_seconds(next_ + 1)) {
    ++next_;
    leaving_ = std::move(reaching_);
    reaching_ = pose(g[next_]);
  }
  double w = 1;
  if (next_ > 0 && blend_seconds(next_) > 0)
    w = smooth_step((seconds - g[next_].start_seconds) / blend_seconds(next_) + 0.5);
  tract_ = next_ > 0 ? blend(g[next_ - 1].tract, g[next_].tract, w) : g[next_].tract;
  double scale = lerp(leaving_.scale, reaching_.scale, w);

  out.clear();
  for (int k = 1; k * f0_hz < band_hz_ && out.size() < reaching_.directions.size(); ++k) {
    double fade = std::min(1.0, 10 * (1 - k * f0_hz / band_hz_));
    double amplitude = scale * fade * math::sqrt(power(harmonic_response(k, f0_hz, anatomy_, tract_)));
    std::size_t i = out.size();
    out.push_back(amplitude * ((1 - w) * leaving_.directions[i] + w * reaching_.directions[i]));
  }
}

}  // namespace orakgarak::voice::demo
