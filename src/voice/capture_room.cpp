#include "voice/capture_room.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "voice/capture_frames.h"
#include "voice/timbre_lanes.h"

namespace orakgarak::voice {
namespace {

constexpr std::size_t least_pause_frames = 10;

}  // namespace

std::vector<float> level_contour(std::span<const float> signal) {
  std::vector<float> out;
  out.reserve(signal.size() / frame_samples + 1);
  for (std::size_t i = 0; i < signal.size(); i += frame_samples) {
    const auto part = signal.subspan(i, std::min<std::size_t>(frame_samples, signal.size() - i));
    float sum = 0;
    for (float x : part) sum += x * x;
    out.push_back(std::max(-200.0f, decibels_fast(sum / static_cast<float>(part.size()))));
  }
  return out;
}

Levels measure_levels(std::span<const PitchFrame> frames, std::span<const float> levels) {
  if (levels.empty()) return {};
  const auto sung = around_voice(frames);
  std::vector<float> pauses;
  for (std::size_t i = 0; i < std::min(sung.size(), levels.size()); ++i)
    if (!sung[i]) pauses.push_back(levels[i]);
  Levels out;
  out.active =
      Decibels(voiced_level(frames, [&](std::size_t i) { return i < levels.size() ? levels[i] : -200.0f; }));
  const bool heard = pauses.size() >= least_pause_frames;
  const float background =
      heard ? percentile(std::move(pauses), 50) : percentile({levels.begin(), levels.end()}, 10);
  out.background = Decibels(static_cast<double>(background));
  const double ratio = math::exp((out.active - out.background).value * (math::log(10) / 10)) - 1;
  out.snr = Decibels(std::clamp(math::power_to_db(std::max(ratio, 0.0)), -20.0, 100.0));
  return out;
}

namespace {

constexpr int hum_decimation = 8;
constexpr double hum_rate = analysis_rate.value / hum_decimation;
constexpr int hum_window = 500;  // half a second
constexpr double hum_prominence_db = 12;

/// A Hann window over four samples of hum_rate: what would fold onto the mains lines (850 to 1,150 Hz: sung
/// notes) stays 50 dB down.
constexpr std::size_t slow_taps = 4 * hum_decimation;
const std::array<float, slow_taps>& slow_window() {
  static const auto window = [] {
    std::array<float, slow_taps> out{};
    for (std::size_t t = 0; t < slow_taps; ++t)
      out[t] = static_cast<float>((1 - math::cos(2 * math::pi * (static_cast<double>(t) + 0.5) / slow_taps)) /
                                  static_cast<double>(slow_taps));
    return out;
  }();
  return window;
}

/// The signal at hum_rate.
std::vector<float> slowed(std::span<const float> signal, const Kernels& kernels) {
  std::vector<float> out(signal.size() / hum_decimation);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto part = signal.subspan(i * hum_decimation);
    out[i] = kernels.dot(part.data(), slow_window().data(), std::min(part.size(), slow_taps));
  }
  return out;
}

/// What slowed() leaves of the power of a line.
double slow_response(double hz) {
  double sum = 0;
  for (std::size_t t = 0; t < slow_taps; ++t)
    sum += double{slow_window()[t]} *
           math::cos(2 * math::pi * hz * (static_cast<double>(t) - 15.5) / analysis_rate.value);
  return sum * sum;
}

/// Power of a sinusoid at `hz` in each half second, Hann window.
std::vector<float> line_powers(std::span<const float> signal, double hz, const Kernels& kernels) {
  std::array<float, hum_window> in_phase{}, quadrature{};
  double total = 0;
  for (int t = 0; t < hum_window; ++t) {
    const double w = 0.5 - 0.5 * math::cos(2 * math::pi * (t + 0.5) / hum_window);
    in_phase[static_cast<std::size_t>(t)] =
        static_cast<float>(w * math::cos(2 * math::pi * hz * t / hum_rate));
    quadrature[static_cast<std::size_t>(t)] =
        static_cast<float>(w * math::sin(2 * math::pi * hz * t / hum_rate));
    total += w;
  }
  std::vector<float> out;
  for (std::size_t i = 0; i + hum_window <= signal.size(); i += hum_window / 2) {
    const float re = kernels.dot(signal.data() + i, in_phase.data(), hum_window);
    const float im = kernels.dot(signal.data() + i, quadrature.data(), hum_window);
    out.push_back(2 * (re * re + im * im) / static_cast<float>(total * total));
  }
  return out;
}

}  // namespace

Decibels measure_hum(std::span<const float> signal, Decibels active, InstructionSet set) {
  constexpr Decibels none{-200};
  const Kernels& dots = kernels(set);
  const std::vector<float> slow = slowed(signal, dots);
  if (slow.size() < 3 * hum_window) return none;
  double strongest = 0;
  for (double mains : {50.0, 60.0}) {
    double sum = 0;
    for (int k = 1; k <= 3; ++k) {
      const double hz = mains * k;
      auto around = line_powers(slow, hz - 9, dots);
      for (double offset : {-6.0, 6.0, 9.0}) {
        const auto other = line_powers(slow, hz + offset, dots);
        for (std::size_t i = 0; i < around.size(); ++i) around[i] += other[i];
      }
      const double line = static_cast<double>(percentile(line_powers(slow, hz, dots), 20));
      const double neighbours = static_cast<double>(percentile(std::move(around), 20)) / 4;
      if (math::power_to_db(line) > math::power_to_db(neighbours) + hum_prominence_db)
        sum += line / slow_response(hz);
    }
    strongest = std::max(strongest, sum);
  }
  if (strongest <= 0) return none;
  return Decibels(std::max(-200.0, math::power_to_db(strongest) - std::max(active.value, -120.0)));
}

namespace {

constexpr float decay_begins_within_db = 10, decay_reaches_db = 45, least_decay_db = 15, decay_skips_db = 5;
constexpr std::size_t least_decays = 5;

/// Mean power over five entries, in dB.
std::vector<float> smoothed(std::span<const float> levels) {
  std::vector<double> power(levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i)
    power[i] = math::exp(static_cast<double>(levels[i]) * (math::log(10) / 10));
  std::vector<float> out(levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::size_t from = i < 2 ? 0 : i - 2, to = std::min(levels.size(), i + 3);
    double sum = 0;
    for (std::size_t k = from; k < to; ++k) sum += power[k];
    out[i] = static_cast<float>(math::power_to_db(sum / static_cast<double>(to - from)));
  }
  return out;
}

/// Seconds for 60 dB along the least-squares line; 0 if it does not fall.
float decay_seconds(std::span<const float> fall) {
  const double n = static_cast<double>(fall.size()), middle = 0.5 * (n - 1);
  double moment = 0, weight = 0;
  for (std::size_t i = 0; i < fall.size(); ++i) {
    const double t = static_cast<double>(i) - middle;
    moment += t * static_cast<double>(fall[i]);
    weight += t * t;
  }
  const double per_frame = moment / weight;
  return per_frame < 0 ? static_cast<float>(-60 / per_frame * frame_hop.value) : 0;
}

}  // namespace

Seconds measure_reverberation(std::span<const float> levels, Decibels active) {
  if (levels.size() < 10) return Seconds(0);
  const auto s = smoothed(levels);
  const auto top = static_cast<float>(active.value);
  const float floor = std::max(percentile(s, 5) + 8, top - decay_reaches_db);
  std::vector<float> decays;
  for (std::size_t i = 1; i + 1 < s.size(); ++i) {
    if (s[i] < top - decay_begins_within_db || s[i] < s[i - 1] || s[i] <= s[i + 1]) continue;
    std::size_t end = i;
    float lowest = s[i];
    while (end + 1 < s.size() && s[end + 1] < lowest + 0.5f && s[end + 1] > floor)
      lowest = std::min(lowest, s[++end]);
    std::size_t begin = i;
    while (begin < end && s[begin] >= s[i] - decay_skips_db) ++begin;
    if (s[i] - s[end] >= least_decay_db && end >= begin + 4) {
      const float seconds = decay_seconds(std::span(s).subspan(begin, end - begin + 1));
      if (seconds > 0) decays.push_back(seconds);
    }
    i = std::max(i, end);
  }
  if (decays.size() < least_decays) return Seconds(0);
  return Seconds(static_cast<double>(percentile(std::move(decays), 50)));
}

}  // namespace orakgarak::voice
