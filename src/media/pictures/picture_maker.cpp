#include "media/pictures/picture_maker.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>
#include <utility>

#include "media/decoder/av_handles.h"
#include "media/picture_header.h"
#include "media/pictures/first_frame.h"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <libswscale/swscale.h>
}

namespace orakgarak::media {
namespace {

constexpr std::size_t largest_allocation = 512U << 20;
constexpr std::uint32_t longest_source_side = 65535;  // as JPEG has it
constexpr int jpeg_quantiser = 3;                     // of 2 (best) to 31: no loss that a person sees
constexpr int scaling = SWS_AREA | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_FULL_CHR_H_INT;

using Code = PictureFailureCode;
template <class T>
using Made = std::expected<T, PictureFailure>;

std::unexpected<PictureFailure> failed(Code code, double value = 0) {
  return std::unexpected(PictureFailure{code, value});
}

struct Free {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
using Scaler = std::unique_ptr<SwsContext, Free>;

const char* decoder_name(PictureFormat format) {
  switch (format) {
    case PictureFormat::png:
      return "png";
    case PictureFormat::jpeg:
      return "mjpeg";
    case PictureFormat::webp:
      return "webp";
  }
  return "";
}

Made<void> check_size(const PictureHeader& header, const PictureLimits& limits) {
  const double pixels = static_cast<double>(header.width) * header.height;
  if (pixels > static_cast<double>(limits.pixels) ||
      std::max(header.width, header.height) > longest_source_side)
    return failed(Code::too_large, pixels / 1e6);
  return {};
}

Made<AvFrame> decode(std::span<const std::byte> file, PictureFormat format, const PictureLimits& limits) {
  const AVCodec* decoder = avcodec_find_decoder_by_name(decoder_name(format));
  const AvCodec codec(decoder ? avcodec_alloc_context3(decoder) : nullptr);
  const AvPacket packet(av_packet_alloc());
  AvFrame frame(av_frame_alloc());
  if (!codec || !packet || !frame || av_new_packet(packet.get(), static_cast<int>(file.size())) < 0)
    return failed(Code::memory);
  std::memcpy(packet->data, file.data(), file.size());
  codec->max_pixels = static_cast<std::int64_t>(limits.pixels);
  codec->thread_count = 1;
  if (avcodec_open2(codec.get(), decoder, nullptr) < 0) return failed(Code::memory);
  int error = avcodec_send_packet(codec.get(), packet.get());
  if (error >= 0) {
    avcodec_send_packet(codec.get(), nullptr);
    error = avcodec_receive_frame(codec.get(), frame.get());
  }
  if (error == AVERROR(ENOMEM)) return failed(Code::memory);
  if (error < 0 || frame->width < 1 || frame->height < 1) return failed(Code::damaged);
  return frame;
}

Made<AvFrame> new_frame(int width, int height, AVPixelFormat format) {
  AvFrame frame(av_frame_alloc());
  if (!frame) return failed(Code::memory);
  frame->width = width;
  frame->height = height;
  frame->format = format;
  if (av_frame_get_buffer(frame.get(), 0) < 0) return failed(Code::memory);
  return frame;
}

Made<AvFrame> scaled(const AVFrame& from, int width, int height, AVPixelFormat format) {
  const Scaler scaler(sws_getContext(from.width, from.height, static_cast<AVPixelFormat>(from.format), width,
                                     height, format, scaling, nullptr, nullptr, nullptr));
  if (!scaler) return failed(Code::memory);
  auto to = new_frame(width, height, format);
  if (!to) return to;
  if (sws_scale(scaler.get(), from.data, from.linesize, 0, from.height, (*to)->data, (*to)->linesize) <
      height)
    return failed(Code::damaged);
  return to;
}

/// No side longer than `longest`, none shorter than a pixel, the shape kept.
std::pair<int, int> fitted(int width, int height, int longest) {
  const double factor = std::min(1.0, static_cast<double>(longest) / std::max(width, height));
  const auto side = [&](int length) {
    return std::clamp(static_cast<int>(std::lround(length * factor)), 1, longest);
  };
  return {side(width), side(height)};
}

/// What was seen through a transparent pixel is white.
void put_on_white(AVFrame& rgba) {
  for (int y = 0; y < rgba.height; ++y) {
    std::uint8_t* row = rgba.data[0] + static_cast<std::ptrdiff_t>(y) * rgba.linesize[0];
    for (int x = 0; x < rgba.width; ++x, row += 4) {
      const int alpha = row[3];
      for (int c = 0; c < 3; ++c)
        row[c] = static_cast<std::uint8_t>((row[c] * alpha + 255 * (255 - alpha) + 127) / 255);
      row[3] = 255;
    }
  }
}

/// Where the pixel that belongs at (x, y) of the upright picture lies in the stored one; EXIF 2.32, tag
/// 0x0112.
std::pair<int, int> stored_place(int orientation, int x, int y, int width, int height) {
  switch (orientation) {
    case 2:
      return {width - 1 - x, y};
    case 3:
      return {width - 1 - x, height - 1 - y};
    case 4:
      return {x, height - 1 - y};
    case 5:
      return {y, x};
    case 6:
      return {y, height - 1 - x};
    case 7:
      return {width - 1 - y, height - 1 - x};
    case 8:
      return {width - 1 - y, x};
    default:
      return {x, y};
  }
}

Made<AvFrame> upright(AvFrame rgba, int orientation) {
  if (orientation == 1) return rgba;
  const bool sides_change = orientation >= 5;
  auto turned = new_frame(sides_change ? rgba->height : rgba->width,
                          sides_change ? rgba->width : rgba->height, AV_PIX_FMT_RGBA);
  if (!turned) return turned;
  AVFrame& to = **turned;
  for (int y = 0; y < to.height; ++y)
    for (int x = 0; x < to.width; ++x) {
      const auto [from_x, from_y] = stored_place(orientation, x, y, rgba->width, rgba->height);
      std::memcpy(to.data[0] + static_cast<std::ptrdiff_t>(y) * to.linesize[0] + std::ptrdiff_t{4} * x,
                  rgba->data[0] + static_cast<std::ptrdiff_t>(from_y) * rgba->linesize[0] +
                      std::ptrdiff_t{4} * from_x,
                  4);
    }
  return turned;
}

Made<Picture> encode(AVFrame& yuv) {
  const AVCodec* encoder = avcodec_find_encoder_by_name("mjpeg");
  const AvCodec codec(encoder ? avcodec_alloc_context3(encoder) : nullptr);
  const AvPacket packet(av_packet_alloc());
  if (!codec || !packet) return failed(Code::memory);
  codec->width = yuv.width;
  codec->height = yuv.height;
  codec->pix_fmt = static_cast<AVPixelFormat>(yuv.format);
  codec->color_range = AVCOL_RANGE_JPEG;
  codec->time_base = {1, 1};
  codec->thread_count = 1;
  codec->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;  // bit-exact: no comment names the encoder
  codec->global_quality = FF_QP2LAMBDA * jpeg_quantiser;
  yuv.quality = codec->global_quality;
  yuv.pts = 0;
  if (avcodec_open2(codec.get(), encoder, nullptr) < 0 || avcodec_send_frame(codec.get(), &yuv) < 0 ||
      avcodec_send_frame(codec.get(), nullptr) < 0 || avcodec_receive_packet(codec.get(), packet.get()) < 0)
    return failed(Code::memory);
  const auto bytes = std::as_bytes(std::span(packet->data, static_cast<std::size_t>(packet->size)));
  return Picture{{bytes.begin(), bytes.end()}, yuv.width, yuv.height};
}

}  // namespace

Made<Picture> scale_picture(std::span<const std::byte> file, const PictureTask& task) {
  av_log_set_level(AV_LOG_QUIET);
  av_max_alloc(largest_allocation);
  const auto header = read_picture_header(file);
  if (!header) return failed(header.error() == PictureHeaderFault::damaged ? Code::damaged : Code::not_image);
  if (auto checked = check_size(*header, task.limits); !checked) return std::unexpected(checked.error());
  auto frame = decode(header->format == PictureFormat::webp ? first_frame_of_webp(file)
                                                            : std::vector(file.begin(), file.end()),
                      header->format, task.limits);
  if (!frame) return std::unexpected(frame.error());
  const auto [width, height] = fitted((*frame)->width, (*frame)->height, task.longest_side);
  auto rgba = scaled(**frame, width, height, AV_PIX_FMT_RGBA);
  frame->reset();  // up to 320 MB
  if (!rgba) return std::unexpected(rgba.error());
  put_on_white(**rgba);
  const auto turned = upright(std::move(*rgba), header->orientation);
  if (!turned) return std::unexpected(turned.error());
  const auto yuv = scaled(**turned, (*turned)->width, (*turned)->height, AV_PIX_FMT_YUVJ420P);
  if (!yuv) return std::unexpected(yuv.error());
  return encode(**yuv);
}

}  // namespace orakgarak::media
