#include "voice/engine.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "voice/capture_source.h"
#include "voice/intonation.h"
#include "voice/kernels.h"
#include "voice/notes.h"
#include "voice/pitch_live.h"
#include "voice/pitch_tracker.h"
#include "voice/resample.h"
#include "voice/take_signal.h"
#include "voice/timbre_bands.h"
#include "voice/timbre_harmonics.h"

namespace orakgarak::voice {
namespace {

constexpr double lowest_rate = 8000, highest_rate = 384000;
constexpr int middle_rate = 16000;      // for timbre and the network; the pitch signal is made from it
constexpr float loudest_sample = 1e6F;  // beyond it the spectrum's squares would overflow
constexpr std::size_t block = 4096;
constexpr std::size_t usual_take = std::size_t{20} * 60 * middle_rate;

/// How many were no samples and became 0. Without a branch, so that many are looked at together.
int clean_copy(std::span<const float> from, std::vector<float>& to) {
  to.resize(from.size());
  int invalid = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const bool valid = std::fabs(from[i]) <= loudest_sample;
    to[i] = valid ? from[i] : 0.0F;
    invalid += valid ? 0 : 1;
  }
  return invalid;
}

}  // namespace

/// How samples flow: source → (checked, block by block) → 16 kHz without offset, kept → in the end 8 kHz, and
/// on the way the network. What listens to the source or to 16 kHz is called in take(); what needs the pitch
/// track too is finished in finish().
struct Engine::State {
  State(Hertz rate, const EngineOptions& o)
      : options(o),
        source_rate(rate),
        to_middle(static_cast<int>(rate.value), middle_rate, o.instruction_set),
        to_live(middle_rate, static_cast<int>(analysis_rate.value), o.instruction_set),
        offset(middle_rate),
        source_meter(rate, o.instruction_set),
        bands(o.instruction_set),
        live(o.instruction_set) {
    kept.reserve(usual_take);
  }

  /// One block of clean samples.
  void take(std::span<const float> source) {
    if (!options.pitch_only) source_meter.push(source);
    middle.clear();
    to_middle.push(source, middle);
    take_middle();
  }
  void take_middle() {
    offset.run(middle);
    if (!options.pitch_only) bands.push(middle);
    kept.push(middle);
    if (options.live) to_live.push(middle, live_signal);
  }

  EngineOptions options;
  Hertz source_rate;
  Resampler to_middle, to_live;
  DcBlocker offset;
  SourceMeter source_meter;
  BandSpectra bands;
  LivePitch live;
  std::vector<float> clean, middle;  // one block each
  TakeSignal kept;
  std::vector<float> live_signal;  // at analysis_rate; of a live take alone
  std::vector<PitchFrame> fresh;   // live frames of the last push
  std::int64_t samples = 0, invalid_samples = 0;
};

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Result<Engine> Engine::create(Hertz source_rate, const EngineOptions& options) {
  const double rate = source_rate.value;
  if (!(rate >= lowest_rate && rate <= highest_rate) || rate != std::floor(rate))
    return rejected("sample_rate",
                    "the sample rate must be a whole number from 8000 to 384000 Hz; record or "
                    "convert at one of those, 48000 Hz for example");
  return Engine(std::make_unique<State>(source_rate, options));
}

std::span<const PitchFrame> Engine::push(std::span<const float> samples) {
  State& s = *state_;
  s.fresh.clear();
  s.samples += std::ssize(samples);
  for (; !samples.empty(); samples = samples.subspan(std::min(block, samples.size()))) {
    const auto part = samples.first(std::min(block, samples.size()));
    s.invalid_samples += clean_copy(part, s.clean);
    s.take(s.clean);
  }
  if (s.options.live) s.live.run(s.live_signal, s.fresh);
  return s.fresh;
}

VoiceReport Engine::finish() {
  State& s = *state_;
  s.middle.clear();
  s.to_middle.finish(s.middle);
  s.take_middle();
  s.live_signal = {};

  VoiceReport report;
  report.source_rate = s.source_rate;
  report.duration = Seconds(static_cast<double>(s.samples) / s.source_rate.value);
  const float level = s.options.network ? s.kept.loud_level_db() : -200;
  SalienceListener listener(level, s.kept.size(), s.options.instruction_set, s.options.network_maker);
  const auto signal = std::move(s.kept).to_analysis_rate(
      [&](std::span<const float> samples) { listener.push(samples); }, s.options.instruction_set);
  PitchTrack track = track_pitch(signal, listener.finish(), s.options.instruction_set);
  report.range = measure_range(track, signal);
  report.frames = std::move(track.frames);
  for (const PitchFrame& f : report.frames)
    if (f.voiced()) report.voiced += frame_hop;
  report.tessitura = measure_tessitura(report.frames);
  if (s.options.pitch_only) return report;
  report.notes = find_notes(report.frames);
  report.intonation = measure_intonation(report.notes.notes);
  s.source_meter.finish();
  s.bands.finish();
  const auto harmonics = measure_harmonics(report.frames, signal, s.options.instruction_set);
  const CaptureEvidence take{.source = s.source_meter,
                             .invalid_samples = static_cast<std::uint64_t>(s.invalid_samples),
                             .signal = signal,
                             .frames = report.frames,
                             .notes = report.notes.notes,
                             .bands = s.bands,
                             .harmonics = harmonics};
  report.capture = measure_capture(take, s.options.instruction_set);
  if (std::any_of(report.capture.advice.begin(), report.capture.advice.end(), is_no_singing))
    report.range.lowest = report.range.highest = report.range.comfortable_low =
        report.range.comfortable_high = std::unexpected(RangeDecline::not_singing);
  report.timbre = measure_timbre(report.frames, report.notes.notes, s.bands, harmonics,
                                 {report.capture.bandwidth, report.capture.snr});
  return report;
}

}  // namespace orakgarak::voice
