#include "media/decoder/rate_fitter.h"

#include <array>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/error.h>
#include <libavutil/opt.h>
#include <libavutil/samplefmt.h>
#include <libswresample/swresample.h>
}

namespace orakgarak::media {

void RateFitter::Free::operator()(SwrContext* context) const { swr_free(&context); }

int RateFitter::start(int source_rate) {
  resampler_.reset();
  source_rate_ = source_rate;
  if (source_rate == rate_) return 0;
  AVChannelLayout mono{};
  av_channel_layout_default(&mono, 1);
  SwrContext* context = nullptr;
  const int set = swr_alloc_set_opts2(&context, &mono, AV_SAMPLE_FMT_FLT, rate_, &mono, AV_SAMPLE_FMT_FLT,
                                      source_rate, 0, nullptr);
  resampler_.reset(context);
  if (set < 0) return set;
  // Flat to 21 kHz at 48 kHz, 90 dB down where it would fold.
  av_opt_set_int(context, "filter_size", 64, 0);
  av_opt_set_double(context, "cutoff", 0.94, 0);
  return swr_init(context);
}

std::expected<std::span<const float>, int> RateFitter::push(std::span<const float> samples, int source_rate) {
  out_.clear();
  if (source_rate != source_rate_) {
    if (const auto rest = flush(); !rest) return rest;
    if (const int started = start(source_rate); started < 0) return std::unexpected(started);
  }
  if (!resampler_ && out_.empty()) return samples;
  if (!resampler_) {
    out_.insert(out_.end(), samples.begin(), samples.end());
    return std::span<const float>(out_);
  }
  const std::size_t before = out_.size();
  const int most = swr_get_out_samples(resampler_.get(), static_cast<int>(samples.size()));
  if (most < 0) return std::unexpected(most);
  out_.resize(before + static_cast<std::size_t>(most));
  auto* to = reinterpret_cast<std::uint8_t*>(out_.data() + before);
  const auto* from = reinterpret_cast<const std::uint8_t*>(samples.data());
  const int made = swr_convert(resampler_.get(), &to, most, &from, static_cast<int>(samples.size()));
  if (made < 0) return std::unexpected(made);
  out_.resize(before + static_cast<std::size_t>(made));
  return std::span<const float>(out_);
}

std::expected<std::span<const float>, int> RateFitter::flush() {
  out_.clear();
  while (resampler_) {
    std::array<float, 4096> part;
    auto* to = reinterpret_cast<std::uint8_t*>(part.data());
    const int made = swr_convert(resampler_.get(), &to, static_cast<int>(part.size()), nullptr, 0);
    if (made < 0) return std::unexpected(made);
    if (made == 0) break;
    out_.insert(out_.end(), part.begin(), part.begin() + made);
  }
  return std::span<const float>(out_);
}

}  // namespace orakgarak::media
