// Any samples at any rate and any cut: the engine never fails, says only what its headers allow, and says the
// same for another cut on another instruction set.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "voice/engine.h"

namespace {

using namespace orakgarak;
using namespace orakgarak::voice;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr std::size_t most_samples = 60000;

// Bytes in order; 0 after the end.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}
  bool empty() const { return rest_.empty(); }
  template <class T>
  T take() {
    T value{};
    std::size_t count = std::min(sizeof(T), rest_.size());
    if (count > 0) std::memcpy(&value, rest_.data(), count);
    rest_ = rest_.subspan(count);
    return value;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

double draw_rate(Bytes& bytes) {
  constexpr double usual[] = {8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000, 192000, 384000};
  auto which = bytes.take<std::uint8_t>();
  if (which < 240) return usual[which % std::size(usual)];
  return which < 248 ? bytes.take<std::uint32_t>() % 400000 : bytes.take<double>();
}

// Raw floats (NaN, infinities, denormals and all) and sounds that pitch is found in, one after another.
std::vector<float> draw_samples(Bytes& bytes, double rate) {
  std::vector<float> samples;
  while (!bytes.empty() && samples.size() < most_samples) {
    int kind = bytes.take<std::uint8_t>() % 4;
    std::size_t count = bytes.take<std::uint16_t>() % 16000;
    if (kind == 0) {
      for (count %= 256; count > 0 && !bytes.empty(); --count) samples.push_back(bytes.take<float>());
      continue;
    }
    double hz = 20 + bytes.take<std::uint16_t>() % 2500, gain = bytes.take<std::uint8_t>() / 128.0;
    std::uint32_t noise = 1;
    for (std::size_t i = 0; i < count && samples.size() < most_samples; ++i) {
      double turn = hz * static_cast<double>(i) / rate;
      noise = noise * 1664525u + 1013904223u;
      double x = kind == 1   ? 2 * (turn - std::floor(turn)) - 1                    // sawtooth
                 : kind == 2 ? math::sin(2 * math::pi * (turn - std::floor(turn)))  // pure tone
                             : static_cast<double>(noise >> 8) / (1 << 23) - 1;     // noise
      samples.push_back(static_cast<float>(gain * x));
    }
  }
  return samples;
}

void check_frames(std::span<const PitchFrame> frames) {
  for (const PitchFrame& f : frames) {
    require(f.f0.value == 0 || (f.f0 >= lowest_pitch && f.f0 <= highest_pitch));
    require(f.confidence >= 0 && f.confidence <= 1);
    require(f.periodicity >= 0 && f.periodicity <= 1);
    require(std::isfinite(f.level_db));
  }
}

void check_end(const std::expected<RangeEnd, RangeDecline>& end, Seconds duration) {
  if (!end) return require(!to_string(end.error()).empty());
  require(end->pitch.value > 30 && end->pitch.value < 93);
  require(end->steady.value > 0 && end->uncertainty.value >= 0);
  require(end->longest.start.value >= 0 && end->longest.start <= end->longest.end);
  require(end->longest.end.value <= duration.value + 0.1);
}

void check(const VoiceReport& report) {
  check_frames(report.frames);
  const Range& range = report.range;
  for (const auto* end : {&range.lowest, &range.highest, &range.comfortable_low, &range.comfortable_high})
    check_end(*end, report.duration);
  if (range.lowest && range.highest) require(range.lowest->pitch <= range.highest->pitch);
  double before = 0;
  for (const Note& note : report.notes.notes) {
    require(note.span.start.value >= before && note.span.start <= note.span.end);
    require(std::isfinite(note.pitch.value) && std::isfinite(note.instability.value));
    before = note.span.end.value;
  }
  for (const CaptureAdvice& advice : report.capture.advice) require(std::isfinite(advice.value));
}

bool same(const VoiceReport& a, const VoiceReport& b) {
  if (a.frames.size() != b.frames.size() || a.notes.notes.size() != b.notes.notes.size()) return false;
  for (std::size_t i = 0; i < a.frames.size(); ++i)
    if (std::memcmp(&a.frames[i], &b.frames[i], 20) != 0) return false;  // the last four bytes are padding
  return a.range.lowest.has_value() == b.range.lowest.has_value() &&
         (!a.range.lowest || a.range.lowest->pitch == b.range.lowest->pitch) &&
         a.range.highest.has_value() == b.range.highest.has_value() &&
         (!a.range.highest || a.range.highest->pitch == b.range.highest->pitch);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  double rate = draw_rate(bytes);
  auto flags = bytes.take<std::uint8_t>();
  EngineOptions options{.live = (flags & 1) != 0, .pitch_only = (flags & 2) != 0};
  std::size_t cut = 1 + bytes.take<std::uint16_t>() % 9000;

  options.instruction_set = InstructionSet::baseline;
  auto engine = Engine::create(Hertz(rate), options);
  if (!engine) {
    require(engine.error().code == "sample_rate");
    return 0;
  }
  std::vector<float> samples = draw_samples(bytes, rate);
  for (std::span<const float> rest(samples); !rest.empty(); rest = rest.subspan(std::min(cut, rest.size())))
    check_frames(engine->push(rest.first(std::min(cut, rest.size()))));
  VoiceReport report = engine->finish();
  check(report);

  auto whole = Engine::create(Hertz(rate), {.pitch_only = options.pitch_only});
  whole->push(samples);
  require(same(report, whole->finish()));
  return 0;
}
