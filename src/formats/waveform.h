#pragma once
// How loud a take is over time, as a page draws it.
#include <cstdint>
#include <span>
#include <vector>

namespace orakgarak::formats {

inline constexpr std::size_t most_peaks = 600;  ///< even

/// Gathers the loudest sample of each of at most most_peaks stretches, all as long (the last may be shorter),
/// whatever the length of the take. O(1) memory.
class Waveform {
 public:
  void add(std::span<const float> samples);
  /// 255 is full scale; not a number counts as 0.
  std::vector<std::uint8_t> peaks() const;

 private:
  void close_stretch();
  std::vector<float> loudest_;
  std::size_t stretch_ = 64;  ///< samples
  std::size_t taken_ = 0;     ///< of the open stretch
  float open_ = 0;
};

}  // namespace orakgarak::formats
