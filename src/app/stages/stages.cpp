#include "app/stages/stages.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "app/hearing.h"
#include "app/stages/samples.h"
#include "devices/allocations.h"
#include "formats/report_json.h"
#include "formats/waveform.h"
#include "uploads/check.h"
#include "uploads/temp_file.h"
#include "voice/engine.h"

namespace orakgarak::app {
namespace {

using uploads::ByteSink;
using uploads::Effect;
using uploads::Kind;
using uploads::ObjectStore;
using uploads::Stage;
using uploads::StageMemory;
using uploads::State;
using uploads::StillOurs;
using uploads::Upload;
using uploads::UploadStore;

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

/// What hears the checked recording, as long as the job is still ours.
Hearing hearing_of(ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                   const media::DecodeOptions& options, const Samples* at_hand = nullptr) {
  return [&objects, &upload, &ours, &options, at_hand](const media::DecodeSink& sink) {
    const media::DecodeSink while_ours{
        sink.format, [&](std::span<const float> samples) { return ours() && sink.samples(samples); }};
    return at_hand ? hear(*at_hand, while_ours) : decode_checked(objects, upload, ours, options, while_ours);
  };
}

/// The same, of which the waveform is kept: the last time counts, where it is heard more than once.
Hearing drawn(Hearing hearing, formats::Waveform& waveform) {
  return [hearing = std::move(hearing), &waveform](const media::DecodeSink& sink) {
    waveform = {};
    return hearing({sink.format, [&](std::span<const float> samples) {
                      waveform.add(samples);
                      return sink.samples(samples);
                    }});
  };
}

/// The upload whose bytes were played while this take was recorded.
Result<std::optional<Upload>> backing_of(UploadStore& rows, const Upload& take) {
  constexpr std::size_t page = 100;
  std::optional<uploads::UploadId> before;
  for (;;) {
    const auto sent =
        rows.list({.owner = take.owner, .state = State::completed, .kind = Kind::backing}, before, page);
    if (!sent) return std::unexpected(sent.error());
    for (const Upload& upload : *sent)
      if (upload.declared.sha256 == take.declared.backing->sha256) return upload;
    if (sent->size() < page) return std::nullopt;
    before = sent->back().id;
  }
}

Result<std::string> report_of(UploadStore& rows, ObjectStore& objects, const Upload& upload,
                              const StillOurs& ours, const StageOptions& options, SamplesAtHand& hand,
                              StageMemory& memory) {
  const devices::Allocations allocations;
  std::optional<Upload> played;
  if (upload.declared.backing) {
    auto found = backing_of(rows, upload);
    if (!found) return std::unexpected(std::move(found.error()));
    played = std::move(*found);
  }
  std::optional<Backing> backing;
  if (played)
    backing =
        Backing{hearing_of(objects, *played, ours, options.decode), upload.declared.backing->started, ours};
  const auto at_hand = hand.take(upload.id);
  formats::Waveform waveform;
  const auto take =
      drawn(hearing_of(objects, upload, ours, options.decode, at_hand ? &*at_hand : nullptr), waveform);
  auto heard = hear(take, {.network_maker = options.network}, backing);
  if (!heard) return std::unexpected(std::move(heard.error()));
  if (heard->summary.stopped || !ours()) return job_lost();
  memory.peak_bytes = allocations.peak_bytes() + heard->summary.peak_bytes;
  if (upload.declared.backing && !played)
    heard->backing.emplace(
        rejected("backing_not_sent",
                 "the backing that was played is not among your uploads; send it before the take"));
  return formats::report_json({.file = {},
                               .truncated = heard->summary.truncated,
                               .backing = heard->backing,
                               .waveform = waveform.peaks()},
                              heard->report, formats::Notation::scientific,
                              formats::pitch_curve(heard->report.frames));
}

Result<Effect> analyze(UploadStore& rows, ObjectStore& objects, const Upload& upload, const StillOurs& ours,
                       const StageOptions& options, SamplesAtHand& hand, StageMemory& memory) {
  if (upload.kind == Kind::backing) {
    hand.take(upload.id);
    return Effect{};
  }
  StageMemory decoding;
  if (memory.size == uploads::after_each_other && !hand.length(upload.id))
    if (auto done = convert(objects, upload, ours, options.decode, hand, decoding); !done) return done;
  auto report = report_of(rows, objects, upload, ours, options, hand, memory);
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

Result<Effect> effect_of(Stage stage, UploadStore& rows, ObjectStore& objects, const Upload& upload,
                         const StillOurs& ours, const StageOptions& options, SamplesAtHand& hand,
                         StageMemory& memory) {
  switch (stage) {
    case Stage::check:
      return uploads::check_object(objects, upload, ours);
    case Stage::convert:
      return convert(objects, upload, ours, options.decode, hand, memory);
    case Stage::analyze:
      return analyze(rows, objects, upload, ours, options, hand, memory);
    case Stage::optimize:
      return scale(objects, upload, ours, optimized_side, uploads::optimized_key(upload.id), options.picture);
    case Stage::thumbnail:
      return scale(objects, upload, ours, thumbnail_side, uploads::thumbnail_key(upload.id), options.picture);
  }
  return rejected("no_such_stage", "there is no such stage");
}

}  // namespace

StageWork stage_work(UploadStore& rows, ObjectStore& objects, const StageOptions& options) {
  const auto hand = std::make_shared<SamplesAtHand>();
  StageWork work;
  work.length = [hand, most = options.decode.limits.take](const Upload& upload) -> uploads::TakeLength {
    uploads::TakeLength length{uploads::longest_take(upload.declared, most), false,
                               upload.declared.backing.has_value()};
    if (const auto known = hand->length(upload.id)) {
      length.at_most = *known;
      length.at_hand = true;
    }
    return length;
  };
  work.effect = [&rows, &objects, options, hand](Stage stage) -> uploads::StageEffect {
    return [&rows, &objects, options, hand, stage](const Upload& upload, const StillOurs& ours,
                                                   StageMemory& memory) {
      auto effect = effect_of(stage, rows, objects, upload, ours, options, *hand, memory);
      // Somebody puts the program back, or is about to: it is no fault of the recording's.
      if (!effect && effect.error().code == "decoder_missing") effect.error().kind = ErrorKind::retry;
      return effect;
    };
  };
  return work;
}

}  // namespace orakgarak::app
