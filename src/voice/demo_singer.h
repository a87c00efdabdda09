#pragma once
// A singer made of arithmetic, so that tests and first-time users need no microphone and no foreign
// recording, and so that the truth is known exactly.
//
// Source-filter synthesis, additive: every harmonic k of f0 has the amplitude of a KLGLOTT88 glottal pulse
// (Klatt & Klatt 1990) with a return phase (Fant, Liljencrants & Lin 1985) through a cascade of formants
// (Fant 1960), and runs at exactly k times the phase of f0: nothing aliases at any rate, and the truth is
// that of the sound, not of a glottis behind a filter's delay. Sopranos tune the first formant to f0
// (Sundberg 1975). Added: vibrato, portamento, scoops, flutter, jitter and shimmer, vowels and consonants,
// aspiration, breaths, a quiet room.
#include <cstdint>
#include <span>
#include <vector>

#include "base/audio_buffer.h"
#include "base/units.h"

namespace orakgarak::voice {

enum class VoiceType : std::uint8_t { bass, baritone, tenor, alto, mezzo, soprano };

/// A rest is a note whose pitch is 0 or less (Midi()); in a rest of 0.25 s or more the singer breathes in.
struct MelodyNote {
  Midi pitch;        ///< held to 28 to 96
  Seconds duration;  ///< including the consonant before it and the gap after it
};

struct SungTruth {
  Seconds hop;             ///< frame i is at i · hop
  std::vector<double> f0;  ///< exact, Hz; 0 where no voiced sound within 20 dB of the note's level
  Midi lowest, highest;  ///< outermost held pitches (design: 0.25 s within ±0.5 semitone, steady); 0 if none
};

struct SungTake {
  AudioBuffer audio;  ///< voice at about −20 dBFS RMS, peaks below full scale
  SungTruth truth;
};

/// Deterministic for a seed, the same bits on every target. rate: 8,000 to 192,000 Hz; outside it nothing is
/// sung (an empty take). The first 20 minutes of the melody are sung; a duration that is not a positive
/// number counts as none.
SungTake sing(VoiceType voice, std::span<const MelodyNote> melody, Hertz rate, std::uint32_t seed = 1);

/// A melody of about 20 s that shows this voice type's whole range (two octaves, both ends held) and sits in
/// its comfortable middle.
std::vector<MelodyNote> demo_melody(VoiceType voice);

}  // namespace orakgarak::voice
