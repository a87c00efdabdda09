#include "voice/resample.h"

#include <algorithm>
#include <numeric>

#include "base/math.h"

namespace orakgarak::voice {
namespace {

constexpr double stop_band_db = 70;
constexpr int most_exact_phases = 640;
constexpr int interpolated_rows = 512;

double bessel_i0(double x) {
  double sum = 1, term = 1;
  for (int k = 1; term > sum * 1e-17; ++k) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

}  // namespace

Resampler::Resampler(int from, int to, InstructionSet set) : kernels_(&kernels(set)) {
  const int common = std::gcd(from, to);
  phases_ = to / common;
  step_ = from / common;
  exact_ = phases_ <= most_exact_phases;
  rows_ = exact_ ? phases_ : interpolated_rows;
  const double nyquist = 0.5 * std::min(from, to) / from;  // cycles a source sample
  const double transition = 0.2 * nyquist;
  const int least = static_cast<int>((stop_band_db - 8) / (2.285 * 2 * math::pi * transition)) + 1;
  taps_ = (least + lanes - 1) / lanes * lanes;
  design(nyquist);
  held_.assign(static_cast<std::size_t>(taps_) / 2 - 1, 0.0F);
  held_from_ = -(taps_ / 2 - 1);
}

void Resampler::design(double cutoff) {
  const double beta = 0.1102 * (stop_band_db - 8.7), scale = 1 / bessel_i0(beta);
  std::vector<double> row(static_cast<std::size_t>(taps_));
  for (int r = 0; r <= rows_; ++r) {
    double sum = 0;
    for (int t = 0; t < taps_; ++t) {
      const double x = t - (taps_ / 2 - 1) - static_cast<double>(r) / rows_, edge = x / (0.5 * taps_);
      const double angle = 2 * math::pi * cutoff * x;
      const double sinc = std::abs(angle) < 1e-9 ? 1 : math::sin(angle) / angle;
      const double window = std::abs(edge) >= 1 ? 0 : bessel_i0(beta * math::sqrt(1 - edge * edge)) * scale;
      sum += row[static_cast<std::size_t>(t)] = sinc * window;
    }
    for (double h : row) filters_.push_back(static_cast<float>(h / sum));  // a constant stays what it is
  }
}

void Resampler::push(std::span<const float> in, std::vector<float>& out) {
  constexpr std::size_t block = 8192;  // keeps the held input short for any length of `in`
  for (; !in.empty(); in = in.subspan(std::min(block, in.size()))) {
    const auto part = in.first(std::min(block, in.size()));
    held_.insert(held_.end(), part.begin(), part.end());
    taken_ += std::ssize(part);
    // output j reads up to source sample floor(j · step / phases) + reach
    const std::int64_t last_base = taken_ - 1 - reach();
    if (last_base >= 0) run(out, ((last_base + 1) * phases_ - 1) / step_ + 1);
  }
}

void Resampler::finish(std::vector<float>& out) {
  held_.insert(held_.end(), static_cast<std::size_t>(taps_), 0.0F);
  run(out, (taken_ * phases_ + step_ - 1) / step_);
}

void Resampler::run(std::vector<float>& out, std::int64_t until) {
  if (until <= made_) return;
  const auto count = static_cast<std::size_t>(until - made_);
  const std::size_t start = out.size();
  out.resize(start + count);
  const auto origin = [&](std::int64_t j) { return j * step_ / phases_ - (taps_ / 2 - 1) - held_from_; };
  if (exact_) {
    kernels_->polyphase(held_.data() + origin(made_), filters_.data(), taps_, phases_, step_,
                        static_cast<int>(made_ * step_ % phases_), static_cast<int>(count),
                        out.data() + start);
  } else {
    const auto taps = static_cast<std::size_t>(taps_);
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t j = made_ + static_cast<std::int64_t>(i);
      const double place = static_cast<double>(j * step_ % phases_) * rows_ / phases_;
      const auto row = static_cast<std::size_t>(place);
      const float part = static_cast<float>(place - static_cast<double>(row));
      const float* at = held_.data() + origin(j);
      const float a = kernels_->dot(at, filters_.data() + row * taps, taps);
      const float b = kernels_->dot(at, filters_.data() + (row + 1) * taps, taps);
      out[start + i] = a + (b - a) * part;
    }
  }
  made_ = until;
  const std::int64_t done = std::min<std::int64_t>(origin(made_), std::ssize(held_));
  if (done > 0) {
    held_.erase(held_.begin(), held_.begin() + done);
    held_from_ += done;
  }
}

DcBlocker::DcBlocker(double rate) : keep_(static_cast<float>(1 - 2 * math::pi * 8 / rate)) {
  double power = 1;
  for (float& p : powers_) p = static_cast<float>(power *= keep_);
}

// y[n + j] = keep^j · y[n] + Σ keep^(j − i) · (x[n + i] − x[n + i − 1])
void DcBlocker::run(std::span<float> samples) {
  if (!started_ && !samples.empty()) {
    last_in_ = samples.front();
    started_ = true;
  }
  for (float& x : samples) {
    since_ = keep_ * since_ + (x - last_in_);
    last_in_ = x;
    x = powers_[place_] * base_ + since_;
    if (++place_ == block) {
      base_ = x;
      since_ = 0;
      place_ = 0;
    }
  }
}

}  // namespace orakgarak::voice
