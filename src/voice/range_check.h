#pragma once
// A second opinion on the octave, by other means than the tracker's: which harmonics does the spectrum hold?
#include <cstdint>
#include <span>
#include <vector>

#include "voice/pitch_tracker.h"

namespace orakgarak::voice {

/// What the spectrum around one frame says of the pitch f0 that the tracker gave it.
enum class OctaveVerdict : std::uint8_t {
  agrees,
  higher,   ///< every other harmonic is missing: an even multiple of f0 sounds
  lower,    ///< as much sounds half-way between harmonics as on them: f0/2 sounds
  unclear,  ///< no harmonics stand out
};

/// Harmonic combs after Hermes ("Measurement of pitch by subharmonic summation", JASA 83, 1988) on the
/// magnitude spectrum of eight periods: the mean on the harmonics of f0 below 3.4 kHz against the mean
/// half-way between them, and odd harmonics against even ones.
/// frame: index; its f0 > 0. signal: at analysis_rate. Four transforms of 2,048 for 16 frames.
std::vector<OctaveVerdict> check_octaves(std::span<const float> signal, std::span<const PitchFrame> frames,
                                         std::span<const std::size_t> which);

}  // namespace orakgarak::voice
