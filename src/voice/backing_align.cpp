#include "voice/backing_align.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "voice/backing_fft.h"
#include "voice/resample.h"

namespace orakgarak::voice {
namespace {

constexpr int coarse_rate = 4000;
constexpr int piece = 8 * coarse_rate, window = 1 << 17;  // a piece of the take, and of the backing around it
constexpr int lags = window - piece;                      // of a piece: 24.8 s
constexpr double lowest = 80, highest = 1900;             // Hz
constexpr double steepest = 150e-6, drift_step = 2e-6;
constexpr float unremarkable =
    5.5F;                     // of a piece's correlation, in standard deviations: other music has that too
constexpr double enough = 4;  // sum over pieces of what is above

struct Peak {
  double lag = 0;    // coarse samples
  float height = 0;  // standard deviations
};
struct Piece {
  double middle = 0;  // of the take, coarse samples
  std::array<Peak, 5> peaks;
};

std::vector<float> resampled(std::span<const float> in, int from, int to) {
  Resampler resampler(from, to);
  std::vector<float> out;
  resampler.push(in, out);
  resampler.finish(out);
  return out;
}

/// signal[from, from + out.size()), zero where it has none.
void cut(std::span<const float> signal, std::int64_t from, std::span<float> out) {
  const std::int64_t begin = std::clamp<std::int64_t>(-from, 0, std::ssize(out));
  const std::int64_t end = std::clamp<std::int64_t>(std::ssize(signal) - from, begin, std::ssize(out));
  std::fill(out.begin(), out.end(), 0.0F);
  std::copy(signal.begin() + (from + begin), signal.begin() + (from + end), out.begin() + begin);
}

/// Fades both ends, so that they are no clicks to correlate with.
void taper(std::span<float> signal, std::size_t edge) {
  for (std::size_t t = 0; t < edge; ++t) {
    const float gain = static_cast<float>(t) / static_cast<float>(edge);
    signal[t] *= gain;
    signal[signal.size() - 1 - t] *= gain;
  }
}

/// The peaks of one piece's correlation, lags counted from the window's start.
class PieceCorrelation {
 public:
  PieceCorrelation() : fft_(window), a_(fft_.bins()), b_(fft_.bins()), signal_(window) {}

  std::array<Peak, 5> peaks(std::span<const float> take, std::int64_t at, std::span<const float> backing,
                            std::int64_t from) {
    cut(take, at, std::span(signal_).first(piece));
    taper(std::span(signal_).first(piece), piece / 16);
    std::fill(signal_.begin() + piece, signal_.end(), 0.0F);
    fft_.forward(signal_, a_);
    cut(backing, from, signal_);
    fft_.forward(signal_, b_);
    for (std::size_t k = 0; k < a_.size(); ++k) {
      const double hertz = static_cast<double>(k) * coarse_rate / window;
      const float re = b_.re[k] * a_.re[k] + b_.im[k] * a_.im[k],
                  im = b_.im[k] * a_.re[k] - b_.re[k] * a_.im[k];
      const float size = std::sqrt(re * re + im * im);
      const bool counts = hertz > lowest && hertz < highest && size > 1e-9F;
      a_.re[k] = counts ? re / size : 0.0F;
      a_.im[k] = counts ? im / size : 0.0F;
    }
    fft_.inverse(a_, signal_);
    return highest_of(std::span(signal_).first(lags));
  }

 private:
  static std::array<Peak, 5> highest_of(std::span<float> correlation) {
    double power = 0;
    for (float& c : correlation) {
      c = std::fabs(c);
      power += static_cast<double>(c) * c;
    }
    std::array<Peak, 5> found;
    if (power <= 0) return found;
    const auto deviation = static_cast<float>(std::sqrt(power / lags));
    for (Peak& peak : found) {
      const auto at = std::max_element(correlation.begin(), correlation.end());
      peak = {static_cast<double>(at - correlation.begin()), *at / deviation};
      const auto apart = static_cast<std::ptrdiff_t>(8);
      std::fill(at - std::min(apart, at - correlation.begin()), at + std::min(apart, correlation.end() - at),
                0.0F);
    }
    return found;
  }

  RealFft fft_;
  Bins a_, b_;
  std::vector<float> signal_;
};

std::vector<Piece> correlate(std::span<const float> take, std::span<const float> backing, double started) {
  std::vector<Piece> pieces;
  PieceCorrelation correlation;
  for (std::int64_t at = 0; at == 0 || at + piece / 2 <= std::ssize(take); at += piece) {
    const std::int64_t from = at - static_cast<std::int64_t>(started) - lags / 2;
    Piece found{static_cast<double>(at) + 0.5 * piece, correlation.peaks(take, at, backing, from)};
    for (Peak& peak : found.peaks) peak.lag += static_cast<double>(from - at);
    pieces.push_back(found);
  }
  return pieces;
}

/// How far above the unremarkable the pieces agree on this line; the nearer to it, the more.
double agreement(std::span<const Piece> pieces, double lag, double drift) {
  constexpr double tolerance = 3;  // coarse samples: a direct path and its first echo
  double sum = 0;
  for (const Piece& p : pieces) {
    double best = 0;
    for (const Peak& peak : p.peaks) {
      const double off = (peak.lag - lag - drift * p.middle) / tolerance;
      best = std::max(best, (peak.height - unremarkable) * std::max(0.0, 1 - off * off));
    }
    sum += best;
  }
  return sum;
}

}  // namespace

std::optional<BackingAlignment> align_backing(std::span<const float> take, std::span<const float> backing,
                                              Seconds started) {
  const auto pieces = correlate(resampled(take, backing_rate, coarse_rate),
                                resampled(backing, backing_rate, coarse_rate), started.value * coarse_rate);
  double best = 0;
  BackingAlignment alignment;
  const auto steps = static_cast<int>(steepest / drift_step);
  for (const Piece& p : pieces)
    for (const Peak& peak : p.peaks)
      if (peak.height > unremarkable)
        for (int step = 0; step <= 2 * steps; ++step) {  // from 0 outwards: of equals the least drift
          const double drift = drift_step * (step % 2 == 0 ? -(step / 2) : (step + 1) / 2);
          const double lag = peak.lag - drift * p.middle;
          if (const double sum = agreement(pieces, lag, drift); sum > best) {
            best = sum;
            alignment = {lag * backing_rate / coarse_rate, drift};
          }
        }
  if (best < enough) return std::nullopt;
  return alignment;
}

std::vector<float> aligned_backing(std::span<const float> backing, const BackingAlignment& alignment,
                                   int ahead, std::size_t count) {
  constexpr double scale = 160e6;  // as whole numbers the rates tell 0.006 ppm apart
  const auto heard = resampled(backing, static_cast<int>(std::lround(scale * (1 + alignment.drift))),
                               static_cast<int>(scale));
  std::vector<float> out(count);
  cut(heard, std::lround(alignment.lag / (1 + alignment.drift)) + ahead, out);
  return out;
}

namespace {

/// Least-squares delay of a piece against its echo, in the phase of every bin from 100 to 4,000 Hz
/// (Cramér–Rao weights: the echo's power against what is beside it).
struct Delay {
  double samples = 0, weight = 0;
};

class PieceDelay {
 public:
  static constexpr int length = 1 << 15;
  PieceDelay() : fft_(length), take_(fft_.bins()), echo_(fft_.bins()), signal_(length) {}

  Delay of(std::span<const float> take, std::span<const float> echo, std::int64_t at) {
    transform(take, at, take_);
    transform(echo, at, echo_);
    constexpr int first = 100 * length / backing_rate, last = 4000 * length / backing_rate, around = 8;
    double beside = 0;
    for (int k = first - around; k < first + around; ++k) beside += rest(k);
    double slope = 0, weight = 0;
    for (int k = first; k < last; ++k) {
      beside += rest(k + around) - (k > first ? rest(k - around - 1) : 0);
      const auto i = static_cast<std::size_t>(k);
      const double re = echo_.re[i], im = echo_.im[i], power = re * re + im * im;
      const double turned = take_.im[i] * re - take_.re[i] * im;  // Im(take · conj(echo))
      const double sure = k * (2 * math::pi / length) / (beside + 1e-3 * power + 1e-20);
      slope -= sure * turned;
      weight += sure * k * (2 * math::pi / length) * power;
    }
    return {weight > 0 ? slope / weight : 0, weight};
  }

 private:
  void transform(std::span<const float> signal, std::int64_t at, Bins& bins) {
    cut(signal, at, signal_);
    taper(signal_, length / 8);
    fft_.forward(signal_, bins);
  }
  double rest(int k) const {
    const auto i = static_cast<std::size_t>(k);
    const double re = take_.re[i] - echo_.re[i], im = take_.im[i] - echo_.im[i];
    return (re * re + im * im) / 17;
  }

  RealFft fft_;
  Bins take_, echo_;
  std::vector<float> signal_;
};

}  // namespace

BackingAlignment refine_alignment(const BackingAlignment& alignment, std::span<const float> take,
                                  std::span<const float> echo) {
  // At least three pieces, overlapping where the take is short.
  const std::int64_t pieces = std::max<std::int64_t>(3, std::ssize(take) / PieceDelay::length);
  const std::int64_t step = (std::ssize(take) - PieceDelay::length) / (pieces - 1);
  if (step <= PieceDelay::length / 8) return alignment;
  PieceDelay piece_delay;
  double w = 0, wt = 0, wtt = 0, wd = 0, wtd = 0;
  for (std::int64_t p = 0; p < pieces; ++p) {
    const Delay delay = piece_delay.of(take, echo, p * step);
    const auto t = static_cast<double>(p * step);
    w += delay.weight;
    wt += delay.weight * t;
    wtt += delay.weight * t * t;
    wd += delay.weight * delay.samples;
    wtd += delay.weight * t * delay.samples;
  }
  const double determinant = w * wtt - wt * wt;
  if (!(determinant > 0)) return alignment;
  const double growth = std::clamp((w * wtd - wt * wd) / determinant, -steepest, steepest);
  return {alignment.lag, alignment.drift - growth};
}

}  // namespace orakgarak::voice
