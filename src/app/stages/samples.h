#pragma once
// The samples of a take between convert and analyze: mono floats as the decoder gave them, then a trailer of
// fixed size that says what they are. A file without a sound trailer is none. Written and read on one kind of
// machine, so numbers are in native order.
#include "base/result.h"
#include "media/decode.h"
#include "uploads/objects.h"

namespace orakgarak::app {

/// The trailer, for the end of what went through the sink.
std::vector<std::byte> samples_trailer(const media::DecodeSummary&);

/// Gives the samples of `fd` to `sink` as media::decode would, with the same format and summary, but for what
/// only its child knows (container, codec, channels). Errors: rejected "no_samples_file" (not one of ours, or
/// damaged; the sink was not called); retry "objects_unavailable".
Result<media::DecodeSummary> read_samples(int fd, const media::DecodeSink& sink);

}  // namespace orakgarak::app
