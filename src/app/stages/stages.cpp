#include "app/stages/stages.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "app/stages/samples.h"
#include "devices/allocations.h"
#include "formats/report_json.h"
#include "uploads/check.h"
#include "uploads/temp_file.h"
#include "voice/engine.h"

namespace orakgarak::app {
namespace {

using uploads::ByteSink;
using uploads::Effect;
using uploads::ObjectStore;
using uploads::Stage;
using uploads::StageMemory;
using uploads::StillOurs;
using uploads::Upload;

constexpr int optimized_side = 1600, thumbnail_side = 320;
constexpr const char* recording = "Your recording";  // what errors call it: file names are their owner's
constexpr const char* picture = "Your picture";

std::unexpected<Error> job_lost() {
  return fail(ErrorKind::conflict, "job_lost", "another worker has taken this over");
}

/// The checked bytes of a recording through the decoder. What `sink` refuses without a fault of its own, the
/// job's loss explains.
Result<media::DecodeSummary> decode_checked(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                                            const media::DecodeOptions& options,
                                            const media::DecodeSink& sink) {
  const auto file = uploads::open_checked(objects, upload, ours);
  if (!file) return std::unexpected(file.error());
  return media::decode(file->fd(), recording, sink, options);
}

Result<Effect> convert(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                       const media::DecodeOptions& options, SamplesAtHand& hand, StageMemory& memory) {
  auto file = uploads::TempFile::make();
  if (!file) return std::unexpected(std::move(file.error()));
  std::optional<Error> fault;
  media::DecodeSink sink;
  sink.samples = [&](std::span<const float> samples) {
    if (!ours()) return false;
    if (auto written = file->write(std::as_bytes(samples)); !written) fault = std::move(written.error());
    return !fault;
  };
  const auto summary = decode_checked(objects, upload, ours, options, sink);
  if (summary) memory.peak_bytes = summary->peak_bytes;
  if (fault) return std::unexpected(std::move(*fault));
  if (!summary) return std::unexpected(summary.error());
  if (summary->stopped) return job_lost();
  auto samples = (*std::move(file)).open();
  if (!samples) return std::unexpected(std::move(samples.error()));
  hand.keep(upload.id, {*std::move(samples), *summary});
  return Effect{};
}

/// The samples that convert left here, or the recording once more.
Result<media::DecodeSummary> hear_take(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                                       const media::DecodeOptions& options, SamplesAtHand& hand,
                                       const media::DecodeSink& sink) {
  if (const auto samples = hand.take(upload.id)) return hear(*samples, sink);
  return decode_checked(objects, upload, ours, options, sink);
}

Result<std::string> report_of(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                              const media::DecodeOptions& options, SamplesAtHand& hand, StageMemory& memory) {
  const devices::Allocations allocations;
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
  const auto summary = hear_take(objects, upload, ours, options, hand, sink);
  if (fault) return std::unexpected(std::move(*fault));
  if (!summary) return std::unexpected(summary.error());
  if (summary->stopped || !ours()) return job_lost();
  const voice::VoiceReport report = engine->finish();
  memory.peak_bytes = allocations.peak_bytes() + summary->peak_bytes;
  return formats::report_json({.file = {}, .truncated = summary->truncated}, report,
                              formats::Notation::scientific, formats::pitch_curve(report.frames));
}

Result<Effect> analyze(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                       const media::DecodeOptions& options, SamplesAtHand& hand, StageMemory& memory) {
  StageMemory decoding;
  if (memory.size == uploads::after_each_other && !hand.length(upload.id))
    if (auto done = convert(objects, upload, ours, options, hand, decoding); !done) return done;
  auto report = report_of(objects, upload, ours, options, hand, memory);
  memory.peak_bytes = std::max(memory.peak_bytes, decoding.peak_bytes);
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
                         const StageOptions& options, SamplesAtHand& hand, StageMemory& memory) {
  switch (stage) {
    case Stage::check:
      return uploads::check_object(objects, upload, ours);
    case Stage::convert:
      return convert(objects, upload, ours, options.decode, hand, memory);
    case Stage::analyze:
      return analyze(objects, upload, ours, options.decode, hand, memory);
    case Stage::optimize:
      return scale(objects, upload, ours, optimized_side, optimized_key(upload.id), options.picture);
    case Stage::thumbnail:
      return scale(objects, upload, ours, thumbnail_side, thumbnail_key(upload.id), options.picture);
  }
  return rejected("no_such_stage", "there is no such stage");
}

}  // namespace

StageWork stage_work(ObjectStore& objects, const StageOptions& options) {
  const auto hand = std::make_shared<SamplesAtHand>();
  StageWork work;
  work.length = [hand, most = options.decode.limits.take](const Upload& upload) -> uploads::TakeLength {
    if (const auto length = hand->length(upload.id)) return {*length, true};
    return {uploads::longest_take(upload.declared, most), false};
  };
  work.effect = [&objects, options, hand](Stage stage) -> uploads::StageEffect {
    return
        [&objects, options, hand, stage](const Upload& upload, const StillOurs& ours, StageMemory& memory) {
          auto effect = effect_of(stage, objects, upload, ours, options, *hand, memory);
          // Somebody puts the program back, or is about to: it is no fault of the recording's.
          if (!effect && effect.error().code == "decoder_missing") effect.error().kind = ErrorKind::retry;
          return effect;
        };
  };
  return work;
}

std::string optimized_key(const uploads::UploadId& upload) {
  return uploads::derived_prefix(upload) + "optimized.jpg";
}
std::string thumbnail_key(const uploads::UploadId& upload) {
  return uploads::derived_prefix(upload) + "thumbnail.jpg";
}

}  // namespace orakgarak::app
