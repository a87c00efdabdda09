#include "voice/timbre_harmonics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "voice/fft.h"
#include "voice/timbre_lanes.h"

namespace orakgarak::voice {
namespace {

constexpr int window_samples = 512;
constexpr int size = 1024;  // padded, so that the autocorrelation does not wrap round
constexpr double bin_hz = analysis_rate.value / size;
constexpr int lags = size / 4;
constexpr int first_line_lag = 8, last_line_lag = 200;  // 1 to 25 ms
constexpr double least_cepstral_period = 10;            // samples
constexpr double highest_harmonic_hz = 3800;
constexpr int least_tilt_harmonics = 4;
constexpr float not_measured = std::numeric_limits<float>::quiet_NaN();

/// Σ P_k cos(2πkτ/size) over all bins, one lag (in samples, any real number) a lane.
void correlate_at(const float* power, const float (&lag)[lanes], float (&out)[lanes]) {
  float c[lanes], s[lanes], turn_c[lanes], turn_s[lanes];
  for (int l = 0; l < lanes; ++l) {
    double angle = 2 * math::pi * static_cast<double>(lag[l]) / size;
    turn_c[l] = static_cast<float>(math::cos(angle));
    turn_s[l] = static_cast<float>(math::sin(angle));
    c[l] = 1;
    s[l] = 0;
    out[l] = 0.5f * power[l];
  }
  for (int k = 1; k <= size / 2; ++k) {
    const float* row = power + k * lanes;
    for (int l = 0; l < lanes; ++l) {
      const float next = c[l] * turn_c[l] - s[l] * turn_s[l];
      s[l] = s[l] * turn_c[l] + c[l] * turn_s[l];
      c[l] = next;
      out[l] += row[l] * next;
    }
  }
}

/// Work space for 16 frames and the constants that all batches share.
class HarmonicBatch {
 public:
  explicit HarmonicBatch(InstructionSet set)
      : fft_(size, set),
        frames_(static_cast<std::size_t>(size) * lanes),
        power_(static_cast<std::size_t>(fft_.bins()) * lanes) {
    for (int t = 0; t < window_samples; ++t)
      window_.push_back(static_cast<float>(0.5 - 0.5 * math::cos(2 * math::pi * (t + 0.5) / window_samples)));
    for (int lag = 0; lag <= window_samples / 2; ++lag) {  // in closed form: Boersma 1993, eq. 8
      const double x = static_cast<double>(lag) / window_samples;
      window_correlation_.push_back(static_cast<float>((1 - x) * (2.0 / 3 + math::cos(2 * math::pi * x) / 3) +
                                                       math::sin(2 * math::pi * x) / (2 * math::pi)));
    }
  }

  /// out: `count` frames with `frame` filled in.
  void measure(std::span<const PitchFrame> track, std::span<const float> signal, HarmonicFrame* out,
               int count) {
    std::ptrdiff_t starts[lanes];
    float period[lanes];
    for (int l = 0; l < lanes; ++l) {
      const HarmonicFrame& f = out[std::min(l, count - 1)];
      starts[l] = static_cast<std::ptrdiff_t>(f.frame) * 80 - window_samples / 2;
      period[l] = static_cast<float>(analysis_rate.value / track[f.frame].f0.value);
    }
    fft_.gather(signal, starts, window_, frames_.data());
    fft_.power(frames_.data(), power_.data());
    harmonic_to_noise(period, out, count);
    to_decibels(power_.data(), fft_.bins());
    for (int l = 0; l < count; ++l) harmonic_levels(l, size / period[l], out[l]);
    cepstral_prominence(period, out, count);
  }

 private:
  void harmonic_to_noise(const float (&period)[lanes], HarmonicFrame* out, int count) {
    // The tracker knows the period to a fraction of a per cent; the best of three lags and the parabola
    // through them make up for the rest.
    constexpr float step = 0.004f;
    float at_zero[lanes] = {}, r[3][lanes];
    for (int k = 0; k <= size / 2; ++k)
      for (int l = 0; l < lanes; ++l)
        at_zero[l] += (k == 0 ? 0.5f : 1.0f) * power_[static_cast<std::size_t>(k * lanes + l)];
    for (int i = 0; i < 3; ++i) {
      float lag[lanes];
      for (int l = 0; l < lanes; ++l) lag[l] = period[l] * (1 + step * static_cast<float>(i - 1));
      correlate_at(power_.data(), lag, r[i]);
      for (int l = 0; l < lanes; ++l) r[i][l] /= std::max(at_zero[l] * window_correlation(lag[l]), 1e-30f);
    }
    for (int l = 0; l < count; ++l) {
      const double left = r[0][l], middle = r[1][l], right = r[2][l];
      const double bend = left - 2 * middle + right;
      double peak = std::max({left, middle, right});
      if (bend < 0 && middle >= left && middle >= right) peak -= (left - right) * (left - right) / (8 * bend);
      peak = std::clamp(peak, 0.01, 0.9999);
      out[l].hnr_db = decibels_fast(static_cast<float>(peak / (1 - peak)));
    }
  }

  /// Autocorrelation of the Hann window relative to lag 0, between whole lags on a straight line.
  float window_correlation(float lag) const {
    const auto left = std::min(static_cast<std::size_t>(lag), window_correlation_.size() - 2);
    const float part = lag - static_cast<float>(left);
    return window_correlation_[left] + part * (window_correlation_[left + 1] - window_correlation_[left]);
  }

  /// Height of the peak within `reach` of a bin, from the decibels in power_.
  float peak_db(int lane, float bin, int reach) const {
    auto at = [&](int k) { return power_[static_cast<std::size_t>(k * lanes + lane)]; };
    int centre = static_cast<int>(bin + 0.5f), best = centre;
    for (int k = std::max(1, centre - reach); k <= std::min(size / 2 - 1, centre + reach); ++k)
      if (at(k) > at(best)) best = k;
    const float left = at(best - 1), right = at(best + 1), bend = left - 2 * at(best) + right;
    return bend < 0 ? at(best) - (left - right) * (left - right) / (8 * bend) : at(best);
  }

  /// power_ holds decibels.
  void harmonic_levels(int lane, float f0_bins, HarmonicFrame& out) const {
    constexpr int numbers[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32};
    const int reach = std::max(1, static_cast<int>(0.15f * f0_bins));
    float level[std::size(numbers)], octave[std::size(numbers)], level_sum = 0, octave_sum = 0;
    int n = 0;
    for (; n < static_cast<int>(std::size(numbers)) && numbers[n] * f0_bins * bin_hz <= highest_harmonic_hz;
         ++n) {
      level_sum += level[n] = peak_db(lane, static_cast<float>(numbers[n]) * f0_bins, reach);
      octave_sum += octave[n] = log2_fast(static_cast<float>(numbers[n]));
    }
    if (n >= 2) out.h1_h2_db = std::clamp(level[0] - level[1], -40.0f, 40.0f);
    if (n < least_tilt_harmonics) return;
    float moment = 0, spread = 0;
    for (int i = 0; i < n; ++i) {
      const float x = octave[i] - octave_sum / static_cast<float>(n);
      moment += x * (level[i] - level_sum / static_cast<float>(n));
      spread += x * x;
    }
    out.tilt_db_per_octave = moment / spread;
  }

  /// power_ holds decibels. Leaves the cepstrum in decibels in frames_.
  void cepstral_prominence(const float (&period)[lanes], HarmonicFrame* out, int count) {
    fft_.autocorrelation(power_.data(), frames_.data());
    float* cepstrum = frames_.data();
    for (int i = 0; i < lags * lanes; ++i) cepstrum[i] *= cepstrum[i];
    to_decibels(cepstrum, lags);
    float sum[lanes] = {}, moment[lanes] = {};
    constexpr int n = last_line_lag - first_line_lag + 1;
    constexpr float middle = 0.5f * (first_line_lag + last_line_lag);
    constexpr float spread = static_cast<float>(n) * (static_cast<float>(n) * n - 1) / 12;
    for (int q = first_line_lag; q <= last_line_lag; ++q)
      for (int l = 0; l < lanes; ++l) {
        sum[l] += cepstrum[q * lanes + l];
        moment[l] += cepstrum[q * lanes + l] * (static_cast<float>(q) - middle);
      }
    for (int l = 0; l < count; ++l) {
      out[l].cpp_db = not_measured;
      if (period[l] < least_cepstral_period) continue;
      const int from = static_cast<int>(0.94f * period[l]), to = static_cast<int>(1.06f * period[l] + 1);
      int peak = from;
      for (int q = from; q <= to; ++q)
        if (cepstrum[q * lanes + l] > cepstrum[peak * lanes + l]) peak = q;
      const float line = sum[l] / n + moment[l] / spread * (static_cast<float>(peak) - middle);
      out[l].cpp_db = cepstrum[peak * lanes + l] - line;
    }
  }

  BatchFft fft_;
  std::vector<float> window_, window_correlation_;
  AlignedFloats frames_, power_;
};

}  // namespace

std::vector<HarmonicFrame> measure_harmonics(std::span<const PitchFrame> frames,
                                             std::span<const float> signal, InstructionSet set) {
  std::vector<HarmonicFrame> out;
  for (std::size_t i = 0; i < frames.size(); i += 2)
    if (frames[i].voiced())
      out.push_back({static_cast<std::uint32_t>(i), 0, not_measured, not_measured, not_measured});
  if (out.empty()) return out;
  HarmonicBatch batch(set);
  for (std::size_t i = 0; i < out.size(); i += lanes)
    batch.measure(frames, signal, out.data() + i,
                  static_cast<int>(std::min<std::size_t>(lanes, out.size() - i)));
  return out;
}

}  // namespace orakgarak::voice
