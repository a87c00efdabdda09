#pragma once
// A singer made of arithmetic, so that tests and first-time users need no microphone and no foreign
// recording, and so that the truth is known exactly.
#include <cstdint>
#include <span>
#include <vector>

#include "base/audio_buffer.h"
#include "base/units.h"

namespace orakgarak::voice {

enum class VoiceType : std::uint8_t { bass, baritone, tenor, alto, mezzo, soprano };

struct MelodyNote {
  Midi pitch;
  Seconds duration;  ///< including the consonant before it and the gap after it
};

struct SungTruth {
  Seconds hop;             ///< frame i is at i · hop
  std::vector<double> f0;  ///< exact, Hz; 0 where no voiced sound
  Midi lowest, highest;    ///< outermost held pitches (design: 0.25 s within ±0.5 semitone, steady)
};

struct SungTake {
  AudioBuffer audio;
  SungTruth truth;
};

/// Deterministic for a seed. rate: 8,000 to 192,000 Hz.
SungTake sing(VoiceType voice, std::span<const MelodyNote> melody, Hertz rate, std::uint32_t seed = 1);

/// A melody of about 20 s that shows this voice type's whole range and sits in its comfortable middle.
std::vector<MelodyNote> demo_melody(VoiceType voice);

}  // namespace orakgarak::voice
