#pragma once
// What sounds while nobody sings.
#include <vector>

#include "voice/pitch_candidates.h"

namespace orakgarak::voice {

/// Median autocorrelation above which quiet frames hold a pitch: another source, or a note.
inline constexpr float tonal = 0.5F;

/// Indices of the frames in which nobody seems to sing: within 3 dB of the quietest tenth, and either much
/// quieter than the loud frames or without a pitch. So a held note that fills the take is no pause, while
/// hum and noise that go on in the pauses are background. Quiet frames with a pitch are notes, softly held,
/// where they come less than three times and not at an end of the take, or where a gate's silence lies
/// between them; then there are no pauses.
std::vector<std::size_t> find_pauses(std::span<const CandidateFrame> frames);

/// Median power spectrum over at most 192 of the pauses, as the mean of noise with that median. The median
/// keeps a stray sung note out. finder: of a window of 640 samples. centres: sample of each pause.
Background measure_background(CandidateFinder& finder, std::span<const float> signal,
                              std::span<const std::ptrdiff_t> centres);

}  // namespace orakgarak::voice
