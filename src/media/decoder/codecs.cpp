#include "media/decoder/codecs.h"

#include <ranges>
#include <string>
#include <string_view>

namespace orakgarak::media {

const AVCodec* allowed_decoder(AVCodecID codec) {
  for (const auto part : std::views::split(std::string_view(codec_whitelist), ',')) {
    const std::string name(part.begin(), part.end());
    const AVCodec* decoder = avcodec_find_decoder_by_name(name.c_str());
    if (decoder != nullptr && decoder->id == codec) return decoder;
  }
  return nullptr;
}

}  // namespace orakgarak::media
