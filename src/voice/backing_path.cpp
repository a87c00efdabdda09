#include "voice/backing_path.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "voice/backing_fft.h"

namespace orakgarak::voice {
namespace {

constexpr int fft_size = 16384, longest = 8192;  // blocks of as many samples behind as many of the past
constexpr double white = 1e-3;

/// signal[from, from + size) with zeros around it.
void window_of(std::span<const float> signal, std::int64_t from, std::int64_t begin,
               std::vector<float>& out) {
  for (std::int64_t i = 0; i < std::ssize(out); ++i) {
    const std::int64_t n = from + i;
    out[static_cast<std::size_t>(i)] =
        i >= begin && n >= 0 && n < std::ssize(signal) ? signal[static_cast<std::size_t>(n)] : 0.0F;
  }
}

struct Correlations {
  std::vector<double> own, cross;  // of the backing with itself and of the take with it, lags 0 to taps − 1
};

Correlations correlate(std::span<const float> take, std::span<const float> backing, int taps) {
  RealFft fft(fft_size);
  Bins past(fft.bins()), block(fft.bins());
  std::vector<float> window(fft_size);
  std::vector<double> own_re(past.size()), own_im(past.size()), cross_re(past.size()), cross_im(past.size());
  const auto gather = [&](std::span<const float> signal, std::int64_t at, std::vector<double>& re,
                          std::vector<double>& im) {
    window_of(signal, at - longest, longest, window);
    fft.forward(window, block);
    for (std::size_t k = 0; k < re.size(); ++k) {
      re[k] += block.re[k] * past.re[k] + block.im[k] * past.im[k];
      im[k] += block.im[k] * past.re[k] - block.re[k] * past.im[k];
    }
  };
  for (std::int64_t at = 0; at < std::ssize(take); at += longest) {
    window_of(backing, at - longest, 0, window);
    fft.forward(window, past);
    gather(backing, at, own_re, own_im);
    gather(take, at, cross_re, cross_im);
  }
  const auto lags_of = [&](const std::vector<double>& re, const std::vector<double>& im) {
    std::copy(re.begin(), re.end(), block.re.begin());
    std::copy(im.begin(), im.end(), block.im.begin());
    fft.inverse(block, window);
    return std::vector<double>(window.begin(), window.begin() + taps);
  };
  return {lags_of(own_re, own_im), lags_of(cross_re, cross_im)};
}

/// Σ a[i] · b[n − 1 − i], in eight sums so that no addition waits for another.
double reversed_dot(const double* a, const double* b, std::size_t n) {
  std::array<double, 8> sums{};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (std::size_t l = 0; l < 8; ++l) sums[l] += a[i + l] * b[n - 1 - i - l];
  double sum = 0;
  for (double s : sums) sum += s;
  for (; i < n; ++i) sum += a[i] * b[n - 1 - i];
  return sum;
}

/// x of Σ_j r[|i − j|] · x[j] = b[i].
std::vector<double> levinson(const std::vector<double>& r, const std::vector<double>& b) {
  const std::size_t n = r.size();
  std::vector<double> x(n), predictor(n), turned(n);
  double error = r[0];
  predictor[0] = 1;
  x[0] = b[0] / error;
  for (std::size_t m = 1; m < n; ++m) {
    const double reflection = -reversed_dot(predictor.data(), r.data() + 1, m) / error;
    error *= 1 - reflection * reflection;
    if (!(error > 0)) break;
    std::reverse_copy(predictor.begin(), predictor.begin() + static_cast<std::ptrdiff_t>(m),
                      turned.begin() + 1);
    for (std::size_t i = 1; i <= m; ++i) predictor[i] += reflection * turned[i];
    const double step = (b[m] - reversed_dot(x.data(), r.data() + 1, m)) / error;
    for (std::size_t i = 0; i <= m; ++i) x[i] += step * predictor[m - i];
  }
  return x;
}

}  // namespace

std::vector<float> least_squares_path(std::span<const float> take, std::span<const float> backing, int taps) {
  Correlations found = correlate(take, backing, taps);
  std::vector<float> path(static_cast<std::size_t>(taps));
  if (!(found.own[0] > 0)) return path;
  found.own[0] *= 1 + white;
  const auto solved = levinson(found.own, found.cross);
  std::transform(solved.begin(), solved.end(), path.begin(), [](double h) { return static_cast<float>(h); });
  return path;
}

std::vector<float> through_path(std::span<const float> signal, std::span<const float> path) {
  RealFft fft(fft_size);
  Bins response(fft.bins()), spectrum(fft.bins());
  std::vector<float> window(fft_size), out(signal.size());
  std::copy(path.begin(), path.end(), window.begin());
  fft.forward(window, response);
  for (std::int64_t at = 0; at < std::ssize(signal); at += longest) {
    window_of(signal, at - longest, 0, window);
    fft.forward(window, spectrum);
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
      const float re = spectrum.re[k] * response.re[k] - spectrum.im[k] * response.im[k];
      spectrum.im[k] = spectrum.re[k] * response.im[k] + spectrum.im[k] * response.re[k];
      spectrum.re[k] = re;
    }
    fft.inverse(spectrum, window);
    const auto count = std::min<std::int64_t>(longest, std::ssize(signal) - at);
    std::copy_n(window.begin() + longest, count, out.begin() + at);
  }
  return out;
}

}  // namespace orakgarak::voice
