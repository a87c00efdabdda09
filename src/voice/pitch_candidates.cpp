#include "voice/pitch_candidates.h"

#include <algorithm>
#include <cmath>

#include "base/math.h"

namespace orakgarak::voice {
namespace {

constexpr int taps = 16;                // of the sinc interpolation
constexpr int steps = 16;               // interpolated points a lag
constexpr float weakest = 0.2F;         // peaks below this are no candidates
constexpr double shorter_first = 0.02;  // strength an octave: a short period before its many multiples
constexpr double high_cut = 1500;       // Hz

// filters[s][t]: windowed sinc for the value at s / steps between the two middle taps.
const std::array<float, (steps + 1) * taps>& interpolation() {
  static const auto table = [] {
    std::array<float, (steps + 1) * taps> out{};
    for (int s = 0; s <= steps; ++s)
      for (int t = 0; t < taps; ++t) {
        const double x = t - (taps / 2 - 1) - static_cast<double>(s) / steps;
        const double sinc = std::abs(x) < 1e-9 ? 1 : math::sin(math::pi * x) / (math::pi * x);
        const double window = 0.5 + 0.5 * math::cos(math::pi * x / (taps / 2));
        out[static_cast<std::size_t>(s * taps + t)] =
            static_cast<float>(std::abs(x) >= taps / 2 ? 0 : sinc * window);
      }
    return out;
  }();
  return table;
}

int fft_size(int window) {  // what wraps round from beyond 0.9 windows is negligible under a Hann window
  int size = 64;
  while (size < window * 11 / 10 || size / 4 < window / 4 + taps / 2) size *= 2;
  return size;
}

// Power response of a Hann window `bins` (1 / its length) off its centre, 1 at the centre.
double hann_response(double bins) {
  if (std::abs(bins) < 1e-6) return 1;
  if (std::abs(std::abs(bins) - 1) < 1e-6) return 0.25;
  const double v = math::sin(math::pi * bins) / (math::pi * bins * (1 - bins * bins));
  return v * v;
}

}  // namespace

CandidateFinder::CandidateFinder(Hertz lowest, InstructionSet set)
    : kernels_(&kernels(set)),
      window_size_(static_cast<int>(4 * analysis_rate.value / lowest.value)),
      fft_(fft_size(window_size_), set),
      longest_lag_(window_size_ / 4),
      lag_rows_(longest_lag_ + taps / 2),
      stride_((lag_rows_ + 2 * taps) / lanes * lanes),
      rows_(static_cast<std::size_t>(fft_.size()) * lanes),
      power_(static_cast<std::size_t>(fft_.bins()) * lanes),
      lags_(static_cast<std::size_t>(stride_ + taps) * lanes) {
  for (int t = 0; t < window_size_; ++t) {
    const double w = 0.5 - 0.5 * math::cos(2 * math::pi * (t + 0.5) / window_size_);
    window_.push_back(static_cast<float>(w));
    window_energy_ += static_cast<float>(w * w);
  }
  for (int lag = 0; lag < lag_rows_; ++lag) {
    double sum = 0;
    for (int t = 0; t + lag < window_size_; ++t)
      sum += double{window_[static_cast<std::size_t>(t)]} * window_[static_cast<std::size_t>(t + lag)];
    lag_scale_.push_back(static_cast<float>(window_energy_ / sum));
    handicap_.push_back(static_cast<float>(shorter_first * math::log2(lag + 1)));
  }
  set_weights(usual_low_cut, {});
}

void CandidateFinder::set_weights(Hertz low_cut, const Background& background) {
  gain_.clear();
  low_cut_ = low_cut;
  for (int k = 0; k < fft_.bins(); ++k) {
    const double f = k * analysis_rate.value / fft_.size(), low = f / low_cut.value, high = f / high_cut;
    const double low4 = low * low * low * low, high4 = high * high * high * high;
    gain_.push_back(static_cast<float>(low4 / (1 + low4) / (1 + high4)));
  }
  noise_.assign(gain_.size(), 0.0F);
  if (background.density.empty()) return;
  // Expected |X(f)|² = Σ density(g) · |W(f − g)|², so that a line spreads as wide as this window spreads it.
  const double grid = analysis_rate.value / Background::grid_size;
  const int reach = std::max(2, static_cast<int>(3.0 * analysis_rate.value / window_size_ / grid));
  const auto last = static_cast<int>(background.density.size()) - 1;
  for (int k = 0; k < fft_.bins(); ++k) {
    const double f = k * analysis_rate.value / fft_.size();
    const int centre = static_cast<int>(f / grid + 0.5);
    double sum = 0, weights = 0;
    for (int g = centre - reach; g <= centre + reach; ++g) {
      const double w = hann_response((g * grid - f) * window_size_ / analysis_rate.value);
      sum += w * background.density[static_cast<std::size_t>(std::clamp(std::abs(g), 0, last))];
      weights += w;
    }
    const auto i = static_cast<std::size_t>(k);
    noise_[i] = static_cast<float>(over_subtraction * window_energy_ * gain_[i] * sum / weights);
  }
}

void CandidateFinder::transform(std::span<const float> signal, std::span<const std::ptrdiff_t> centres) {
  std::ptrdiff_t starts[lanes];
  for (std::size_t l = 0; l < lanes; ++l)
    starts[l] = centres[std::min(l, centres.size() - 1)] - window_size_ / 2;
  fft_.gather(signal, starts, window_, rows_.data());
  fft_.power(rows_.data(), power_.data());
}

std::span<const float> CandidateFinder::spectra(std::span<const float> signal,
                                                std::span<const std::ptrdiff_t> centres) {
  transform(signal, centres);
  return {power_.data(), power_.size()};
}

void CandidateFinder::run(std::span<const float> signal, std::span<const std::ptrdiff_t> centres,
                          const PitchBounds& bounds, std::span<CandidateFrame> frames) {
  transform(signal, centres);
  float before[lanes], after[lanes];
  kernels_->shape(power_.data(), fft_.bins(), gain_.data(), noise_.data(), before, after);
  fft_.autocorrelation(power_.data(), rows_.data());
  kernels_->normalise(rows_.data(), lag_rows_, lag_scale_.data(), stride_, lags_.data());
  const double scale = 2.0 / (fft_.size() * double{window_energy_});
  for (std::size_t l = 0; l < centres.size(); ++l) {
    CandidateFrame& frame = frames[l];
    frame.count = 0;
    frame.guessed = false;
    frame.level_db = static_cast<float>(math::power_to_db(before[l] * scale));
    frame.kept_db = static_cast<float>(math::power_to_db(after[l] * scale));
    frame.noise = before[l] > 0 ? (1 - after[l] / before[l]) / over_subtraction : 0.0F;
    if (after[l] > 0) pick(l, bounds, frame);
  }
}

void CandidateFinder::pick(std::size_t lane, const PitchBounds& bounds, CandidateFrame& frame) const {
  const float* lags = lags_.data() + lane * static_cast<std::size_t>(stride_);
  const double rate = analysis_rate.value;
  const int first = std::max(2, static_cast<int>(rate / bounds.ceiling.value));
  const int last = std::min(longest_lag_, static_cast<int>(rate / bounds.floor.value) + 1);
  struct Peak {
    int lag;
    float score;
  };
  std::array<Peak, CandidateFrame::found> best;
  std::size_t count = 0;
  for (int t = first; t <= last; ++t) {
    const float here = lags[t];
    if (here < weakest || here < lags[t - 1] || here <= lags[t + 1]) continue;
    const float bend = lags[t - 1] - 2 * here + lags[t + 1], slope = lags[t + 1] - lags[t - 1];
    const float score = here - slope * slope / (8 * bend) - handicap_[static_cast<std::size_t>(t)];
    if (count == best.size() && score <= best.back().score) continue;
    std::size_t at = count < best.size() ? count++ : count - 1;
    for (; at > 0 && best[at - 1].score < score; --at) best[at] = best[at - 1];
    best[at] = {t, score};
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Period period = sharpen(lags, refine(lags, best[i].lag));
    const double hertz = unbiased(lane, rate / period.lag);
    if (hertz >= 0.98 * bounds.floor.value && hertz <= bounds.ceiling.value)
      frame.items[frame.count++] = {.octave = static_cast<float>(math::log2(hertz)),
                                    .strength = period.strength};
  }
}

// A short period is measured better over several: the same error of a lag, divided by their number.
CandidateFinder::Period CandidateFinder::sharpen(const float* lags, Period one) const {
  constexpr double short_period = 30;   // samples
  constexpr double same_pitch = 0.006;  // 10 cents
  const int times = static_cast<int>((longest_lag_ - 1) / one.lag);
  if (one.lag > short_period || times < 2) return one;
  const Period several = refine(lags, static_cast<int>(times * one.lag + 0.5));
  const double lag = several.lag / times;
  if (several.strength > 0.8F * one.strength && std::abs(lag - one.lag) < same_pitch * one.lag) one.lag = lag;
  return one;
}

// The low cut is steep over the width of a spectral line and pulls the line upwards by its slope times the
// line's variance, 1 / (3 · length²) under a Hann window. A period rests on its harmonics as they weigh in
// the bend of the autocorrelation: by power and the square of their number. Matters for a low voice that is
// nearly all fundamental, 130 cents for a sine of 50 Hz.
double CandidateFinder::unbiased(std::size_t lane, double f0) const {
  constexpr double steep_below = 300;  // Hz
  if (f0 > steep_below) return f0;
  const double length = window_size_ / analysis_rate.value, variance = 1 / (3 * length * length);
  const double bins_a_hertz = fft_.size() / analysis_rate.value;
  double pull = 0, weight = 0;
  for (int k = 1; k * f0 < 2 * steep_below; ++k) {
    const double f = k * f0, low = f / low_cut_.value;
    const double power = double{power_[static_cast<std::size_t>(f * bins_a_hertz + 0.5) * lanes + lane]} * k;
    pull += power * 4 / (f * (1 + low * low * low * low));
    weight += power * k;
  }
  return weight > 0 ? f0 - variance * pull / weight : f0;
}

// Climbs to the top of the interpolated autocorrelation, then takes a parabola through three points of it.
CandidateFinder::Period CandidateFinder::refine(const float* lags, int peak) const {
  const auto value = [&](int at) {  // at: in 1/steps of a lag
    const int whole = at / steps, part = at % steps;
    const float* filter = interpolation().data() + part * taps;
    const int from = whole - (taps / 2 - 1);
    if (from >= 0 && from + taps <= lag_rows_) return kernels_->dot(lags + from, filter, taps);
    float around[taps];
    for (int t = 0; t < taps; ++t) {
      const int lag = std::abs(from + t);
      around[t] = lag < lag_rows_ ? lags[lag] : 0.0F;
    }
    return kernels_->dot(around, filter, taps);
  };
  const float bend = lags[peak - 1] - 2 * lags[peak] + lags[peak + 1];
  // Within half a lag at a peak; where a multiple of a period is none, a flat bend must not throw it far off.
  const float offset =
      bend < 0 ? std::clamp(0.5F * (lags[peak - 1] - lags[peak + 1]) / bend, -1.0F, 1.0F) : 0.0F;
  int at = peak * steps + static_cast<int>(std::floor(offset * steps + 0.5F));
  float left = value(at - 1), middle = value(at), right = value(at + 1);
  for (int climb = 0; climb < steps && (left > middle || right > middle); ++climb) {
    if (right > left) {
      ++at;
      left = middle, middle = right, right = value(at + 1);
    } else {
      --at;
      right = middle, middle = left, left = value(at - 1);
    }
  }
  const float curve = left - 2 * middle + right;
  const double top = curve < 0 ? 0.5 * (left - right) / curve : 0.0;
  const double lag = (at + std::clamp(top, -1.0, 1.0)) / steps;
  const float strength = curve < 0 ? middle - 0.125F * (right - left) * (right - left) / curve : middle;
  return {lag, std::min(strength, 1.0F)};
}

}  // namespace orakgarak::voice
