#include "voice/demo_singer_noise.h"

#include <algorithm>
#include <cmath>

namespace orakgarak::voice::demo {
namespace {

constexpr double room_rms = 0.00012;  // −78 dBFS below 8 kHz

}  // namespace

void Resonator::tune(double centre_hz, double bandwidth_hz, double rate) {
  double r = math::exp(-math::pi * bandwidth_hz / rate);
  b_ = 2 * r * math::cos(2 * math::pi * centre_hz / rate);
  c_ = -r * r;
}

void Resonator::tune_for_unit_dc(double centre_hz, double bandwidth_hz, double rate) {
  tune(centre_hz, bandwidth_hz, rate);
  a_ = 1 - b_ - c_;
}

void Resonator::tune_for_unit_noise(double centre_hz, double bandwidth_hz, double rate) {
  tune(centre_hz, bandwidth_hz, rate);
  // Variance of an AR(2) process driven by unit variance (Box & Jenkins, Time Series Analysis, 3.2).
  double variance = (1 - c_) / ((1 + c_) * ((1 - c_) * (1 - c_) - b_ * b_));
  a_ = 1 / math::sqrt(variance);
}

Noise::Noise(const Score& score, const Anatomy& anatomy, Hertz rate, std::uint32_t seed)
    : score_(score),
      anatomy_(anatomy),
      rate_(rate.value),
      density_(math::sqrt(rate.value / 16000)),
      dice_(seed, 5) {}

// Triangular density, variance 1.
double Noise::white() {
  double sum = dice_.at(drawn_) + dice_.at(drawn_ + 1);
  drawn_ += 2;
  return 1.2247448713915890 * sum;
}

double Noise::hiss(double seconds) {
  if (sounding_ && seconds >= sounding_->end_seconds) sounding_ = nullptr;
  while (!sounding_ && next_hiss_ < score_.hisses.size() &&
         seconds >= score_.hisses[next_hiss_].start_seconds) {
    const Hiss& h = score_.hisses[next_hiss_++];
    if (seconds >= h.end_seconds) continue;
    lips_.tune_for_unit_noise(std::min(h.centre_hz, 0.4 * rate_), h.bandwidth_hz, rate_);
    sounding_ = &h;
  }
  if (!sounding_) return 0;
  double u = (seconds - sounding_->start_seconds) / (sounding_->end_seconds - sounding_->start_seconds);
  double envelope = sounding_->burst ? smooth_step(20 * u) * (1 - u) * (1 - u)
                                     : smooth_step(4 * u) * smooth_step(4 * (1 - u));
  return sounding_->level * envelope * lips_(white());
}

void Noise::breathe_through(const Tract& tract) {
  // The first formant makes the air as loud as the anatomy says; the others only colour it. One near the edge
  // of the band would lift all of it.
  tract_[0].tune_for_unit_noise(tract.formant_hz[0], tract.bandwidth_hz[0], rate_);
  coloured_ = 1;
  for (; coloured_ < tract_.size() && tract.formant_hz[coloured_] < 0.3 * rate_; ++coloured_)
    tract_[coloured_].tune_for_unit_dc(tract.formant_hz[coloured_], tract.bandwidth_hz[coloured_], rate_);
}

void Noise::render(std::size_t first, std::span<const double> turns, std::span<const double> gains,
                   const Tract& tract, std::span<double> out) {
  if (!score_.gestures.empty()) breathe_through(tract);
  for (std::size_t n = 0; n < out.size(); ++n) {
    // Air flows while the folds are apart, and most when they are widest.
    double u = turns[n] + 0.15 - std::floor(turns[n] + 0.15);
    double air = anatomy_.aspiration * gains[n] * (0.6 + 2.4 * u * (1 - u)) * white();
    for (std::size_t i = 0; i < coloured_; ++i) air = tract_[i](air);
    out[n] += air + hiss(static_cast<double>(first + n) / rate_) + room_rms * density_ * white();
  }
}

}  // namespace orakgarak::voice::demo
