#include "voice/fft.h"

#include <algorithm>
#include <cassert>

#include "base/math.h"

namespace orakgarak::voice {
namespace {

void add_turn(std::vector<float>& to, int numerator, int denominator) {  // e^(−2πi·numerator/denominator)
  const double angle = -2.0 * math::pi * numerator / denominator;
  to.push_back(static_cast<float>(math::cos(angle)));
  to.push_back(static_cast<float>(math::sin(angle)));
}

int position(int bin, int size) {
  return size <= 2 ? bin : (bin % 4) * (size / 4) + position(bin / 4, size / 4);
}

}  // namespace

BatchFft::BatchFft(int size, InstructionSet set) : size_(size), kernels_(&kernels(set)) {
  assert(size >= 16 && size <= 4096 && (size & (size - 1)) == 0);
  const int half = size / 2;
  for (int block = half; block >= 4; block /= 4)
    for (int k = 0; k < block / 4; ++k)
      for (int factor = 1; factor <= 3; ++factor) add_turn(twiddles_, factor * k, block);
  for (int k = 0; k <= half / 2; ++k) add_turn(turns_, k, size);
  for (int k = 0; k < half; ++k) order_.push_back(position(k, half));
}

void BatchFft::gather(std::span<const float> signal, const std::ptrdiff_t (&starts)[lanes],
                      std::span<const float> window, float* frames) const {
  const auto count = std::min(window.size(), static_cast<std::size_t>(size_));
  kernels_->gather(signal.data(), std::ssize(signal), starts, window.data(), static_cast<int>(count), frames);
  std::fill(frames + count * lanes, frames + static_cast<std::size_t>(size_) * lanes, 0.0F);
}

void BatchFft::power(float* frames, float* power) const {
  kernels_->forward(frames, size_ / 2, twiddles_.data());
  kernels_->real_power(frames, size_ / 2, order_.data(), turns_.data(), power);
}

void BatchFft::spectrum(float* frames, float* re, float* im) const {
  kernels_->forward(frames, size_ / 2, twiddles_.data());
  kernels_->real_bins(frames, size_ / 2, order_.data(), turns_.data(), re, im);
}

void BatchFft::autocorrelation(const float* power, float* work) const {
  kernels_->pack_even(power, size_ / 2, order_.data(), turns_.data(), work);
  kernels_->inverse(work, size_ / 2, twiddles_.data(), true);
}

}  // namespace orakgarak::voice
