#include "voice/capture_kind.h"

#include <algorithm>
#include <cmath>

#include "voice/capture_frames.h"

namespace orakgarak::voice {
namespace {

constexpr std::size_t held_frames = 12;
constexpr float held_semitones = 0.6f;
constexpr Seconds long_note{0.4};
constexpr Seconds least_voice{1.5}, least_notes{1.0};
constexpr double speech_turns_at = 0.72, speech_width = 0.07;
constexpr double speech_pitch = 62, less_per_semitone = 0.06;
constexpr double instrument_cents = 4.5, decaying_cents = 2.5, instrument_width = 0.6;
constexpr double decay_db_per_second = 4, rising_share = 0.35;
constexpr double pure_first_over_second_db = 35, pure_centroid = 1.1;

/// How many voiced frames lie in a window of held_frames that is all voiced and spread over held_semitones.
std::size_t count_held(std::span<const PitchFrame> frames) {
  std::vector<float> semitones(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i)
    semitones[i] = frames[i].voiced() ? static_cast<float>(to_midi(frames[i].f0).value) : -1000.0f;
  std::size_t held = 0, counted_to = 0;
  for (std::size_t end = held_frames; end <= semitones.size(); ++end) {
    const auto window = std::span(semitones).subspan(end - held_frames, held_frames);
    const auto [low, high] = std::minmax_element(window.begin(), window.end());
    if (*low < 0 || *high - *low > held_semitones) continue;
    held += end - std::max(counted_to, end - held_frames);
    counted_to = end;
  }
  return held;
}

/// MIDI number of the middle voiced frame by pitch; something must be voiced.
double median_pitch(std::span<const PitchFrame> frames) {
  std::vector<float> pitches;
  for (const PitchFrame& f : frames)
    if (f.voiced()) pitches.push_back(static_cast<float>(f.f0.value));
  return to_midi(Hertz(static_cast<double>(percentile(std::move(pitches), 50)))).value;
}

/// A struck or plucked note: from 40 ms after its onset the level falls, and hardly ever rises.
bool only_decays(const Note& note, std::span<const float> levels) {
  const auto begin = static_cast<std::size_t>(note.span.start.value / frame_hop.value + 0.5) + 4;
  const auto end =
      std::min(static_cast<std::size_t>(note.span.end.value / frame_hop.value + 0.5), levels.size());
  if (end < begin + 12) return false;
  double up = 0, moved = 0;
  for (std::size_t i = begin + 1; i < end; ++i) {
    const auto step = static_cast<double>(levels[i] - levels[i - 1]);
    up += std::max(step, 0.0);
    moved += std::fabs(step);
  }
  const double seconds = static_cast<double>(end - begin) * frame_hop.value;
  const double fall = static_cast<double>(levels[begin] - levels[end - 1]) / seconds;
  return fall >= decay_db_per_second && up <= rising_share * moved;
}

}  // namespace

double speech_likeness(std::span<const PitchFrame> frames, std::span<const Note> notes) {
  const auto voiced = static_cast<double>(
      std::count_if(frames.begin(), frames.end(), [](const PitchFrame& f) { return f.voiced(); }));
  if (voiced * frame_hop.value < least_voice.value) return 0;
  Seconds in_long_notes;
  for (const Note& n : notes)
    if (n.span.duration() >= long_note) in_long_notes += n.span.duration();
  const double held = static_cast<double>(count_held(frames)) / voiced;
  const double sustained = in_long_notes.value / (voiced * frame_hop.value);
  const double above_speech = std::max(0.0, median_pitch(frames) - speech_pitch);
  const double turns_at = speech_turns_at - less_per_semitone * above_speech;
  return logistic((turns_at - held - sustained) / speech_width);
}

double instrument_likeness(std::span<const Note> notes, std::span<const float> levels) {
  std::vector<const Note*> by_instability;
  Seconds total, decaying;
  for (const Note& n : notes) {
    by_instability.push_back(&n);
    total += n.span.duration();
    if (only_decays(n, levels)) decaying += n.span.duration();
  }
  if (total < least_notes) return 0;
  std::stable_sort(by_instability.begin(), by_instability.end(),
                   [](const Note* a, const Note* b) { return a->instability < b->instability; });
  Seconds passed;
  Cents middle;  // median, weighted by duration
  for (const Note* n : by_instability) {
    passed += n->span.duration();
    middle = n->instability;
    if (passed >= total / 2) break;
  }
  const double limit = instrument_cents + (decaying >= total * 0.8 ? decaying_cents : 0);
  return logistic((limit - middle.value) / instrument_width);
}

bool is_pure_tone(std::span<const PitchFrame> frames, std::span<const HarmonicFrame> harmonics,
                  const BandSpectra& bands) {
  double difference = 0, centroid = 0;
  std::size_t compared = 0, weighed = 0;
  for (const HarmonicFrame& h : harmonics) {
    if (!std::isnan(h.h1_h2_db)) {
      difference += static_cast<double>(h.h1_h2_db);
      ++compared;
    }
    if (h.frame / 2 < bands.size()) {
      centroid += bands.centroid(h.frame / 2) / frames[h.frame].f0;
      ++weighed;
    }
  }
  if (compared == 0 || 2 * compared < harmonics.size()) return false;
  return difference >= pure_first_over_second_db * static_cast<double>(compared) &&
         centroid <= pure_centroid * static_cast<double>(weighed);
}

}  // namespace orakgarak::voice
