#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace orakgarak::media {

/// The decoders that may ever run, by FFmpeg's names.
inline constexpr const char* codec_whitelist =
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,"
    "pcm_f64be,pcm_alaw,pcm_mulaw,flac,alac,mp3float,aac,vorbis,opus";

/// The one decoder on the list for this codec; nullptr: none.
const AVCodec* allowed_decoder(AVCodecID codec);

}  // namespace orakgarak::media
