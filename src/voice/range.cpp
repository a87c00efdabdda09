#include "voice/range.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "voice/pitch_tracker.h"

namespace orakgarak::voice {
namespace {

constexpr std::size_t steady_frames = 10;  // 100 ms
constexpr std::size_t held_frames = 25;    // 0.25 s in total
constexpr double spread = 1.0;             // semitones

struct SteadyFrame {
  double pitch;
  std::size_t frame;
};

// Frames that lie in any all-voiced 100 ms within a semitone, by rising pitch.
std::vector<SteadyFrame> steady_pitches(std::span<const PitchFrame> frames) {
  std::vector<double> pitch;
  for (const PitchFrame& f : frames) pitch.push_back(f.voiced() ? to_midi(f.f0).value : -1);
  std::vector<char> steady(pitch.size());
  for (std::size_t i = 0; i + steady_frames <= pitch.size(); ++i) {
    const auto [low, high] =
        std::minmax_element(pitch.begin() + static_cast<std::ptrdiff_t>(i),
                            pitch.begin() + static_cast<std::ptrdiff_t>(i + steady_frames));
    if (*low > 0 && *high - *low <= spread)
      std::fill_n(steady.begin() + static_cast<std::ptrdiff_t>(i), steady_frames, 1);
  }
  std::vector<SteadyFrame> out;
  for (std::size_t i = 0; i < pitch.size(); ++i)
    if (steady[i] != 0) out.push_back({pitch[i], i});
  std::ranges::sort(
      out, [](auto& a, auto& b) { return a.pitch != b.pitch ? a.pitch < b.pitch : a.frame < b.frame; });
  return out;
}

TimeSpan longest_run(std::vector<std::size_t> frames) {
  std::ranges::sort(frames);
  std::size_t best = 0, best_length = 0;
  for (std::size_t i = 0; i < frames.size();) {
    std::size_t end = i + 1;
    while (end < frames.size() && frames[end] == frames[end - 1] + 1) ++end;
    if (end - i > best_length) best = frames[i], best_length = end - i;
    i = end;
  }
  return {frame_hop * static_cast<double>(best), frame_hop * static_cast<double>(best + best_length)};
}

RangeEnd describe(std::span<const SteadyFrame> steady, double pitch) {
  RangeEnd end;
  end.pitch = Midi(pitch);
  std::vector<std::size_t> near;
  double deviation = 0;
  for (const SteadyFrame& s : steady)
    if (std::abs(s.pitch - pitch) <= spread / 2) {
      near.push_back(s.frame);
      deviation += std::abs(s.pitch - pitch);
    }
  end.steady = frame_hop * static_cast<double>(near.size());
  end.uncertainty = Semitones(0.05 + deviation / static_cast<double>(near.size()));
  end.longest = longest_run(std::move(near));
  return end;
}

std::expected<RangeEnd, RangeDecline> outermost(std::span<const SteadyFrame> steady, std::size_t need,
                                                bool top) {
  for (std::size_t k = 0; k + need <= steady.size(); ++k) {
    const std::size_t i = top ? steady.size() - need - k : k;
    if (steady[i + need - 1].pitch - steady[i].pitch > spread) continue;
    return describe(steady, steady[i + need / 2].pitch);
  }
  return std::unexpected(RangeDecline::too_little_singing);
}

}  // namespace

std::string_view to_string(RangeDecline decline) {
  switch (decline) {
    case RangeDecline::too_little_singing:
      return "too_little_singing";
    case RangeDecline::second_voice:
      return "second_voice";
    case RangeDecline::noise:
      return "noise";
    case RangeDecline::methods_disagree:
      return "methods_disagree";
    case RangeDecline::not_singing:
      return "not_singing";
  }
  return "unknown";
}

std::string_view explain(RangeDecline decline) {
  switch (decline) {
    case RangeDecline::too_little_singing:
      return "Too little steady singing: hold notes for half a second or more, and sing for ten seconds.";
    case RangeDecline::second_voice:
      return "Another voice or an instrument sounds beside the singer: sing without a backing, or wear "
             "headphones.";
    case RangeDecline::noise:
      return "The noise around covers the voice: move nearer to the microphone or to a quieter place.";
    case RangeDecline::methods_disagree:
      return "Two ways to measure this pitch disagree on its octave: sing that note again, longer.";
    case RangeDecline::not_singing:
      return "This is no singing, so there is no range to tell: sing alone, for ten seconds or more.";
  }
  return "The range could not be told.";
}

Range measure_range(const PitchTrack& track) {
  const auto steady = steady_pitches(track.frames);
  const std::size_t often = std::max<std::size_t>(100, steady.size() / 25);
  return {outermost(steady, held_frames, false), outermost(steady, held_frames, true),
          outermost(steady, often, false), outermost(steady, often, true)};
}

}  // namespace orakgarak::voice
