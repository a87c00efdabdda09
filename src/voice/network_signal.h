#pragma once
// What waits for the network until the take's level is known.
#include <cstdint>
#include <span>
#include <vector>

namespace orakgarak::voice {

/// A signal at network_rate in two bytes a sample: blocks of 256 samples with a scale each, so that a quiet
/// block keeps its own 15 bits.
class NetworkSignal {
 public:
  void push(std::span<const float> samples);
  bool empty() const { return size() == 0; }
  std::size_t size() const { return steps_.size() + held_.size(); }  ///< samples
  /// Address space for so many samples, not memory: a growing vector would hold two copies.
  void reserve(std::size_t samples) { steps_.reserve(samples); }

  /// Level that 5 % of the blocks are above, in dB re full scale; −200 of silence.
  float loud_level_db() const;
  /// The samples times `gain`, block by block.
  template <class Use>
  void play(float gain, Use use) const {
    float samples[block];
    for (std::size_t b = 0; b < scales_.size(); ++b) {
      const float scale = scales_[b] * gain;
      for (std::size_t i = 0; i < block; ++i) samples[i] = static_cast<float>(steps_[b * block + i]) * scale;
      use(std::span<const float>(samples));
    }
    for (std::size_t i = 0; i < held_.size(); ++i) samples[i] = held_[i] * gain;
    use(std::span<const float>(samples).first(held_.size()));
  }

 private:
  static constexpr std::size_t block = 256;

  std::vector<float> held_;  // less than a block
  std::vector<std::int16_t> steps_;
  std::vector<float> scales_, powers_;  // of each block
};

}  // namespace orakgarak::voice
