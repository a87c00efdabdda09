#pragma once
// Why a file could not be decoded, as the child tells it: a code and a number, never text. The sentences
// that people read are made on this side of the pipe.
#include <cstdint>
#include <string>

#include "base/result.h"
#include "media/decode.h"

namespace orakgarak::media {

enum class FailureCode : std::uint32_t {
  not_audio = 1,
  no_audio_stream,
  unsupported_codec,
  damaged,        ///< value: packets that could not be decoded; 0 = the header
  sample_rate,    ///< value: Hz
  channels,       ///< value: how many
  take_too_long,  ///< value: the limit in seconds
  no_samples,
  unreadable,  ///< reading the input failed; value: errno
  memory,
  sandbox,  ///< the child could not lock itself in; value: errno
};
inline constexpr std::uint32_t last_failure_code = static_cast<std::uint32_t>(FailureCode::sandbox);

struct DecodeFailure {
  FailureCode code;
  double value = 0;
};

/// The sentence for it. name: what the user calls the input.
Error to_error(const DecodeFailure& failure, const std::string& name, const DecodeLimits& limits);

}  // namespace orakgarak::media
