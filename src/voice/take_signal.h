#pragma once
// The whole take until its level is known, in the room that it takes afterwards.
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "voice/kernels.h"

namespace orakgarak::voice {

/// A signal at network_rate in two bytes a sample: blocks of 256 samples with a scale each, so that a quiet
/// block keeps its own 15 bits. In the end it becomes the same at analysis_rate, in the very same memory.
class TakeSignal {
 public:
  void push(std::span<const float> samples);
  std::size_t size() const { return 2 * words_.size() + held_.size(); }  ///< samples
  /// Address space for so many samples, not memory: a growing vector would hold two copies.
  void reserve(std::size_t samples) { words_.reserve(samples / 2); }

  /// Level that 5 % of the blocks are above, in dB re full scale; −200 of silence.
  float loud_level_db() const;
  /// Shows `hear` all samples, at most a block at a time, and gives them at analysis_rate.
  std::vector<float> to_analysis_rate(const std::function<void(std::span<const float>)>& hear,
                                      InstructionSet set = best_instruction_set()) &&;

 private:
  static constexpr std::size_t block = 256;

  std::vector<float> held_;             // less than a block
  std::vector<float> words_;            // two samples of 16 bits in each; half a block's samples later
  std::vector<float> scales_, powers_;  // of each block
};

}  // namespace orakgarak::voice
