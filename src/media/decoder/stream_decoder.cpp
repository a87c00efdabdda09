#include "media/decoder/stream_decoder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <utility>
#include <vector>

#include "media/decoder/codecs.h"
#include "media/decoder/container.h"
#include "media/decoder/container_peek.h"
#include "media/decoder/cut_detection.h"
#include "media/decoder/mono_mix.h"
#include "media/decoder/rate_fitter.h"
#include "media/wire.h"

extern "C" {
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

namespace orakgarak::media {
namespace {

using Done = std::expected<void, DecodeFailure>;

constexpr std::size_t largest_allocation = 64U << 20;
/// Browsers stamp packets to the millisecond and jitter by some; a pause is longer.
constexpr Seconds shortest_pause{0.1};
/// A jump beyond this is a broken clock, not a pause.
constexpr Seconds longest_pause{60};

std::unexpected<DecodeFailure> fail_with(FailureCode code, double value = 0) {
  return std::unexpected(DecodeFailure{code, value});
}

class StreamDecoding {
 public:
  StreamDecoding(ByteSource& source, Container& container, const DecodeLimits& limits, const DecodeSink& sink)
      : source_(source), container_(container), limits_(limits), sink_(sink) {}

  std::expected<DecodeSummary, DecodeFailure> run() {
    if (auto opened = open_codec(); !opened) return std::unexpected(opened.error());
    if (auto read = read_packets(); !read) return std::unexpected(read.error());
    if (!summary_.stopped) {
      if (auto rest = deliver_rest(); !rest) return std::unexpected(rest.error());
    }
    if (summary_.samples == 0 && !summary_.stopped) {
      if (container_.source_error() != 0)
        return fail_with(FailureCode::unreadable, container_.source_error());
      if (summary_.damaged_packets > 0)
        return fail_with(FailureCode::damaged, static_cast<double>(summary_.damaged_packets));
      return fail_with(FailureCode::no_samples);
    }
    summary_.truncated = ends_early();
    return summary_;
  }

 private:
  Done open_codec() {
    const AVCodecParameters& parameters = *container_.stream().codecpar;
    const AVCodec* decoder = allowed_decoder(parameters.codec_id);
    if (decoder == nullptr) return fail_with(FailureCode::unsupported_codec);
    if (parameters.ch_layout.nb_channels > limits_.channels)
      return fail_with(FailureCode::channels, parameters.ch_layout.nb_channels);
    if (parameters.sample_rate > limits_.max_rate.value)
      return fail_with(FailureCode::sample_rate, parameters.sample_rate);
    codec_.reset(avcodec_alloc_context3(decoder));
    packet_.reset(av_packet_alloc());
    frame_.reset(av_frame_alloc());
    if (!codec_ || !packet_ || !frame_) return fail_with(FailureCode::memory);
    if (avcodec_parameters_to_context(codec_.get(), &parameters) < 0) return fail_with(FailureCode::memory);
    codec_->pkt_timebase = container_.stream().time_base;
    codec_->thread_count = 1;
    const int error = avcodec_open2(codec_.get(), decoder, nullptr);
    if (error == AVERROR(ENOMEM)) return fail_with(FailureCode::memory);
    if (error < 0) return explain_unopened(parameters);
    return {};
  }

  Done explain_unopened(const AVCodecParameters& parameters) const {
    if (parameters.ch_layout.nb_channels < 1) return fail_with(FailureCode::channels, 0);
    if (parameters.sample_rate < limits_.min_rate.value)
      return fail_with(FailureCode::sample_rate, parameters.sample_rate);
    return fail_with(FailureCode::damaged);
  }

  Done read_packets() {
    while (!summary_.stopped) {
      const int error = container_.read(*packet_);
      if (error == AVERROR(ENOMEM)) return fail_with(FailureCode::memory);
      if (error < 0) {
        read_failed_ = error != AVERROR_EOF || container_.source_error() != 0;
        return decode_packet(nullptr);
      }
      const auto bytes = std::as_bytes(std::span(packet_->data, static_cast<std::size_t>(packet_->size)));
      last_packet_bad_ = (packet_->flags & AV_PKT_FLAG_CORRUPT) != 0 ||
                         (codec_->codec_id == AV_CODEC_ID_MP3 && mp3_frame_cut(bytes));
      auto decoded = decode_packet(packet_.get());
      av_packet_unref(packet_.get());
      if (!decoded) return decoded;
    }
    return {};
  }

  /// nullptr: the end; takes out what the decoder still holds.
  Done decode_packet(const AVPacket* packet) {
    bool damaged = false;
    if (const int sent = avcodec_send_packet(codec_.get(), packet); sent < 0) {
      if (sent == AVERROR(ENOMEM)) return fail_with(FailureCode::memory);
      damaged = true;
    }
    while (!summary_.stopped) {
      const int got = avcodec_receive_frame(codec_.get(), frame_.get());
      if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) break;
      if (got == AVERROR(ENOMEM)) return fail_with(FailureCode::memory);
      if (got < 0) {
        damaged = true;
        break;
      }
      auto delivered = deliver_frame();
      av_frame_unref(frame_.get());
      if (!delivered) return delivered;
    }
    if (damaged && packet != nullptr) {
      ++summary_.damaged_packets;
      last_packet_bad_ = true;
    }
    return {};
  }

  Done deliver_frame() {
    if (frame_->nb_samples <= 0) return {};
    const int channels = frame_->ch_layout.nb_channels;
    if (channels < 1 || channels > limits_.channels) return fail_with(FailureCode::channels, channels);
    const int rate = frame_->sample_rate;
    if (rate < limits_.min_rate.value || rate > limits_.max_rate.value)
      return fail_with(FailureCode::sample_rate, rate);
    if (!mix_to_mono(*frame_, mono_)) return fail_with(FailureCode::unsupported_codec);
    if (!fitter_) announce(rate, channels);
    if (auto filled = fill_pause(); !filled) return filled;
    if (summary_.stopped || !fitter_) return {};
    return deliver(fitter_->push(mono_, rate));
  }

  void announce(int rate, int channels) {
    const double delivered = std::min<double>(rate, limits_.delivered_rate.value);
    summary_.format = {.rate = Hertz(delivered),
                       .source_rate = Hertz(rate),
                       .channels = channels,
                       .container = container_.name(),
                       .codec = avcodec_get_name(codec_->codec_id),
                       .declared = container_.declared()};
    most_samples_ = static_cast<std::uint64_t>(limits_.take.value * delivered);
    fitter_.emplace(static_cast<int>(delivered));
    if (sink_.format && !sink_.format(summary_.format)) summary_.stopped = true;
  }

  /// Browsers leave out what was not recorded (a throttled tab, silence under DTX) and players wait there.
  /// Only Matroska's clock is trusted with this: elsewhere a jump means cutting or joining.
  Done fill_pause() {
    if (frame_->pts == AV_NOPTS_VALUE || container_.name() != "matroska") return {};
    const Seconds now(static_cast<double>(frame_->pts) * av_q2d(container_.stream().time_base));
    const double rate = summary_.format.rate.value;
    const Seconds delivered(static_cast<double>(summary_.samples) / rate);
    const Seconds pause = now - start_.value_or(now) - delivered;
    if (!start_ || pause < -shortest_pause || pause > longest_pause) {
      start_ = now - delivered;
      return {};
    }
    if (pause < shortest_pause) return {};
    const auto samples = static_cast<std::uint64_t>(std::llround(pause.value * rate));
    const std::array<float, 4096> silence{};
    for (std::uint64_t left = samples; left > 0 && !summary_.stopped;) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(left, silence.size()));
      if (auto delivered_part = deliver(std::span(silence).first(part)); !delivered_part)
        return delivered_part;
      left -= part;
    }
    summary_.filled_samples += samples;
    return {};
  }

  Done deliver_rest() { return fitter_ ? deliver(fitter_->flush()) : Done(); }

  Done deliver(std::expected<std::span<const float>, int> samples) {
    if (!samples) return fail_with(FailureCode::memory);
    for (auto rest = *samples; !rest.empty() && !summary_.stopped;) {
      const auto block = rest.first(std::min(rest.size(), max_block_samples));
      rest = rest.subspan(block.size());
      summary_.samples += block.size();
      if (summary_.samples > most_samples_) return fail_with(FailureCode::take_too_long, limits_.take.value);
      if (!sink_.samples(block)) summary_.stopped = true;
    }
    return {};
  }

  bool ends_early() {
    if (summary_.stopped) return false;
    if (const auto wav = wav_header(source_)) return wav->cut || read_failed_;
    if (read_failed_ || last_packet_bad_ || ogg_page_cut(source_) || matroska_element_cut(source_))
      return true;
    const auto declared = container_.declared();
    if (!declared || !container_.declared_by_header()) return false;
    // Some headers count what encoders add before and after, which is cut off here: two MP3 frames, in the
    // main.
    const Seconds padding(0.02 + 2500 / summary_.format.source_rate.value);
    return summary_.duration() + padding < *declared;
  }

  ByteSource& source_;
  Container& container_;
  const DecodeLimits& limits_;
  const DecodeSink& sink_;
  AvCodec codec_;
  AvPacket packet_;
  AvFrame frame_;
  std::vector<float> mono_;
  std::optional<RateFitter> fitter_;
  std::optional<Seconds> start_;  ///< the container's time of our sample 0
  std::uint64_t most_samples_ = 0;
  bool read_failed_ = false, last_packet_bad_ = false;
  DecodeSummary summary_;
};

}  // namespace

std::expected<DecodeSummary, DecodeFailure> decode_stream(ByteSource& source, const DecodeLimits& limits,
                                                          const DecodeSink& sink) {
  av_log_set_level(AV_LOG_QUIET);
  av_max_alloc(largest_allocation);
  const std::uint64_t tags = id3_bytes(source);
  TailSource content(source, tags);
  auto container = Container::open(content, limits);
  if (!container) {
    const bool only_tags = container.error().code == FailureCode::not_audio && tags > 0;
    return std::unexpected(only_tags ? DecodeFailure{FailureCode::damaged} : container.error());
  }
  return StreamDecoding(content, **container, limits, sink).run();
}

}  // namespace orakgarak::media
