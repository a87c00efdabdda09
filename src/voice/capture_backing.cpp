#include "voice/capture_backing.h"

#include <cmath>
#include <vector>

#include "voice/capture_frames.h"
#include "voice/fft.h"
#include "voice/timbre_lanes.h"

namespace orakgarak::voice {
namespace {

constexpr int tonality_window = 512, tonality_size = 1024;
constexpr int tonality_group = 32, tonality_first_bin = 38, tonality_groups = 13;  // 297 to 3,547 Hz
constexpr double tonal_db = 3.6;
constexpr std::size_t most_tonality_frames = 2000;
constexpr double soft_below_db = 13, soft_spread_db = 5;
constexpr std::size_t soft_apart_frames = 20, least_soft_frames = 50;

/// Local flatness of 16 frames; 0 for digital silence.
void measure_tonality(BatchFft& fft, std::span<const float> signal, std::span<const float> window,
                      std::span<const std::size_t> at, AlignedFloats& frames, AlignedFloats& power,
                      float (&tonality)[lanes]) {
  std::ptrdiff_t starts[lanes];
  for (std::size_t l = 0; l < lanes; ++l)
    starts[l] =
        static_cast<std::ptrdiff_t>(at[std::min(l, at.size() - 1)]) * frame_samples - tonality_window / 2;
  fft.gather(signal, starts, window, frames.data());
  fft.power(frames.data(), power.data());
  float total[lanes] = {}, logs[lanes] = {};
  for (int g = 0; g < tonality_groups; ++g) {
    float sum[lanes] = {};
    for (int k = 0; k < tonality_group; ++k) {
      const float* row = power.data() + (tonality_first_bin + g * tonality_group + k) * lanes;
      for (int l = 0; l < lanes; ++l) {
        sum[l] += row[l];
        logs[l] += decibels_fast(row[l]);
      }
    }
    for (int l = 0; l < lanes; ++l) total[l] += decibels_fast(sum[l] / tonality_group);
  }
  for (int l = 0; l < lanes; ++l) tonality[l] = (total[l] - logs[l] / tonality_group) / tonality_groups;
}

bool on_mains_line(Hertz f0) {
  for (double line : {50.0, 60.0, 100.0, 120.0, 150.0, 180.0})
    if (std::fabs(f0.value - line) < 0.02 * line) return true;
  return false;
}

/// Share of voiced frames that sound like another, softer source than the singer.
double soft_voice_share(std::span<const PitchFrame> frames, bool hum) {
  const auto voiced = std::count_if(frames.begin(), frames.end(), [](auto& f) { return f.voiced(); });
  if (voiced == 0) return 0;
  const double threshold =
      voiced_level(frames, [&](std::size_t i) { return frames[i].level_db; }) - soft_below_db;
  std::vector<bool> loud(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i)
    loud[i] = frames[i].voiced() && static_cast<double>(frames[i].level_db) > threshold;
  const auto beside = near(loud, soft_apart_frames, soft_apart_frames);
  double sum = 0, squares = 0;
  std::size_t soft = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!frames[i].voiced() || beside[i] || (hum && on_mains_line(frames[i].f0))) continue;
    sum += static_cast<double>(frames[i].level_db);
    squares += static_cast<double>(frames[i].level_db) * static_cast<double>(frames[i].level_db);
    ++soft;
  }
  if (soft < least_soft_frames) return 0;
  const double n = static_cast<double>(soft), mean = sum / n;
  const bool steady_level = squares / n - mean * mean < soft_spread_db * soft_spread_db;
  return steady_level ? n / static_cast<double>(voiced) : 0;
}

}  // namespace

BackingEvidence find_backing(std::span<const PitchFrame> frames, std::span<const float> signal, bool hum,
                             Seconds reverberation, InstructionSet set) {
  const auto sung = around_voice(frames), ringing = around_voice(frames, std::max(room_tail, reverberation));
  std::vector<std::size_t> pauses;  // once the room is still
  for (std::size_t i = 0; i < sung.size(); i += 2)
    if (!ringing[i] && i * frame_samples >= tonality_window / 2 &&
        i * frame_samples + tonality_window / 2 <= signal.size())
      pauses.push_back(i);
  const std::size_t every = pauses.size() / most_tonality_frames + 1;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < pauses.size(); i += every) chosen.push_back(pauses[i]);

  BackingEvidence out;
  out.soft_voice = soft_voice_share(frames, hum);
  out.pause_frames = static_cast<int>(chosen.size());
  out.pause_share = static_cast<double>(std::ranges::count(sung, false)) /
                    static_cast<double>(std::max<std::size_t>(1, frames.size()));
  if (chosen.empty()) return out;
  BatchFft fft(tonality_size, set);
  AlignedFloats rows(static_cast<std::size_t>(tonality_size) * lanes);
  AlignedFloats power(static_cast<std::size_t>(fft.bins()) * lanes);
  std::vector<float> window;
  window.reserve(tonality_window);
  for (int t = 0; t < tonality_window; ++t)
    window.push_back(static_cast<float>(0.5 - 0.5 * math::cos(2 * math::pi * (t + 0.5) / tonality_window)));
  int tonal = 0;
  for (std::size_t i = 0; i < chosen.size(); i += lanes) {
    const auto batch = std::span(chosen).subspan(i, std::min<std::size_t>(lanes, chosen.size() - i));
    float tonality[lanes];
    measure_tonality(fft, signal, window, batch, rows, power, tonality);
    for (std::size_t l = 0; l < batch.size(); ++l)
      tonal += static_cast<double>(tonality[l]) > tonal_db ? 1 : 0;
  }
  out.tonal_pauses = static_cast<double>(tonal) / static_cast<double>(chosen.size());
  return out;
}

double backing_suspicion(const BackingEvidence& evidence) {
  // Over noise, reverberation, codecs and hum up to 0.15 of the pause frames were seen to pass for tonal,
  // over backings from 0.35 up.
  constexpr double tonal_turns_at = 0.22, tonal_width = 0.04, least_tonal_frames = 4;
  constexpr double soft_turns_at = 0.045, soft_width = 0.01, hardly_any_pause = 0.03;
  const bool enough = evidence.tonal_pauses * evidence.pause_frames > least_tonal_frames - 0.5;
  const double pauses = enough ? logistic((evidence.tonal_pauses - tonal_turns_at) / tonal_width) : 0;
  const bool never_pauses = evidence.soft_voice > 0 && evidence.pause_share < hardly_any_pause;
  const double soft = never_pauses ? logistic((evidence.soft_voice - soft_turns_at) / soft_width) : 0;
  return std::max(pauses, soft);
}

}  // namespace orakgarak::voice
