#pragma once
// From a melody to what the singer's body does: when the folds swing and how fast, what the mouth shapes,
// where the consonants and breaths fall. Independent of the sample rate.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "voice/demo_singer.h"

namespace orakgarak::voice::demo {

/// Random numbers that are the same everywhere (SplitMix64, Steele et al. 2014), addressed by a counter.
class Dice {
 public:
  Dice(std::uint32_t seed, std::uint32_t stream)
      : seed_((std::uint64_t{stream} << 32 | seed) * 0xd1342543de82ef95u) {}
  /// Uniform in [−1, 1).
  double at(std::uint64_t counter) const {
    std::uint64_t z = seed_ + counter * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return static_cast<double>(static_cast<std::int64_t>(z ^ (z >> 31)) >> 11) * 0x1p-52;
  }

 private:
  std::uint64_t seed_;
};

inline constexpr int formant_count = 7;

struct Tract {
  std::array<double, formant_count> formant_hz{};
  std::array<double, formant_count> bandwidth_hz{};
};

/// What one voice type is made of.
struct Anatomy {
  Midi low, high;        ///< typical range, two octaves
  double tract_scale;    ///< formants relative to an average man's
  double open_quotient;  ///< share of a cycle in which the folds are apart
  double return_hz;      ///< corner of the return phase: lower is softer
  double vibrato_hz;     ///< cycles of pitch per second
  double vibrato_cents;  ///< half of peak to peak at the top of the range
  double aspiration;     ///< RMS of the breath's noise through the folds, full scale 1
};
const Anatomy& anatomy(VoiceType);

/// What the mouth shapes from `start_seconds` until the next gesture.
struct Gesture {
  double start_seconds;
  Tract tract;
  double level;     ///< RMS of the voice in this gesture
  double pitch_hz;  ///< the note it belongs to
};

/// Noise made at the lips or teeth, or the air of a breath.
struct Hiss {
  double start_seconds, end_seconds;
  double centre_hz, bandwidth_hz;
  double level;        ///< RMS at its middle
  bool burst = false;  ///< loudest at its start rather than at its middle
};

struct Score {
  static constexpr int knots_per_second = 1000;
  double duration_seconds = 0;
  /// Knot i is at i / knots_per_second; both run linearly from knot to knot, and that is their definition.
  std::vector<double> f0_hz;  ///< goes on through silence
  std::vector<double> gain;   ///< of the voice, 0 to 1; 0 = folds at rest
  std::vector<Gesture> gestures;
  std::vector<Hiss> hisses;
};

Score write_score(VoiceType voice, std::span<const MelodyNote> melody, std::uint32_t seed);

/// 0 at x <= 0, 1 at x >= 1, with no corner in the first two derivatives.
inline double smooth_step(double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x * x * x * (x * (x * 6 - 15) + 10);
}

}  // namespace orakgarak::voice::demo
