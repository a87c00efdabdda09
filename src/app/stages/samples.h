#pragma once
// The samples of a take between convert and analyze: mono floats as the decoder gave them, in a file without
// a name on the machine that decoded them. They are never sent anywhere: whoever has none decodes again,
// which is cheaper than 230 MB for 20 minutes to an object store and back.
#include <list>
#include <mutex>
#include <optional>

#include "base/result.h"
#include "media/decode.h"
#include "uploads/objects.h"

namespace orakgarak::app {

struct Samples {
  uploads::OpenFile file;  ///< native floats, nothing else
  media::DecodeSummary summary;
};

/// Gives them to `sink` as media::decode did. Errors: retry "objects_unavailable".
Result<media::DecodeSummary> hear(const Samples&, const media::DecodeSink& sink);

/// Those of takes that were converted here and that nobody has analyzed yet. Safe from any thread.
class SamplesAtHand {
 public:
  /// Beyond `most_bytes` the oldest are forgotten, but never the last that came.
  explicit SamplesAtHand(std::uint64_t most_bytes = std::uint64_t{1} << 30) : most_bytes_(most_bytes) {}

  void keep(const uploads::UploadId&, Samples);
  /// How long the take is whose samples are at hand.
  std::optional<Seconds> length(const uploads::UploadId&);
  /// They are at hand no longer.
  std::optional<Samples> take(const uploads::UploadId&);

 private:
  struct Kept {
    uploads::UploadId upload;
    Samples samples;
  };

  const std::uint64_t most_bytes_;
  std::mutex mutex_;
  std::list<Kept> kept_;  ///< the oldest first; one of an upload
};

}  // namespace orakgarak::app
