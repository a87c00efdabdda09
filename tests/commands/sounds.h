#pragma once
// WAV files as they should be and as they should not, and sounds that are no singing.
#include <cstdint>
#include <string>
#include <vector>

namespace orakgarak::commands {

using Samples = std::vector<float>;
inline constexpr int sound_rate = 16000;

struct WavHeader {
  std::uint16_t format = 3;  ///< 3: 32-bit float, 1: 16-bit integer
  std::uint16_t channels = 1;
  std::uint32_t rate = sound_rate;
};

/// Every channel holds the same samples.
std::string wav(const Samples& samples, const WavHeader& header = {});

Samples silence(double seconds);
Samples noise(double seconds, float level);
Samples tone(double seconds, double hertz);
/// A voiced sound of one pitch, formants and vibrato.
Samples held_vowel(double seconds, double hertz);
/// Syllables of 0.15 s whose pitch falls from 130 to 90 Hz in each phrase, hissing between them.
Samples speech(double seconds);
/// Chords of decaying, slightly stretched harmonics.
Samples piano(double seconds);

}  // namespace orakgarak::commands
