#pragma once
// A backing that the page or the singer's own player played, taken out of the take again: its samples are
// known.
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "voice/backing_align.h"
#include "voice/resample.h"

namespace orakgarak::voice {

struct BackingEcho {
  std::vector<float>
      samples;           ///< what is heard of the backing, at backing_rate, from the take's first sample on
  Decibels removed;      ///< how much quieter the take is without it, where the backing stands most alone
  Seconds started;       ///< where in the take the backing begins; negative if before it
  double drift_ppm = 0;  ///< how much too fast it is heard: two devices' clocks
};

/// Finds a backing in a take: through a loudspeaker that bends it, a room of up to 0.4 s, a drift of up to
/// 150 ppm, and 12 s earlier or later than `started` says.
///
/// take, backing: at backing_rate, full scale ±1, finite. Errors: rejected "backing_not_heard" where the
/// backing is not in the take, or so quiet beside the voice that nothing would be gained. Memory: four times
/// the take (307 MB of 20 minutes). go_on: asked ten times or so whether to; where it
/// says no: conflict "stopped".
Result<BackingEcho> find_backing_echo(std::vector<float> take, std::vector<float> backing,
                                      Seconds started = Seconds(0), const std::function<bool()>& go_on = {});

/// Subtracts an echo from the take at its own rate, samples at any cut. The bits do not depend on the cut.
class EchoSubtractor {
 public:
  /// rate: the take's. echo must outlive it.
  EchoSubtractor(Hertz rate, std::span<const float> echo);

  /// In place.
  void run(std::span<float> samples);

 private:
  Resampler to_rate_;
  std::span<const float> echo_;  // not yet resampled
  std::vector<float> ready_;     // resampled, not yet subtracted from
};

/// A part of a recording, or all of it, at backing_rate. What is no sample counts as 0, as in the engine.
class BackingRateReader {
 public:
  /// The first `skip` samples at backing_rate are left out, and so is what comes after `most` more.
  explicit BackingRateReader(Hertz rate, std::size_t skip = 0, std::size_t most = SIZE_MAX);
  bool push(std::span<const float> samples);  ///< false: it has all
  std::vector<float> finish();

 private:
  void cut();

  Resampler resampler_;
  std::size_t skip_, most_;
  std::vector<float> clean_, samples_;
};

}  // namespace orakgarak::voice
