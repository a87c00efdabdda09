#pragma once
// Is this singing at all? Speech, instruments and test tones have a pitch too.
#include <span>

#include "voice/notes.h"
#include "voice/timbre_bands.h"
#include "voice/timbre_harmonics.h"

namespace orakgarak::voice {

/// 0 to 1: how likely somebody speaks. Speech glides from syllable to syllable, singing holds: the measure is
/// the share of voiced frames in held stretches (120 ms within 0.6 semitone) plus the share in notes of at
/// least 0.4 s. Sung takes have 0.8 to 1.9 of it, read sentences 0.05 to 0.7. Above D4, where people seldom
/// speak, less holding is enough. 0 under 1.5 s of voice. Low, fast singing without one long note looks like
/// speech.
double speech_likeness(std::span<const PitchFrame> frames, std::span<const Note> notes);

/// 0 to 1: how likely an instrument plays. No voice holds a pitch within 5 cents: singers' notes waver by 10
/// to 30 (standard deviation, vibrato taken out), a piano's and an organ's by 0 to 3. Notes that do nothing
/// but decay, as struck and plucked strings do, are believed up to 7 cents. levels: the contour of the take,
/// one entry a frame. 0 under 1 s of notes. A player's vibrato on a string or a flute passes for a singer's.
double instrument_likeness(std::span<const Note> notes, std::span<const float> levels);

/// True where there is nothing but a fundamental: first harmonic 35 dB over the second and the whole
/// spectrum's centre of gravity within 10 % of f0, on average. A whistle is one too.
bool is_pure_tone(std::span<const PitchFrame> frames, std::span<const HarmonicFrame> harmonics,
                  const BandSpectra& bands);

}  // namespace orakgarak::voice
