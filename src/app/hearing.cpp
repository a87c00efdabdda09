#include "app/hearing.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "voice/backing.h"

namespace orakgarak::app {
namespace {

struct Listened {
  media::DecodeSummary summary;
  std::vector<float> samples;  ///< at voice::backing_rate
  bool to_the_end = true;      ///< or as far as was wanted
};

Result<Listened> listen(const Hearing& hearing, std::size_t skip = 0, std::size_t most = SIZE_MAX) {
  std::optional<voice::BackingRateReader> reader;
  bool has_all = false;
  media::DecodeSink sink;
  sink.format = [&](const media::DecodeFormat& format) {
    reader.emplace(format.rate, skip, most);
    return true;
  };
  sink.samples = [&](std::span<const float> samples) {
    has_all = !reader->push(samples);
    return !has_all;
  };
  const auto summary = hearing(sink);
  if (!summary) return std::unexpected(summary.error());
  return Listened{*summary, reader ? reader->finish() : std::vector<float>(), has_all || !summary->stopped};
}

/// The outer error is the take's, or one that is nobody's fault; the inner says why there is no echo.
Result<Result<voice::BackingEcho>> echo_of(const Hearing& take, const Backing& backing) {
  auto heard = listen(take);
  if (!heard) return std::unexpected(heard.error());
  // Of the backing that alone which may be heard in the take.
  constexpr double around = 13;  // s: it is searched 12 s to either side
  const double first = std::max(0.0, -backing.started.value - around);
  auto played = listen(backing.hearing, static_cast<std::size_t>(first * voice::backing_rate),
                       heard->samples.size() + static_cast<std::size_t>(2 * around * voice::backing_rate));
  if (!played) {
    const Error& error = played.error();
    const bool its_own = error.kind == ErrorKind::rejected ||
                         (error.kind == ErrorKind::not_found && error.code != "decoder_missing");
    if (!its_own) return std::unexpected(error);
    return Result<voice::BackingEcho>(std::unexpected(error));
  }
  if (!heard->to_the_end || !played->to_the_end)
    return Result<voice::BackingEcho>(rejected("stopped", "the take was not heard to its end"));
  auto echo = voice::find_backing_echo(std::move(heard->samples), std::move(played->samples),
                                       backing.started + Seconds(first), backing.go_on);
  if (echo) echo->started += Seconds(-first);
  return echo;
}

/// The take into the voice core, less the echo.
Result<HeardTake> hear_less(const Hearing& take, const voice::EngineOptions& options,
                            std::span<const float> echo) {
  std::optional<voice::Engine> engine;
  std::optional<voice::EchoSubtractor> less;
  std::optional<Error> fault;
  std::vector<float> clean;
  media::DecodeSink sink;
  sink.format = [&](const media::DecodeFormat& format) {
    auto created = voice::Engine::create(format.rate, options);
    if (created)
      engine.emplace(std::move(*created));
    else
      fault = std::move(created.error());
    if (!echo.empty()) less.emplace(format.rate, echo);
    return !fault;
  };
  sink.samples = [&](std::span<const float> samples) {
    if (less) {
      clean.assign(samples.begin(), samples.end());
      less->run(clean);
      samples = clean;
    }
    engine->push(samples);
    return true;
  };
  const auto summary = take(sink);
  if (fault) return std::unexpected(std::move(*fault));
  if (!summary) return std::unexpected(summary.error());
  return HeardTake{*summary, engine && !summary->stopped ? engine->finish() : voice::VoiceReport{}, {}};
}

}  // namespace

Result<HeardTake> hear(const Hearing& take, const voice::EngineOptions& options,
                       const std::optional<Backing>& backing) {
  if (!backing) return hear_less(take, options, {});
  const auto echo = echo_of(take, *backing);
  if (!echo) return std::unexpected(echo.error());
  auto heard = *echo ? hear_less(take, options, (*echo)->samples) : hear_less(take, options, {});
  if (!heard) return heard;
  if (*echo)
    heard->backing.emplace(formats::RemovedBacking{(*echo)->removed, (*echo)->started, (*echo)->drift_ppm});
  else
    heard->backing.emplace(std::unexpected(echo->error()));
  return heard;
}

}  // namespace orakgarak::app
