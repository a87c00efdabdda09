#pragma once
// Where in a take a known backing lies, and how much faster one clock runs than the other.
//
// Both at backing_rate. Backing sample p is heard at take sample n where p = n · (1 + drift) + lag: lag is
// negative where the backing began after the take did.
#include <optional>
#include <span>
#include <vector>

#include "base/units.h"

namespace orakgarak::voice {

inline constexpr int backing_rate = 16000;

struct BackingAlignment {
  double lag = 0;    ///< samples at backing_rate, at take sample 0
  double drift = 0;  ///< 60e-6: the backing is heard 60 ppm too fast
};

/// Looks 12 s to either side of where it should be. `started`: where in the take the backing is said to
/// begin. Cross-correlation by phase alone (GCC-PHAT; Knapp & Carter 1976) of 8 s pieces from 80 to 1,900 Hz;
/// the line through their peaks that most of them agree on, drift within ±150 ppm. Empty where the peaks do
/// not stand out as they do over no other piece of music: the backing is not in the take. O(n log n).
std::optional<BackingAlignment> align_backing(std::span<const float> take, std::span<const float> backing,
                                              Seconds started);

/// backing as a take with this alignment would have it, `count` samples: out[n] = backing at
/// n · (1 + drift) + lag + `ahead` samples of the take.
std::vector<float> aligned_backing(std::span<const float> backing, const BackingAlignment& alignment,
                                   int ahead, std::size_t count);

/// A better alignment from an estimate of the echo that was made with this one: what is left of delay between
/// the two in pieces of 2 s, weighted by how sure each is. Noise and voice are what `take` has beside the
/// echo.
BackingAlignment refine_alignment(const BackingAlignment& alignment, std::span<const float> take,
                                  std::span<const float> echo);

}  // namespace orakgarak::voice
