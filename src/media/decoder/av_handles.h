#pragma once
// FFmpeg's objects, each owned by one place.
#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}

namespace orakgarak::media {

struct AvFree {
  void operator()(AVIOContext* io) const {
    av_freep(&io->buffer);  // FFmpeg may have put another buffer in place of ours
    avio_context_free(&io);
  }
  void operator()(AVFormatContext* container) const { avformat_close_input(&container); }
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

using AvIo = std::unique_ptr<AVIOContext, AvFree>;
using AvContainer = std::unique_ptr<AVFormatContext, AvFree>;
using AvCodec = std::unique_ptr<AVCodecContext, AvFree>;
using AvPacket = std::unique_ptr<AVPacket, AvFree>;
using AvFrame = std::unique_ptr<AVFrame, AvFree>;

}  // namespace orakgarak::media
