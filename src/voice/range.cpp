#include "voice/range.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "voice/capture_room.h"
#include "voice/pitch_background.h"
#include "voice/pitch_quantile.h"
#include "voice/pitch_tracker.h"
#include "voice/range_check.h"

namespace orakgarak::voice {
namespace {

constexpr std::size_t steady_frames = 10;     // 100 ms
constexpr std::size_t held_frames = 25;       // 0.25 s in total
constexpr std::size_t long_held_frames = 45;  // so long, while something else sounds as well
constexpr double clear_snr_db = 15;           // above it another source is no rival
constexpr double spread = 1.0;                // semitones
constexpr std::size_t least_often = 100;      // one second
constexpr std::size_t least_singing = 100;    // one second of steady singing in all
constexpr double least_snr_db = 7;            // below it soft notes are lost and other sources win

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

// All steady frames within half a semitone of a pitch.
std::span<const SteadyFrame> around(std::span<const SteadyFrame> steady, double pitch) {
  const auto from = std::ranges::lower_bound(steady, pitch - spread / 2, {}, &SteadyFrame::pitch);
  const auto to = std::ranges::upper_bound(steady, pitch + spread / 2, {}, &SteadyFrame::pitch);
  return {from, to};
}

// Index of the middle of the outermost `need` steady frames that lie within a semitone.
std::optional<std::size_t> outermost(std::span<const SteadyFrame> steady, std::size_t need, bool top) {
  for (std::size_t k = 0; k + need <= steady.size(); ++k) {
    const std::size_t i = top ? steady.size() - need - k : k;
    if (steady[i + need - 1].pitch - steady[i].pitch <= spread) return i + need / 2;
  }
  return std::nullopt;
}

// Share of the zone's frames whose spectrum shows the harmonics of the tracker's octave.
double agreement(std::span<const float> signal, const PitchTrack& track, std::span<const SteadyFrame> zone) {
  constexpr std::size_t most = 48;
  std::vector<std::size_t> frames;
  for (std::size_t i = 0; i < std::min(most, zone.size()); ++i)
    frames.push_back(zone[i * zone.size() / std::min(most, zone.size())].frame);
  const auto verdicts = check_octaves(signal, track.frames, frames);
  const auto agreeing = std::ranges::count(verdicts, OctaveVerdict::agrees);
  return static_cast<double>(agreeing) / static_cast<double>(verdicts.size());
}

double median_level(const PitchTrack& track, std::span<const SteadyFrame> zone) {
  std::vector<float> levels;
  for (const SteadyFrame& s : zone) levels.push_back(track.frames[s.frame].level_db);
  return quantile(std::move(levels), 0.5);
}

// Far from everything else that was sung, and brief: an octave error or another voice looks like that, and
// a real leap is loud and alone.
bool is_stray(const PitchTrack& track, std::span<const SteadyFrame> steady, std::span<const SteadyFrame> zone,
              double snr) {
  constexpr std::size_t brief = 100;  // frames
  constexpr double far = 7;           // semitones
  if (zone.size() >= brief) return false;
  const auto first = static_cast<std::size_t>(zone.data() - steady.data()), past = first + zone.size();
  const double below = first > 0 ? zone.front().pitch - steady[first - 1].pitch : 1e3;
  const double above = past < steady.size() ? steady[past].pitch - zone.back().pitch : 1e3;
  if (std::min(below, above) < far || zone.size() == steady.size()) return false;
  return snr < 20 || median_level(track, zone) < track.voice_db - 10;
}

class EndFinder {
 public:
  EndFinder(const PitchTrack& track, std::span<const float> signal)
      : track_(track), signal_(signal), steady_(steady_pitches(track.frames)) {
    if (track.background_db > -200) snr_ = track.voice_db - track.background_db;
  }

  std::expected<RangeEnd, RangeDecline> find(std::size_t need, bool top) const {
    const auto middle = outermost(steady_, need, top);
    if (steady_.size() < least_singing || !middle) return std::unexpected(RangeDecline::too_little_singing);
    if (snr_ < least_snr_db)
      return std::unexpected(beside_a_tone() ? RangeDecline::second_voice : RangeDecline::noise);
    const double pitch = steady_[*middle].pitch;
    const auto zone = around(steady_, pitch);
    const double agree = agreement(signal_, track_, zone);
    const bool doubtful = (beside_a_tone() && snr_ < clear_snr_db) || track_.reverberation >= echoing;
    if (agree < 0.5 || (doubtful && zone.size() < long_held_frames) || is_stray(track_, steady_, zone, snr_))
      return std::unexpected(beside_a_tone() ? RangeDecline::second_voice : RangeDecline::methods_disagree);
    return describe(zone, pitch, agree);
  }

  std::size_t often() const { return std::max<std::size_t>(least_often, steady_.size() / 25); }

 private:
  bool beside_a_tone() const { return track_.background_tone > tonal; }

  RangeEnd describe(std::span<const SteadyFrame> zone, double pitch, double agree) const {
    RangeEnd end;
    end.pitch = Midi(pitch);
    std::vector<std::size_t> frames;
    double deviation = 0;
    for (const SteadyFrame& s : zone) {
      frames.push_back(s.frame);
      deviation += std::abs(s.pitch - pitch);
    }
    end.steady = frame_hop * static_cast<double>(zone.size());
    end.longest = longest_run(std::move(frames));
    end.uncertainty = Semitones(0.05 + 0.5 * deviation / static_cast<double>(zone.size()) +
                                0.5 * (1 - agree) + std::max(0.0, 20 - snr_) / 40);
    return end;
  }

  const PitchTrack& track_;
  std::span<const float> signal_;
  std::vector<SteadyFrame> steady_;
  double snr_ = 100;
};

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

Range measure_range(const PitchTrack& track, std::span<const float> signal) {
  const EndFinder finder(track, signal);
  const std::size_t often = finder.often();
  return {finder.find(held_frames, false), finder.find(held_frames, true), finder.find(often, false),
          finder.find(often, true)};
}

}  // namespace orakgarak::voice
