#pragma once
// What only the samples as they came can tell: peak, clipping, and how far up the recording reaches.
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/units.h"
#include "voice/fft.h"

namespace orakgarak::voice {

/// How far up the recording reaches.
struct Bandwidth {
  Hertz edge;            ///< up to here the spectrum changes with what sounds; half the rate at most
  Decibels floor{-300};  ///< what lies above it, against the loudest band
};

/// Streaming: samples in at any cut, the same figures out. Keeps 128 bytes for every 100 ms.
class SourceMeter {
 public:
  explicit SourceMeter(Hertz rate, InstructionSet set = best_instruction_set());

  /// Finite samples, full scale ±1.
  void push(std::span<const float> samples);
  void finish();  ///< nothing may be pushed afterwards

  float peak() const { return std::max(rails_[0].peak, rails_[1].peak); }
  /// Share of samples that lie in flat stretches of at least 0.1 ms (and 3 samples) at the highest or the
  /// lowest level of the take, whatever that level is: a recording turned down after it was clipped is still
  /// clipped. Not looked for where the peak is below −26 dBFS, where 16-bit steps make every crest flat.
  double clipped_share() const;
  /// The edge is the top of the highest of 64 bands whose loud moments (95th percentile) stand 6 dB above its
  /// quiet ones (10th) and within 65 dB of the loudest band: a codec's or a resampler's dead band does not
  /// change with the sound, nor does the hiss that hides a voice. 0 if nothing changes anywhere.
  Bandwidth bandwidth() const;

 private:
  /// One polarity.
  struct Rail {
    float peak = 0;
    float flat_level = 0;  // of the flat stretches counted
    std::uint64_t flat_samples = 0;
    float run_start = 0;
    std::uint64_t run = 0;
  };
  static constexpr std::size_t block = 64;
  static constexpr int window_samples = 2048;
  static constexpr int band_count = 64;

  void add_block(std::span<const float> samples);
  void scan_for_flat(std::span<const float> samples, float sign, Rail& rail);
  void end_run(Rail& rail);
  void collect(std::span<const float> samples);
  void add_spectra();

  double rate_;
  std::uint64_t least_run_;
  std::array<Rail, 2> rails_;  // positive, negative
  std::uint64_t taken_ = 0;
  std::vector<float> partial_;  // samples of an unfinished block

  BatchFft fft_;
  std::uint64_t hop_;
  std::vector<float> window_, segments_;  // up to 16 windows on end
  AlignedFloats frames_, power_;
  std::vector<std::int16_t> bands_;  // 1/64 dB, band_count a frame
};

}  // namespace orakgarak::voice
