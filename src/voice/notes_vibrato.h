#pragma once
#include <optional>
#include <span>
#include <vector>

#include "voice/notes.h"

namespace orakgarak::voice {

/// The vibrato of one held note and what is left of its pitch without it.
struct PitchMovement {
  std::optional<Vibrato> vibrato;
  Cents instability;  ///< standard deviation of the pitch after the vibrato is taken out
};

/// Method: autocorrelation of the detrended pitch finds the rate (4 to 8 Hz; Rossignol et al., "Vibrato:
/// detection, estimation, extraction, modification", DAFx 1999); a sinusoid of that rate with a linear trend,
/// fitted by least squares to blocks of about two periods, gives the extent and is taken out.
///
/// A vibrato needs two and a half periods, at least 12 cents of extent (less is the tracker's and the
/// larynx's jitter) and a normalised autocorrelation of at least 0.5.
///
/// cents: pitch of each frame of a steady stretch, any offset. O(frames × 25).
PitchMovement measure_movement(std::span<const float> cents);

}  // namespace orakgarak::voice
