#include "media/decoder/mono_mix.h"

#include <cstdint>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/samplefmt.h>
}

namespace orakgarak::media {
namespace {

/// Sample = (value − zero) / full_scale.
template <class Sample>
void mix(const AVFrame& frame, bool planar, double zero, double full_scale, std::vector<float>& mono) {
  const auto channels = static_cast<std::size_t>(frame.ch_layout.nb_channels);
  const double scale = 1 / (full_scale * static_cast<double>(channels));
  const auto* const interleaved = reinterpret_cast<const Sample*>(frame.extended_data[0]);
  for (std::size_t i = 0; i < mono.size(); ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      const Sample value =
          planar ? reinterpret_cast<const Sample*>(frame.extended_data[c])[i] : interleaved[i * channels + c];
      sum += static_cast<double>(value) - zero;
    }
    mono[i] = static_cast<float>(sum * scale);
  }
}

}  // namespace

bool mix_to_mono(const AVFrame& frame, std::vector<float>& mono) {
  const auto format = static_cast<AVSampleFormat>(frame.format);
  const bool planar = av_sample_fmt_is_planar(format) != 0;
  mono.resize(static_cast<std::size_t>(frame.nb_samples));
  switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_U8:
      mix<std::uint8_t>(frame, planar, 128, 128, mono);
      return true;
    case AV_SAMPLE_FMT_S16:
      mix<std::int16_t>(frame, planar, 0, 32768, mono);
      return true;
    case AV_SAMPLE_FMT_S32:
      mix<std::int32_t>(frame, planar, 0, 2147483648.0, mono);
      return true;
    case AV_SAMPLE_FMT_FLT:
      mix<float>(frame, planar, 0, 1, mono);
      return true;
    case AV_SAMPLE_FMT_DBL:
      mix<double>(frame, planar, 0, 1, mono);
      return true;
    default:
      return false;
  }
}

}  // namespace orakgarak::media
