#pragma once
// Samples from wherever they come into the voice core, with a known backing taken out on the way.
#include <functional>
#include <optional>

#include "base/result.h"
#include "formats/report_json.h"
#include "media/decode.h"
#include "voice/engine.h"

namespace orakgarak::app {

/// Gives all samples of one recording to a sink, from the first, as often as it is called; as media::decode.
using Hearing = std::function<Result<media::DecodeSummary>(const media::DecodeSink&)>;

/// What was played while the take was recorded.
struct Backing {
  Hearing hearing;
  Seconds started;  ///< where in the take it is said to begin; 12 s to either side are searched
  std::function<bool()> go_on = {};  ///< asked now and then while it is searched for; false: stop
};

struct HeardTake {
  media::DecodeSummary summary;
  voice::VoiceReport report;
  std::optional<Result<formats::RemovedBacking>> backing;  ///< where one was played: removed, or why not
};

/// Holds no samples; where there is a backing, both at 16 kHz, and hears the take twice (voice/backing.h).
/// A backing that is not in the take, or is no recording, hinders nothing: the report is then about the take
/// as it is. Errors: those of `take`, and of the backing's those that are not its own fault: of kind retry
/// and conflict, and "decoder_missing".
Result<HeardTake> hear(const Hearing& take, const voice::EngineOptions& options = {},
                       const std::optional<Backing>& backing = {});

}  // namespace orakgarak::app
