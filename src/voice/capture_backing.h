#pragma once
// Does something else make music while this person sings?
#include <span>

#include "voice/kernels.h"
#include "voice/pitch.h"

namespace orakgarak::voice {

struct BackingEvidence {
  double tonal_pauses = 0;  ///< share of pause frames whose spectrum has peaks that noise does not have
  int pause_frames = 0;     ///< how many frames of 64 ms that rests on
  double pause_share = 0;   ///< of the take
  /// Share of voiced frames 13 dB below the singing, 200 ms apart from it, all at about the same level.
  double soft_voice = 0;
};
/// Tonality: distance of the mean of the decibels from the decibels of the mean over 32 neighbouring bins,
/// averaged over 300 to 3,600 Hz (local spectral flatness; Johnston 1988): 2.3 dB for any noise, 3.6 dB
/// counts as tonal. At most 2,000 frames are looked at, none of them within `reverberation` after the voice:
/// a room keeps the note ringing. `hum`: voiced frames on mains lines are not counted.
BackingEvidence find_backing(std::span<const PitchFrame> frames, std::span<const float> signal, bool hum,
                             Seconds reverberation = Seconds(0), InstructionSet set = best_instruction_set());

/// 0 to 1: how sure the evidence is. A soft voice counts only where the take has no pauses to speak of: it is
/// the backing then that was taken for singing in them, not a singer who sings softly now and then.
double backing_suspicion(const BackingEvidence& evidence);

}  // namespace orakgarak::voice
