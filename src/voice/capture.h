#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/units.h"

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
};
std::string_view to_string(CaptureFault);

struct CaptureAdvice {
  CaptureFault fault;
  double value = 0;       ///< the number behind it, in the unit of the measure below
  bool blocking = false;  ///< the range cannot be trusted because of this
};

/// How good the recording is, and what to do about it.
struct CaptureQuality {
  Decibels peak, active_level;        ///< dB re full scale; active = RMS while somebody sings
  Decibels snr;                       ///< singing against the background in the pauses
  double clipped_share = 0;           ///< of samples, 0 to 1
  Hertz bandwidth;                    ///< upper edge of what was captured
  Decibels hum;                       ///< 50/60 Hz line and harmonics against the voice; −200 if none
  Seconds reverberation;              ///< estimate of the decay time (RT60); 0 if it cannot be told
  double accompaniment = 0;           ///< 0 to 1, suspected
  double speech = 0, instrument = 0;  ///< 0 to 1: how likely this is not singing
  std::vector<CaptureAdvice> advice;  ///< worst first
};

}  // namespace orakgarak::voice
