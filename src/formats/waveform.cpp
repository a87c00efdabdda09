#include "formats/waveform.h"

#include <algorithm>
#include <cmath>

namespace orakgarak::formats {

void Waveform::add(std::span<const float> samples) {
  while (!samples.empty()) {
    const auto now = samples.first(std::min(samples.size(), stretch_ - taken_));
    for (const float sample : now)
      if (const float size = std::fabs(sample); size > open_) open_ = size;
    taken_ += now.size();
    samples = samples.subspan(now.size());
    if (taken_ == stretch_) close_stretch();
  }
}

void Waveform::close_stretch() {
  if (loudest_.size() == most_peaks) {  // each is from now on twice as long
    for (std::size_t i = 0; i < most_peaks / 2; ++i)
      loudest_[i] = std::max(loudest_[2 * i], loudest_[2 * i + 1]);
    loudest_.resize(most_peaks / 2);
    stretch_ *= 2;
    return;  // what is open is half of one
  }
  loudest_.push_back(open_);
  taken_ = 0;
  open_ = 0;
}

std::vector<std::uint8_t> Waveform::peaks() const {
  std::vector<std::uint8_t> peaks;
  const auto add = [&](float loudest) {
    peaks.push_back(static_cast<std::uint8_t>(std::lround(std::min(loudest, 1.0F) * 255)));
  };
  for (const float loudest : loudest_) add(loudest);
  if (taken_ > 0 && peaks.size() < most_peaks) add(open_);
  return peaks;
}

}  // namespace orakgarak::formats
