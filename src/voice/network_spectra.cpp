#include "voice/network_spectra.h"

#include <algorithm>
#include <cmath>

#include "base/math.h"
#include "voice/network.h"

namespace orakgarak::voice {
namespace {

constexpr std::array<int, 3> sizes{1024, 2048, 512};
constexpr int reach = 1024;  // samples to either side of a frame's centre
constexpr std::size_t rows_of_spectrum = static_cast<std::size_t>(network_bands) * lanes;

}  // namespace

NetworkSpectra::NetworkSpectra(InstructionSet set)
    : kernels_(&network_kernels(set)),
      rows_(std::size_t{2 * reach} * lanes),
      power_(std::size_t{reach + 1} * lanes),
      values_(rows_of_spectrum),
      steps_(rows_of_spectrum * sizes.size()) {
  for (std::size_t s = 0; s < sizes.size(); ++s) {
    Spectrum spectrum{.fft = BatchFft(sizes[s], set), .window = {}, .entries = {}, .starts = {}};
    for (int i = 0; i < sizes[s]; ++i)
      spectrum.window.push_back(static_cast<float>(0.5 - 0.5 * math::cos(2 * math::pi * i / sizes[s])));
    const auto filters = network_filters[s];
    spectrum.entries.assign(filters.begin(), filters.end());
    std::ranges::sort(spectrum.entries, {}, [](const FilterWeight& f) { return f.band << 16 | f.bin; });
    for (int b = 0; b <= network_bands; ++b)
      spectrum.starts.push_back(static_cast<int>(
          std::ranges::lower_bound(spectrum.entries, b, {}, &FilterWeight::band) - spectrum.entries.begin()));
    spectra_.push_back(std::move(spectrum));
  }
}

void NetworkSpectra::push(std::span<const float> samples, const Sink& sink) {
  constexpr std::size_t block = lanes * network_hop;
  for (; !samples.empty(); samples = samples.subspan(std::min(block, samples.size()))) {
    const auto part = samples.first(std::min(block, samples.size()));
    held_.insert(held_.end(), part.begin(), part.end());
    taken_ += std::ssize(part);
    // A frame is there when its window is full and its own hop is: a last, partial hop makes none.
    while ((made_ + lanes - 1) * network_hop + reach <= taken_) run(made_ + lanes, sink);
  }
}

void NetworkSpectra::finish(const Sink& sink) {
  const std::int64_t frames = std::max<std::int64_t>(1, taken_ / network_hop);
  while (made_ < frames) run(std::min(frames, made_ + lanes), sink);
}

// At most 16 frames, up to `until`.
void NetworkSpectra::run(std::int64_t until, const Sink& sink) {
  const auto count = static_cast<std::size_t>(until - made_);
  float sums[lanes] = {};
  for (std::size_t s = 0; s < sizes.size(); ++s) {
    const Spectrum& spectrum = spectra_[s];
    std::ptrdiff_t starts[lanes];
    for (int l = 0; l < lanes; ++l)
      starts[l] =
          (made_ + std::min<std::int64_t>(l, until - made_ - 1)) * network_hop - sizes[s] / 2 - held_from_;
    spectrum.fft.gather(held_, starts, spectrum.window, rows_.data());
    spectrum.fft.power(rows_.data(), power_.data());
    kernels_->log_bands(power_.data(), spectrum.fft.bins(), spectrum.entries.data(), spectrum.starts.data(),
                        values_.data());
    kernels_->quantise(values_.data(), network_bands, scale, steps_.data() + s * rows_of_spectrum, sums);
  }
  std::int32_t packed[pairs * network_bands];
  for (std::size_t l = 0; l < count; ++l) {
    for (std::size_t b = 0; b < network_bands; ++b) {
      const auto step = [&](std::size_t s) { return steps_[s * rows_of_spectrum + b * lanes + l]; };
      packed[b] = (step(0) & 0xffff) | static_cast<std::int32_t>(static_cast<std::uint32_t>(step(1)) << 16);
      packed[network_bands + b] = step(2) & 0xffff;
    }
    sink(packed, sums[l] / (3 * network_bands));
  }
  made_ = until;
  const std::int64_t needless =
      std::min<std::int64_t>(made_ * network_hop - reach - held_from_, std::ssize(held_));
  if (needless > 0) {
    held_.erase(held_.begin(), held_.begin() + needless);
    held_from_ += needless;
  }
}

}  // namespace orakgarak::voice
