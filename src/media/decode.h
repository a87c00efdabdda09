#pragma once
// The one way to decode. FFmpeg's libraries run in a child process of their own (orakgarak-decode) that can
// read one file, write one pipe and do nothing else; what comes back is validated as outside bytes. This
// header needs none of FFmpeg.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "base/units.h"

namespace orakgarak::media {

struct DecodeLimits {
  std::uint64_t file_bytes = 100ULL << 20;    ///< larger inputs are refused unread
  Seconds take{20 * 60};                      ///< longer takes stop there with `take_too_long`
  int channels = 8;                           ///< at most
  Hertz min_rate{8000}, max_rate{384000};     ///< of the source
  Hertz delivered_rate{48000};                ///< at most; faster sources are resampled to this
  std::uint64_t memory_bytes = 512ULL << 20;  ///< address space of the child, its libraries' 190 MB included
  Seconds cpu{60};                            ///< processor time of the child
  Seconds wait{120};  ///< that the caller waits for the child, the sink's own time apart
};

/// What the source is; known before its first sample.
struct DecodeFormat {
  Hertz rate;                       ///< of the samples delivered: the source's, `delivered_rate` at most
  Hertz source_rate;                ///< of the decoded source
  int channels = 0;                 ///< of the source, before they are averaged to one
  std::string container, codec;     ///< FFmpeg's short names: "matroska", "opus"
  std::optional<Seconds> declared;  ///< length that the container claims; a claim, not a fact
};

struct DecodeSummary {
  DecodeFormat format;
  std::uint64_t samples = 0;          ///< delivered, at `format.rate`
  std::uint64_t damaged_packets = 0;  ///< skipped because they could not be decoded
  std::uint64_t filled_samples =
      0;                         ///< of them: silence where the container's clock says nothing was recorded
  bool truncated = false;        ///< the file ends before its audio does; what is there was delivered
  bool stopped = false;          ///< the sink asked for no more
  std::uint64_t peak_bytes = 0;  ///< resident memory of the child, as far as it was seen

  Seconds duration() const { return Seconds(static_cast<double>(samples) / format.rate.value); }
};

/// Where the samples go. Both run in the caller's thread; returning false stops the decoding.
struct DecodeSink {
  std::function<bool(const DecodeFormat&)> format;  ///< once, before the first samples; may be empty
  /// Mono (the mean of all channels), full scale ±1, at most 16,384 at a time. Floating-point sources pass
  /// through as they are: values beyond ±1, NaN and infinities included (the voice core counts them).
  std::function<bool(std::span<const float>)> samples;
};

struct DecodeOptions {
  DecodeLimits limits;
  std::filesystem::path child;  ///< the decoder program; empty: `orakgarak-decode` beside the running program
};

/// Decodes the best audio stream of a WAV, AIFF, CAF, FLAC, MP3, ADTS, MP4/M4A, Ogg, Matroska or WebM file.
/// Its content decides what it is, never its name. Encoder delay and padding are cut off where the file says
/// how much they are, so that time 0 is where the recording began; raw ADTS, fragmented MP4 and MP3 without a
/// LAME tag do not say it and keep about 1,100 samples of delay. Memory use does not grow with the length.
///
/// Errors, all `rejected` unless said otherwise:
///  file: not_found (kind not_found), no_permission, is_directory, not_a_file (pipe, device), empty_file,
///    file_too_large, unreadable_file
///  content: not_audio, unsupported_codec, no_audio_stream, damaged (the header or every packet),
///  sample_rate,
///    channels, take_too_long, no_samples
///  decoder: decoder_memory, decoder_time, decoder_crashed; decoder_missing (kind not_found);
///    decoder_unavailable (kind retry: no process, no sandbox on this system, ended from outside)
Result<DecodeSummary> decode(const std::filesystem::path& file, const DecodeSink& sink,
                             const DecodeOptions& options = {});

/// The same for a file that is open for reading. Its offset is neither used nor moved; it stays the caller's.
/// name: what to call it in error details.
Result<DecodeSummary> decode(int fd, const std::string& name, const DecodeSink& sink,
                             const DecodeOptions& options = {});

}  // namespace orakgarak::media
