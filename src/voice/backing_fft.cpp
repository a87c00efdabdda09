#include "voice/backing_fft.h"

#include <algorithm>
#include <utility>

#include "base/math.h"

namespace orakgarak::voice {
namespace {

/// One radix-4 step: four parts of `length` / 4 groups of `stride` neighbours become `length` / 4 groups of
/// four.
void step4(int length, int stride, const float* __restrict wr, const float* __restrict wi, int turn,
           const float* __restrict xr, const float* __restrict xi, float* __restrict yr,
           float* __restrict yi) {
  const int quarter = length / 4, apart = stride * quarter;
  for (int p = 0; p < quarter; ++p) {
    const int t = p * turn;
    const float w1r = wr[t], w1i = wi[t], w2r = wr[2 * t], w2i = wi[2 * t], w3r = wr[3 * t], w3i = wi[3 * t];
    const float *ar = xr + stride * p, *ai = xi + stride * p;
    float *or0 = yr + 4 * stride * p, *oi0 = yi + 4 * stride * p;
    for (int q = 0; q < stride; ++q) {
      const float sum02r = ar[q] + ar[q + 2 * apart], sum02i = ai[q] + ai[q + 2 * apart];
      const float dif02r = ar[q] - ar[q + 2 * apart], dif02i = ai[q] - ai[q + 2 * apart];
      const float sum13r = ar[q + apart] + ar[q + 3 * apart], sum13i = ai[q + apart] + ai[q + 3 * apart];
      const float dif13r = ar[q + apart] - ar[q + 3 * apart], dif13i = ai[q + apart] - ai[q + 3 * apart];
      or0[q] = sum02r + sum13r;
      oi0[q] = sum02i + sum13i;
      const float b1r = dif02r + dif13i, b1i = dif02i - dif13r;
      or0[q + stride] = b1r * w1r - b1i * w1i;
      oi0[q + stride] = b1r * w1i + b1i * w1r;
      const float b2r = sum02r - sum13r, b2i = sum02i - sum13i;
      or0[q + 2 * stride] = b2r * w2r - b2i * w2i;
      oi0[q + 2 * stride] = b2r * w2i + b2i * w2r;
      const float b3r = dif02r - dif13i, b3i = dif02i + dif13r;
      or0[q + 3 * stride] = b3r * w3r - b3i * w3i;
      oi0[q + 3 * stride] = b3r * w3i + b3i * w3r;
    }
  }
}

/// The last step of a size that is no power of four.
void step2(int stride, const float* __restrict xr, const float* __restrict xi, float* __restrict yr,
           float* __restrict yi) {
  for (int q = 0; q < stride; ++q) {
    yr[q] = xr[q] + xr[q + stride];
    yi[q] = xi[q] + xi[q + stride];
    yr[q + stride] = xr[q] - xr[q + stride];
    yi[q + stride] = xi[q] - xi[q + stride];
  }
}

}  // namespace

RealFft::RealFft(int size) : half_(size / 2) {
  const auto half = static_cast<std::size_t>(half_);
  for (auto* row : {&re_, &im_, &next_re_, &next_im_, &twiddle_re_, &twiddle_im_}) row->resize(half);
  turn_re_.resize(half + 1);
  turn_im_.resize(half + 1);
  for (std::size_t k = 0; k <= half; ++k) {
    const double angle = math::pi * static_cast<double>(k) / half_;
    turn_re_[k] = static_cast<float>(math::cos(angle));
    turn_im_[k] = static_cast<float>(-math::sin(angle));
    if (k == half) break;
    twiddle_re_[k] = static_cast<float>(math::cos(2 * angle));
    twiddle_im_[k] = static_cast<float>(-math::sin(2 * angle));
  }
}

void RealFft::transform() {
  int length = half_, stride = 1;
  for (; length >= 4; length /= 4, stride *= 4) {
    step4(length, stride, twiddle_re_.data(), twiddle_im_.data(), stride, re_.data(), im_.data(),
          next_re_.data(), next_im_.data());
    std::swap(re_, next_re_);
    std::swap(im_, next_im_);
  }
  if (length == 2) {
    step2(stride, re_.data(), im_.data(), next_re_.data(), next_im_.data());
    std::swap(re_, next_re_);
    std::swap(im_, next_im_);
  }
}

void RealFft::forward(std::span<const float> in, Bins& out) {
  const auto half = static_cast<std::size_t>(half_);
  for (std::size_t k = 0; k < half; ++k) {
    re_[k] = in[2 * k];
    im_[k] = in[2 * k + 1];
  }
  transform();
  out.re[0] = re_[0] + im_[0];
  out.re[half] = re_[0] - im_[0];
  out.im[0] = out.im[half] = 0;
  for (std::size_t k = 1; k < half; ++k) {
    const std::size_t m = half - k;
    const float even_re = 0.5F * (re_[k] + re_[m]), even_im = 0.5F * (im_[k] - im_[m]);
    const float odd_re = 0.5F * (im_[k] + im_[m]), odd_im = 0.5F * (re_[m] - re_[k]);
    out.re[k] = even_re + (odd_re * turn_re_[k] - odd_im * turn_im_[k]);
    out.im[k] = even_im + (odd_re * turn_im_[k] + odd_im * turn_re_[k]);
  }
}

// The complex transform back is the one forward with real and imaginary parts exchanged.
void RealFft::inverse(const Bins& in, std::span<float> out) {
  const auto half = static_cast<std::size_t>(half_);
  const float scale = 1.0F / static_cast<float>(half_);
  for (std::size_t k = 0; k < half; ++k) {
    const std::size_t m = half - k;
    const float even_re = 0.5F * (in.re[k] + in.re[m]), even_im = 0.5F * (in.im[k] - in.im[m]);
    const float dif_re = 0.5F * (in.re[k] - in.re[m]), dif_im = 0.5F * (in.im[k] + in.im[m]);
    const float odd_re = dif_re * turn_re_[k] + dif_im * turn_im_[k];
    const float odd_im = dif_im * turn_re_[k] - dif_re * turn_im_[k];
    im_[k] = scale * (even_re - odd_im);
    re_[k] = scale * (even_im + odd_re);
  }
  transform();
  for (std::size_t k = 0; k < half; ++k) {
    out[2 * k] = im_[k];
    out[2 * k + 1] = re_[k];
  }
}

}  // namespace orakgarak::voice
