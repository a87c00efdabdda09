#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "voice/kernels.h"
#include "voice/notes.h"

namespace orakgarak::voice {

enum class CaptureFault : std::uint8_t {
  silence,
  too_quiet,
  clipped,
  noisy,
  narrow_band,
  hum,
  reverberant,
  accompaniment,
  speech,
  instrument,
  pure_tone,
  no_voice,
  invalid_samples,
  too_little,
};
/// Stable code ("too_quiet").
std::string_view to_string(CaptureFault);
/// What to tell the singer: one sentence in English that says what to do.
std::string_view advice(CaptureFault);

struct CaptureAdvice {
  CaptureFault fault;
  /// The number behind it, in the unit of the measure below; of silence the peak in dB, of no_voice and
  /// too_little the seconds of voice, of invalid_samples their count.
  double value = 0;
  bool blocking = false;  ///< the range cannot be trusted because of this
};

/// Is what was recorded no singing at all (silence, a tone, an instrument, speech, or too little)? Then it
/// has no range, whatever pitches were found in it.
bool is_no_singing(const CaptureAdvice& advice);

/// How good the recording is, and what to do about it.
struct CaptureQuality {
  Decibels peak, active_level;  ///< dB re full scale; active = RMS while somebody sings
  Decibels snr;                 ///< singing against the background in the pauses
  double clipped_share = 0;     ///< of samples, 0 to 1
  Hertz bandwidth;              ///< upper edge of what was captured, as far as it changes with the sound
  Decibels hum;                 ///< 50/60 Hz line and harmonics against the voice; −200 if none
  Seconds reverberation;        ///< estimate of the decay time (RT60); 0 if it cannot be told
  double accompaniment = 0;     ///< 0 to 1, suspected
  double speech = 0, instrument = 0;  ///< 0 to 1: how likely this is not singing
  std::vector<CaptureAdvice> advice;  ///< worst first
};

class SourceMeter;
class BandSpectra;
struct HarmonicFrame;

/// All that is known of one take when it ends.
struct CaptureEvidence {
  const SourceMeter& source;
  std::uint64_t invalid_samples = 0;  ///< NaN and infinite
  std::span<const float> signal;      ///< at analysis_rate
  std::span<const PitchFrame> frames;
  std::span<const Note> notes;
  const BandSpectra& bands;
  std::span<const HarmonicFrame> harmonics;
};

/// Limits, in capture.cpp beside the reasons for them: silence below −70 dBFS peak; no voice under 0.3 s of
/// it and too little under 0.7 s; too quiet below −50 dBFS while singing; clipped from 0.05 % of samples;
/// noisy below 15 dB of SNR; narrow band below 7,600 Hz (half the sample rate counts); hum from −40 dB;
/// reverberant from 0.45 s; accompaniment, speech and instrument from 0.5. Silence, no voice, too little, a
/// pure tone, an instrument and, from 0.7, speech are blocking; so are noise below 5 dB and an accompaniment
/// in whose harmonics the voice drowns. Silence, no voice, a pure tone and an instrument
/// stand alone, but for clipping and invalid samples: silence is not also noise.
CaptureQuality measure_capture(const CaptureEvidence& take, InstructionSet set = best_instruction_set());

}  // namespace orakgarak::voice
