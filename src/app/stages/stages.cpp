#include "app/stages/stages.h"

#include <optional>
#include <utility>

#include "app/stages/samples.h"
#include "formats/report_json.h"
#include "uploads/check.h"
#include "voice/engine.h"

namespace orakgarak::app {
namespace {

using uploads::ByteSink;
using uploads::Effect;
using uploads::ObjectStore;
using uploads::Stage;
using uploads::StillOurs;
using uploads::Upload;

constexpr int optimized_side = 1600, thumbnail_side = 320;
constexpr const char* recording = "Your recording";  // what errors call it: file names are their owner's
constexpr const char* picture = "Your picture";

std::unexpected<Error> job_lost() {
  return fail(ErrorKind::conflict, "job_lost", "another worker has taken this over");
}

std::string samples_key(const uploads::UploadId& upload) { return uploads::work_prefix(upload) + "samples"; }

/// The checked bytes of a recording through the decoder. What `sink` refuses without a fault of its own, the
/// job's loss explains.
Result<media::DecodeSummary> decode_checked(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                                            const media::DecodeOptions& options,
                                            const media::DecodeSink& sink) {
  const auto file = uploads::open_checked(objects, upload, ours);
  if (!file) return std::unexpected(file.error());
  return media::decode(file->fd(), recording, sink, options);
}

/// Decodes into `out`, trailer included.
Result<void> write_samples(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                           const media::DecodeOptions& options, const ByteSink& out) {
  std::optional<Error> fault;
  media::DecodeSink sink;
  sink.samples = [&](std::span<const float> samples) {
    if (!ours()) return false;
    if (auto written = out(std::as_bytes(samples)); !written) fault = std::move(written.error());
    return !fault;
  };
  const auto summary = decode_checked(objects, upload, ours, options, sink);
  if (fault) return std::unexpected(std::move(*fault));
  if (!summary) return std::unexpected(summary.error());
  if (summary->stopped) return job_lost();
  return out(samples_trailer(*summary));
}

Result<Effect> convert(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                       const media::DecodeOptions& options) {
  const auto put = objects.put(samples_key(upload.id), [&](const ByteSink& out) {
    return write_samples(objects, upload, ours, options, out);
  });
  if (!put) return std::unexpected(put.error());
  return Effect{};
}

/// The samples that convert left, or, where an analysis that was killed after it had removed them is done
/// again, the recording once more.
Result<media::DecodeSummary> hear_samples(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                                          const media::DecodeOptions& options,
                                          const media::DecodeSink& sink) {
  const auto again = [&] { return decode_checked(objects, upload, ours, options, sink); };
  const auto gone = [](const Error& error) {
    return error.kind != ErrorKind::retry && error.code != "job_lost";
  };
  const auto facts = objects.head(samples_key(upload.id));
  if (!facts) return gone(facts.error()) ? again() : std::unexpected(facts.error());
  const auto file = objects.open(samples_key(upload.id), facts->version, ours);
  if (!file) return gone(file.error()) ? again() : std::unexpected(file.error());
  auto heard = read_samples(file->fd(), sink);
  if (!heard && heard.error().code == "no_samples_file") return again();
  return heard;
}

Result<std::string> report_of(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                              const media::DecodeOptions& options) {
  std::optional<voice::Engine> engine;
  std::optional<Error> fault;
  media::DecodeSink sink;
  sink.format = [&](const media::DecodeFormat& format) {
    auto created = voice::Engine::create(format.rate);
    if (created)
      engine.emplace(std::move(*created));
    else
      fault = std::move(created.error());
    return !fault;
  };
  sink.samples = [&](std::span<const float> samples) {
    if (!ours()) return false;
    engine->push(samples);
    return true;
  };
  const auto summary = hear_samples(objects, upload, ours, options, sink);
  if (fault) return std::unexpected(std::move(*fault));
  if (!summary) return std::unexpected(summary.error());
  if (summary->stopped || !ours()) return job_lost();
  const voice::VoiceReport report = engine->finish();
  return formats::report_json({.file = {}, .truncated = summary->truncated}, report,
                              formats::Notation::scientific, formats::pitch_curve(report.frames));
}

Result<Effect> analyze(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                       const media::DecodeOptions& options) {
  auto report = report_of(objects, upload, ours, options);
  const bool again = !report && report.error().kind != ErrorKind::rejected;
  // 230 MB for 20 minutes: not kept a moment longer. What cannot be removed now, upkeep removes.
  if (!again) static_cast<void>(objects.remove(samples_key(upload.id)));
  if (!report) return std::unexpected(std::move(report.error()));
  return Effect{.object_version = {},
                .report = uploads::Report{.json = std::move(*report), .core = voice::core_version}};
}

Result<Effect> scale(ObjectStore& objects, const Upload& upload, const StillOurs& ours, int longest_side,
                     const std::string& key, const media::PictureOptions& options) {
  const auto file = uploads::open_checked(objects, upload, ours);
  if (!file) return std::unexpected(file.error());
  const auto made = media::make_picture(file->fd(), picture, longest_side, options);
  if (!made) return std::unexpected(made.error());
  const auto put = objects.put(key, [&](const ByteSink& out) { return out(made->jpeg); });
  if (!put) return std::unexpected(put.error());
  return Effect{};
}

Result<Effect> effect_of(Stage stage, ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                         const StageOptions& options) {
  switch (stage) {
    case Stage::check:
      return uploads::check_object(objects, upload, ours);
    case Stage::convert:
      return convert(objects, upload, ours, options.decode);
    case Stage::analyze:
      return analyze(objects, upload, ours, options.decode);
    case Stage::optimize:
      return scale(objects, upload, ours, optimized_side, optimized_key(upload.id), options.picture);
    case Stage::thumbnail:
      return scale(objects, upload, ours, thumbnail_side, thumbnail_key(upload.id), options.picture);
  }
  return rejected("no_such_stage", "there is no such stage");
}

}  // namespace

std::function<uploads::StageEffect(Stage)> stage_effects(ObjectStore& objects, const StageOptions& options) {
  return [&objects, options](Stage stage) -> uploads::StageEffect {
    return [&objects, options, stage](const Upload& upload, const StillOurs& ours) {
      auto effect = effect_of(stage, objects, upload, ours, options);
      // Somebody puts the program back, or is about to: it is no fault of the recording's.
      if (!effect && effect.error().code == "decoder_missing") effect.error().kind = ErrorKind::retry;
      return effect;
    };
  };
}

std::string optimized_key(const uploads::UploadId& upload) {
  return uploads::derived_prefix(upload) + "optimized.jpg";
}
std::string thumbnail_key(const uploads::UploadId& upload) {
  return uploads::derived_prefix(upload) + "thumbnail.jpg";
}

}  // namespace orakgarak::app
