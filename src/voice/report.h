#pragma once
// Everything that one take says about a voice. The same samples give the same report on the command line,
// in the pipeline and in the browser.
#include <optional>
#include <vector>

#include "voice/capture.h"
#include "voice/intonation.h"
#include "voice/notes.h"
#include "voice/pitch.h"
#include "voice/range.h"
#include "voice/timbre.h"

namespace orakgarak::voice {

/// Rises with every change after which the same samples give another report: what an older core has measured
/// can then be measured again.
inline constexpr int core_version = 2;

struct VoiceReport {
  Seconds duration;
  Hertz source_rate;
  Seconds voiced;                  ///< total voiced time
  std::vector<PitchFrame> frames;  ///< one per frame_hop
  Notes notes;
  Range range;
  Tessitura tessitura;
  std::optional<Intonation> intonation;
  Timbre timbre;
  CaptureQuality capture;
};

}  // namespace orakgarak::voice
