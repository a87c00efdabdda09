#pragma once
// What the room adds to the voice: background, mains hum, reverberation.
#include <span>
#include <vector>

#include "voice/kernels.h"
#include "voice/pitch.h"

namespace orakgarak::voice {

/// RMS of each 10 ms of the take in dB re full scale; entry i is the time of pitch frame i up to frame i + 1.
/// signal: at analysis_rate.
std::vector<float> level_contour(std::span<const float> signal);

struct Levels {
  Decibels active{-200};      ///< RMS of the voiced frames
  Decibels background{-200};  ///< median level of the pauses, or of the quietest tenth where there are none
  Decibels snr{0};            ///< voice (background taken off) over background, −20 to 100
};
/// A pause begins 250 ms after the voice and ends 150 ms before it, so that neither reverberation nor a
/// breath or a consonant counts. levels: the contour of the take.
Levels measure_levels(std::span<const PitchFrame> frames, std::span<const float> levels);

/// Level of 50 or 60 Hz and its first two harmonics (whichever is stronger) against the active level; −200 if
/// none. A line counts where it stands 12 dB out of its neighbourhood (6 and 9 Hz away) in the quietest fifth
/// of half seconds: it goes on while nobody sings. Needs 1.5 s of signal.
Decibels measure_hum(std::span<const float> signal, Decibels active,
                     InstructionSet set = best_instruction_set());

/// From this decay on, a room's tails pass for held notes.
inline constexpr Seconds echoing{0.45};

/// Decay time (60 dB) of the sound after it breaks off: median over the falls of at least 15 dB of the
/// smoothed contour that begin within 10 dB of the active level (free decay, as in Vieira 2004). A dry voice
/// lets go in about 0.2 s, so that less cannot be told from none. 0 where fewer than 5 falls were heard.
Seconds measure_reverberation(std::span<const float> levels, Decibels active);

}  // namespace orakgarak::voice
