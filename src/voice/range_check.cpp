#include "voice/range_check.h"

#include <algorithm>
#include <cmath>

#include "base/math.h"
#include "voice/fft.h"

namespace orakgarak::voice {
namespace {

constexpr int size = 2048;
constexpr double highest_harmonic = 3400;

class Comb {
 public:
  Comb() : rows_(std::size_t{size} * lanes), power_((std::size_t{size} / 2 + 1) * lanes) {}

  void load(std::span<const float> signal, std::span<const std::size_t> frames, std::span<const double> f0) {
    const double lowest = *std::ranges::min_element(f0);
    const int length = std::clamp(static_cast<int>(8 * analysis_rate.value / lowest), 256, 1024);
    window_.clear();
    for (int t = 0; t < length; ++t)
      window_.push_back(static_cast<float>(0.5 - 0.5 * math::cos(2 * math::pi * (t + 0.5) / length)));
    std::ptrdiff_t starts[lanes];
    for (std::size_t l = 0; l < lanes; ++l)
      starts[l] = static_cast<std::ptrdiff_t>(frames[std::min(l, frames.size() - 1)]) * 80 - length / 2;
    fft_.gather(signal, starts, window_, rows_.data());
    fft_.power(rows_.data(), power_.data());
  }

  OctaveVerdict judge(std::size_t lane, double f0) const {
    double odd = 0, even = 0, between = 0;
    int odds = 0, evens = 0, gaps = 0;
    for (int k = 1; k * f0 < highest_harmonic && k <= 20; ++k) {
      const double here = peak(lane, k * f0, 0.12 * f0);
      (k % 2 == 1 ? odd : even) += here;
      ++(k % 2 == 1 ? odds : evens);
      if (k > 1 || f0 > 120) between += peak(lane, (k - 0.5) * f0, 0.12 * f0), ++gaps;
    }
    odd /= std::max(1, odds), even /= std::max(1, evens), between /= std::max(1, gaps);
    const double on = std::max(odd, even);
    if (on <= 0) return OctaveVerdict::unclear;
    if (evens > 0 && odd < 0.12 * even && odd < 1.5 * between) return OctaveVerdict::higher;
    if (between > 0.6 * on) return OctaveVerdict::unclear;
    if (between > 0.4 * on) return OctaveVerdict::lower;
    return OctaveVerdict::agrees;
  }

 private:
  double peak(std::size_t lane, double frequency, double reach) const {  // largest magnitude nearby
    const double bin = analysis_rate.value / size;
    const int from = std::max(1, static_cast<int>((frequency - reach) / bin));
    const int to = std::min(size / 2, static_cast<int>((frequency + reach) / bin) + 1);
    float best = 0;
    for (int k = from; k <= to; ++k)
      best = std::max(best, power_[static_cast<std::size_t>(k) * lanes + lane]);
    return math::sqrt(best);
  }

  BatchFft fft_{size};
  std::vector<float> window_;
  AlignedFloats rows_, power_;
};

}  // namespace

std::vector<OctaveVerdict> check_octaves(std::span<const float> signal, std::span<const PitchFrame> frames,
                                         std::span<const std::size_t> which) {
  std::vector<OctaveVerdict> out;
  Comb comb;
  for (std::size_t i = 0; i < which.size(); i += lanes) {
    const auto part = which.subspan(i, std::min<std::size_t>(lanes, which.size() - i));
    std::vector<double> f0;
    for (std::size_t frame : part) f0.push_back(frames[frame].f0.value);
    comb.load(signal, part, f0);
    for (std::size_t l = 0; l < part.size(); ++l) out.push_back(comb.judge(l, f0[l]));
  }
  return out;
}

}  // namespace orakgarak::voice
