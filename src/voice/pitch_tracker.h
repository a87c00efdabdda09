#pragma once
// f0 of a whole take, in two passes: first find where this singer sings, then look there closely.
#include <vector>

#include "voice/kernels.h"
#include "voice/pitch.h"
#include "voice/pitch_salience.h"

namespace orakgarak::voice {

struct PitchTrack {
  std::vector<PitchFrame> frames;  ///< one per frame_hop, 1 + samples / 80
  float voice_db = -200;           ///< median level of the voiced frames
  float background_db = -200;      ///< median level of the pauses; −200 where there are none
  float background_tone = 0;       ///< median autocorrelation of the pauses: above 0.5 something tonal sounds
  Seconds reverberation;           ///< the room's decay by 60 dB; 0 where it could not be told
  float coherence = 0;  ///< median autocorrelation of the voice; low in noise and among other sources
};

/// signal: at analysis_rate, without offset.
///
/// 1. Every 40 ms, windows of 80 ms over 50 to 1,700 Hz (pitch_candidates.h) and a path (pitch_path.h). From
///    the pauses comes the background (pitch_background.h); its power is taken out and the pass repeated.
///    A tonal background (a backing, hum) is also met by a higher low cut.
/// 2. Every 10 ms, windows of four periods of the local floor in six sizes, within the band that the first
///    pass found nearby (pitch_bands.h), and a path over the whole take. Voicing is decided by that path: by
///    the strength of the pitch and by the level (pitch_gate.h).
/// The threshold of voicing follows the take: where even the first pass's best frames are less periodic
/// (noise, codecs), less is asked. Where a tonal background sounds and strength is low, the main cluster of
/// pitch is preferred; elsewhere the room's decay is known from the falls of the level (capture_room.h), and
/// its tails are told from held notes.
///
/// What the network hears joins in both passes (docs/decisions/014), as far as the pauses prove it right:
/// there nobody sings, and where it hears a voice all the same (other voices, a guide melody, hum), it is not
/// believed. Candidates by autocorrelation keep deciding the cents.
///
/// Confidence: at least 0.5 where voiced, by strength, or by salience where the network alone hears it; below
/// 0.5 elsewhere. O(n log n); about 140 bytes a frame while it runs.
PitchTrack track_pitch(std::span<const float> signal, const Salience& salience = {},
                       InstructionSet instruction_set = best_instruction_set());

}  // namespace orakgarak::voice
