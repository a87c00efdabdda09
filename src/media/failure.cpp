#include "media/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace orakgarak::media {
namespace {

Error make(ErrorKind kind, std::string code, std::string detail) {
  return {kind, std::move(code), std::move(detail), {{std::source_location::current(), "decoding"}}};
}

Error make(std::string code, std::string detail) {
  return make(ErrorKind::rejected, std::move(code), std::move(detail));
}

std::string system_reason(double number) { return std::strerror(static_cast<int>(std::min(number, 4095.0))); }

std::string damage(double packets, const std::string& name) {
  if (packets == 1)
    return fmt::format(
        "{}: its only audio packet cannot be decoded; the file is cut off or damaged, record or copy it "
        "again.",
        name);
  if (packets > 0)
    return fmt::format(
        "{}: none of its {} audio packets can be decoded; the file is damaged, record or copy it again.",
        name, packets);
  return fmt::format("{}: its header or index is cut off or damaged; record or copy the file again.", name);
}

}  // namespace

Error to_error(const DecodeFailure& failure, const std::string& name, const DecodeLimits& limits) {
  const double value = failure.value;
  switch (failure.code) {
    case FailureCode::not_audio:
      return make("not_audio",
                  fmt::format("{}: this is not an audio file that Orakgarak reads; give it WAV, AIFF, CAF, "
                              "FLAC, MP3, AAC, M4A/MP4, Ogg, Opus, Matroska or WebM.",
                              name));
    case FailureCode::no_audio_stream:
      return make("no_audio_stream",
                  fmt::format("{}: there is no audio in this file; record with sound.", name));
    case FailureCode::unsupported_codec:
      return make(
          "unsupported_codec",
          fmt::format(
              "{}: its audio is coded in a way that Orakgarak does not read; convert it to PCM, FLAC, "
              "ALAC, MP3, AAC, Vorbis or Opus.",
              name));
    case FailureCode::damaged:
      return make("damaged", damage(value, name));
    case FailureCode::sample_rate:
      return make(
          "sample_rate",
          fmt::format("{}: a sample rate of {} Hz is outside {} to {} Hz; record at 44100 or 48000 Hz.", name,
                      value, limits.min_rate.value, limits.max_rate.value));
    case FailureCode::channels:
      return make("channels",
                  fmt::format("{}: {} channels; it takes 1 to {}, so export the take in mono or stereo.",
                              name, value, limits.channels));
    case FailureCode::take_too_long:
      return make("take_too_long", fmt::format("{}: longer than {} minutes; cut out the part where you sing.",
                                               name, limits.take.value / 60));
    case FailureCode::no_samples:
      return make("no_samples",
                  fmt::format("{}: an audio file without a single sample; record again.", name));
    case FailureCode::unreadable:
      return make("unreadable_file",
                  fmt::format("{}: reading failed ({}); copy the file to another disk and try again.", name,
                              system_reason(value)));
    case FailureCode::memory:
      return make("decoder_memory",
                  fmt::format("{}: decoding it needs more than {} MiB of memory; the file is damaged or "
                              "made to do harm.",
                              name, limits.memory_bytes >> 20));
    case FailureCode::sandbox:
      return make(
          ErrorKind::retry, "decoder_unavailable",
          fmt::format("{}: the decoder could not lock itself in ({}), so it read nothing; allow seccomp and "
                      "resource limits on this system.",
                      name, system_reason(value)));
  }
  return make("decoder_crashed", fmt::format("{}: the decoder answered with nonsense.", name));
}

}  // namespace orakgarak::media
