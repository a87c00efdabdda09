#include "media/decoder/container.h"

#include <cerrno>
#include <cstdio>
#include <new>

#include "media/decoder/codecs.h"
#include "media/decoder/container_peek.h"

extern "C" {
#include <libavutil/mem.h>
#include <libavutil/opt.h>
}

namespace orakgarak::media {
namespace {

constexpr const char* containers = "wav,aiff,caf,flac,mp3,aac,mov,ogg,matroska";
constexpr int io_buffer_bytes = 32768;
constexpr int most_streams = 64;

/// A file that names other files gets none.
int refuse_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EPERM); }

int choose_limits(AVFormatContext* av) {
  if (const int set = av_opt_set(av, "format_whitelist", containers, 0); set < 0) return set;
  if (const int set = av_opt_set(av, "codec_whitelist", codec_whitelist, 0); set < 0) return set;
  if (const int set = av_opt_set(av, "protocol_whitelist", "", 0); set < 0) return set;
  return av_opt_set_int(av, "max_streams", most_streams, 0);
}

}  // namespace

int Container::read_source(void* self, std::uint8_t* to, int bytes) {
  auto& container = *static_cast<Container*>(self);
  const auto got = container.source_.read_at(
      container.position_, std::span(reinterpret_cast<std::byte*>(to), static_cast<std::size_t>(bytes)));
  if (!got) {
    container.source_error_ = got.error();
    return AVERROR(got.error());
  }
  if (*got == 0) return AVERROR_EOF;
  container.position_ += *got;
  return static_cast<int>(*got);
}

std::int64_t Container::seek_source(void* self, std::int64_t offset, int whence) {
  auto& container = *static_cast<Container*>(self);
  const auto size = static_cast<std::int64_t>(container.source_.size());
  if (whence & AVSEEK_SIZE) return size;
  switch (whence & ~AVSEEK_FORCE) {
    case SEEK_SET:
      break;
    case SEEK_CUR:
      offset += static_cast<std::int64_t>(container.position_);
      break;
    case SEEK_END:
      offset += size;
      break;
    default:
      return AVERROR(EINVAL);
  }
  if (offset < 0) return AVERROR(EINVAL);
  container.position_ = static_cast<std::uint64_t>(offset);
  return offset;
}

std::expected<std::unique_ptr<Container>, DecodeFailure> Container::open(ByteSource& source,
                                                                         const DecodeLimits& limits) {
  std::unique_ptr<Container> container(new Container(source));
  if (auto started = container->start(limits); !started) return std::unexpected(started.error());
  if (auto chosen = container->choose_stream(limits); !chosen) return std::unexpected(chosen.error());
  return container;
}

std::expected<void, DecodeFailure> Container::start(const DecodeLimits& limits) {
  const auto no_memory = std::unexpected(DecodeFailure{FailureCode::memory});
  auto* buffer = static_cast<unsigned char*>(av_malloc(io_buffer_bytes));
  if (buffer == nullptr) return no_memory;
  io_.reset(avio_alloc_context(buffer, io_buffer_bytes, 0, this, read_source, nullptr, seek_source));
  if (!io_) {
    av_free(buffer);
    return no_memory;
  }
  AVFormatContext* av = avformat_alloc_context();
  if (av == nullptr) return no_memory;
  av_.reset(av);
  if (choose_limits(av) < 0) return no_memory;
  av->pb = io_.get();
  av->flags |= AVFMT_FLAG_CUSTOM_IO;
  av->io_open = refuse_open;
  av_.release();  // NOLINT(bugprone-unused-return-value): avformat_open_input frees it where it fails
  if (const int error = avformat_open_input(&av, "", nullptr, nullptr); error < 0)
    return std::unexpected(explain(error, limits));
  av_.reset(av);
  for (unsigned i = 0; i < av->nb_streams; ++i)
    if (av->streams[i]->codecpar->codec_type != AVMEDIA_TYPE_AUDIO) av->streams[i]->discard = AVDISCARD_ALL;
  if (const int error = avformat_find_stream_info(av, nullptr); error < 0)
    return std::unexpected(explain(error, limits));
  return {};
}

/// FFmpeg says "invalid data" to most of what can be wrong; look for the reason ourselves.
DecodeFailure Container::explain(int error, const DecodeLimits& limits) {
  if (source_error_ != 0) return {FailureCode::unreadable, static_cast<double>(source_error_)};
  if (error == AVERROR(ENOMEM)) return {FailureCode::memory};
  if (const auto wav = wav_header(source_)) {
    if (wav->channels < 1 || wav->channels > limits.channels)
      return {FailureCode::channels, static_cast<double>(wav->channels)};
    if (wav->rate < limits.min_rate.value || wav->rate > limits.max_rate.value)
      return {FailureCode::sample_rate, static_cast<double>(wav->rate)};
  }
  const bool recognised = av_ != nullptr || has_container_magic(source_);
  return {recognised ? FailureCode::damaged : FailureCode::not_audio};
}

std::expected<void, DecodeFailure> Container::choose_stream(const DecodeLimits& limits) {
  stream_ = av_find_best_stream(av_.get(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
  if (stream_ < 0) {
    // FFmpeg passes over audio streams that name no rate or no channels.
    bool audio = av_->nb_streams == 0;
    for (unsigned i = 0; i < av_->nb_streams; ++i)
      audio = audio || av_->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    if (audio) return std::unexpected(explain(AVERROR_INVALIDDATA, limits));
    return std::unexpected(DecodeFailure{FailureCode::no_audio_stream});
  }
  for (unsigned i = 0; i < av_->nb_streams; ++i)
    av_->streams[i]->discard = static_cast<int>(i) == stream_ ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  return {};
}

std::string Container::name() const {
  const std::string all = av_->iformat->name;
  return all.substr(0, all.find(','));
}

std::optional<Seconds> Container::declared() const {
  const AVStream& chosen = stream();
  if (chosen.duration != AV_NOPTS_VALUE && chosen.duration > 0)
    return Seconds(static_cast<double>(chosen.duration) * av_q2d(chosen.time_base));
  if (av_->duration != AV_NOPTS_VALUE && av_->duration > 0)
    return Seconds(static_cast<double>(av_->duration) / AV_TIME_BASE);
  return std::nullopt;
}

bool Container::declared_by_header() const {
  // Ogg has no length in its header; FFmpeg takes it from the last page found.
  return declared() && av_->duration_estimation_method != AVFMT_DURATION_FROM_BITRATE && name() != "ogg";
}

int Container::read(AVPacket& packet) {
  for (;;) {
    const int error = av_read_frame(av_.get(), &packet);
    if (error == AVERROR(EAGAIN)) continue;
    if (error < 0 || packet.stream_index == stream_) return error;
    av_packet_unref(&packet);
  }
}

}  // namespace orakgarak::media
