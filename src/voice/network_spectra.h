#pragma once
// What the network sees: three spectra in 128 log-spaced bands each.
#include <functional>
#include <vector>

#include "voice/fft.h"
#include "voice/network_kernels.h"

namespace orakgarak::voice {

/// Streams samples at network_rate into packed input rows.
class NetworkSpectra {
 public:
  static constexpr int pairs = 2;                        ///< three channels and an empty one
  static constexpr float scale = network_limit / 20.0F;  ///< of the logarithms: −18.4 (silence) to 20

  struct Spectrum {
    BatchFft fft;
    std::vector<float> window;
    std::vector<FilterWeight> entries;  ///< by band
    std::vector<int> starts;            ///< [band + 1]
  };

  /// One frame: rows[pair][network_bands], and the mean over bands and spectra.
  using Sink = std::function<void(const std::int32_t* rows, float mean)>;

  explicit NetworkSpectra(InstructionSet set);
  void push(std::span<const float> samples, const Sink& sink);
  void finish(const Sink& sink);

  /// In the order of the network's inputs: what other ways through it (network_grid.h) need to know.
  std::span<const Spectrum> spectra() const { return spectra_; }

 private:
  void run(std::int64_t until, const Sink& sink);

  const NetworkKernels* kernels_;
  std::vector<Spectrum> spectra_;
  AlignedFloats rows_, power_, values_;
  std::vector<std::int32_t> steps_;  // [spectrum][band][16]
  std::vector<float> held_;          // samples still needed; held_[0] is sample held_from_
  std::int64_t held_from_ = 0, taken_ = 0, made_ = 0;
};

}  // namespace orakgarak::voice
