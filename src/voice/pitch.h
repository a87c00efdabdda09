#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/units.h"

namespace orakgarak::voice {

/// Distance between frames of every track: frame i is centred at i · frame_hop.
inline constexpr Seconds frame_hop{0.010};
/// Rate of the signal that pitch and everything that follows from it is measured on.
inline constexpr Hertz analysis_rate{8000};

/// Where a pitch is looked for: 50 to 1,600 Hz, and a little beyond for the waver of the outermost notes.
inline constexpr Hertz lowest_pitch{49}, highest_pitch{1700};

/// What vouches for a voiced frame.
enum class Judge : std::uint8_t {
  none,             ///< unvoiced
  autocorrelation,  ///< the network does not hear a voice at this pitch, or was not asked
  network,          ///< autocorrelation has no peak there
  both
};

struct PitchFrame {
  Hertz f0;              ///< 0 where unvoiced; otherwise lowest_pitch to highest_pitch
  float confidence = 0;  ///< that this frame is the singer's voice, 0 to 1; voiced means at least 0.5
  float periodicity =
      0;  ///< normalised autocorrelation at f0, 0 to 1; 0 where unvoiced or heard by the network alone
  float level_db = -200;  ///< RMS of the analysis window, dB re full scale
  Judge judge = Judge::none;

  bool voiced() const { return f0.value > 0; }
};

/// "both", "autocorrelation", "network"; empty for none.
std::string_view to_string(Judge);
/// Of the voiced frames; 0 where there are none.
double share_judged_by(Judge judge, std::span<const PitchFrame> frames);

}  // namespace orakgarak::voice
