#pragma once
// The spectrum of the whole take in 32 bands, small enough to keep until it is known which frames are voice.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "voice/fft.h"
#include "voice/pitch.h"

namespace orakgarak::voice {

inline constexpr Hertz timbre_rate{16000};
inline constexpr Seconds timbre_hop{0.020};  ///< two frames of the pitch track
inline constexpr int band_count = 32;

/// Streaming: samples in at any cut, the same frames out. Frame i is centred at i · timbre_hop, under a Hann
/// window of 32 ms; outside the take is silence. Keeps 66 bytes a frame (4 MB for 20 minutes).
class BandSpectra {
 public:
  explicit BandSpectra(InstructionSet set = best_instruction_set());

  /// samples: at timbre_rate.
  void push(std::span<const float> samples);
  /// Makes the frames that reach beyond the end; nothing may be pushed afterwards.
  void finish();

  std::size_t size() const { return centroid_.size(); }
  /// Power density around the band's centre in dB, any reference; bands are triangles on the mel scale
  /// between 60 and 7,600 Hz (mel = 2595·log10(1 + f/700)), each of unit area. Steps of 1/64 dB.
  float band_db(std::size_t frame, int band) const {
    return static_cast<float>(bands_[frame * band_count + static_cast<std::size_t>(band)]) / 64;
  }
  static Hertz band_centre(int band);
  /// Centre of gravity of the power spectrum between 60 and 7,600 Hz. Steps of 1/8 Hz.
  Hertz centroid(std::size_t frame) const { return Hertz(centroid_[frame] / 8.0); }

 private:
  struct Tooth {  // what one bin gives to one band
    int bin;
    float weight;
  };
  void add_frames(int count);
  void forget_used();

  BatchFft fft_;
  std::vector<float> window_;
  std::array<std::vector<Tooth>, band_count> teeth_;
  std::vector<float> pending_;     // samples not yet under every window that needs them
  std::size_t pending_begin_ = 0;  // index in the take of pending_[0]
  AlignedFloats frames_, power_;
  std::vector<std::int16_t> bands_;
  std::vector<std::uint16_t> centroid_;
};

}  // namespace orakgarak::voice
