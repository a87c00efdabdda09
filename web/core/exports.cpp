// What the page may call: one take at a time in one instance of the module. src/core.ts is the only caller.
// Pointers are offsets into the module's memory and hold until the next call; memory grows with the take
// and is given back only with the instance: 37 MiB from the start (room for the analysis signal of the
// longest take, touched as it fills), 57 MiB after a take of 20 minutes.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report_packet.h"
#include "voice/demo_singer.h"
#include "voice/engine.h"

#define EXPORT(name) __attribute__((export_name(#name)))

namespace orakgarak::web {
namespace {

constexpr double longest_take_seconds = 20 * 60;
constexpr std::uint32_t largest_push = 1 << 20;

struct Core {
  std::optional<voice::Engine> engine;
  double samples_left = 0;
  std::vector<float> input;
  std::span<const voice::PitchFrame> provisional;
  std::vector<voice::PitchFrame> frames;
  ReportPacket report;
  voice::SungTake demo;
  std::string error;  // "code: detail" of the last call that failed
};
Core core;

}  // namespace

// frames() and provisional() are read as 24 bytes each: f64 f0_hz, f32 confidence, periodicity, level_db,
// u8 judge.
static_assert(sizeof(voice::PitchFrame) == 24 && offsetof(voice::PitchFrame, f0) == 0 &&
              offsetof(voice::PitchFrame, confidence) == 8 &&
              offsetof(voice::PitchFrame, periodicity) == 12 && offsetof(voice::PitchFrame, level_db) == 16 &&
              offsetof(voice::PitchFrame, judge) == 20);

/// Starts a take; whatever was there before is dropped. 1, or 0 and error().
EXPORT(create) int create(double rate_hz, int live, int pitch_only) {
  core = {};
  auto engine = voice::Engine::create(Hertz(rate_hz), {.live = live != 0, .pitch_only = pitch_only != 0});
  if (!engine) {
    core.error = engine.error().code + ": " + engine.error().detail;
    return 0;
  }
  core.engine.emplace(std::move(*engine));
  core.samples_left = longest_take_seconds * rate_hz;
  return 1;
}

/// Room for `count` floats, to be filled before push(count); null over 2^20.
EXPORT(input) float* input(std::uint32_t count) {
  if (count > largest_push) return nullptr;
  if (core.input.size() < count) core.input.resize(count);
  return core.input.data();
}

/// Number of provisional frames that became known, or −1 and error().
EXPORT(push) int push(std::uint32_t count) {
  core.provisional = {};
  if (!core.engine) {
    core.error = "no_take: no take is under way; call create first";
    return -1;
  }
  if (count > core.input.size()) {
    core.error = "push_size: more samples than input() made room for";
    return -1;
  }
  if (count > core.samples_left) {
    core.error = "take_too_long: a take is at most 20 minutes; finish this one";
    return -1;
  }
  core.samples_left -= count;
  core.provisional = core.engine->push({core.input.data(), count});
  return static_cast<int>(core.provisional.size());
}
EXPORT(provisional) const voice::PitchFrame* provisional() { return core.provisional.data(); }

/// Ends the take and makes the report: number of frames, or −1 and error().
EXPORT(finish) int finish() {
  core.provisional = {};
  if (!core.engine) {
    core.error = "no_take: no take is under way; call create first";
    return -1;
  }
  voice::VoiceReport report = core.engine->finish();
  core.engine.reset();
  core.report = pack(report);
  core.frames = std::move(report.frames);
  return static_cast<int>(core.frames.size());
}
EXPORT(frames) const voice::PitchFrame* frames() { return core.frames.data(); }
EXPORT(numbers) const double* numbers() { return core.report.numbers.data(); }
EXPORT(number_count) int number_count() { return static_cast<int>(core.report.numbers.size()); }
EXPORT(codes) const char* codes() { return core.report.codes.data(); }
EXPORT(codes_length) int codes_length() { return static_cast<int>(core.report.codes.size()); }

EXPORT(error) const char* error() { return core.error.data(); }
EXPORT(error_length) int error_length() { return static_cast<int>(core.error.size()); }

/// The demo melody sung by voice type 0 (bass) to 5 (soprano): number of samples, or −1 and error().
EXPORT(sing_demo) int sing_demo(std::uint32_t voice_type, double rate_hz, std::uint32_t seed) {
  if (voice_type > static_cast<std::uint32_t>(voice::VoiceType::soprano)) {
    core.error = "voice_type: voices are 0 (bass) to 5 (soprano)";
    return -1;
  }
  auto type = static_cast<voice::VoiceType>(voice_type);
  core.demo = voice::sing(type, voice::demo_melody(type), Hertz(rate_hz), seed);
  if (core.demo.audio.samples.empty()) {
    core.error = "sample_rate: the demo singer sings at 8,000 to 192,000 Hz";
    return -1;
  }
  return static_cast<int>(core.demo.audio.samples.size());
}
EXPORT(demo_samples) const float* demo_samples() { return core.demo.audio.samples.data(); }
EXPORT(demo_f0) const double* demo_f0() { return core.demo.truth.f0.data(); }
EXPORT(demo_f0_count) int demo_f0_count() { return static_cast<int>(core.demo.truth.f0.size()); }

}  // namespace orakgarak::web
