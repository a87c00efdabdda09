#include "voice/pitch_live.h"

#include <algorithm>

#include "base/math.h"

namespace orakgarak::voice {
namespace {

constexpr std::size_t hop_samples = 80;
constexpr std::size_t half_window = 264;  // of four periods of 61 Hz, at analysis_rate
constexpr std::size_t memory = 40;
constexpr Hertz live_floor{61};

}  // namespace

LivePitch::LivePitch(InstructionSet set) : finder_(live_floor, set) {}

void LivePitch::run(std::span<const float> signal, std::vector<PitchFrame>& out) {
  constexpr PitchBounds bounds{live_floor, highest_pitch};
  while (next_ * hop_samples + half_window <= signal.size()) {
    std::array<std::ptrdiff_t, lanes> centres;
    std::array<CandidateFrame, lanes> frames;
    std::size_t count = 0;
    for (; count < lanes && (next_ + count) * hop_samples + half_window <= signal.size(); ++count)
      centres[count] = static_cast<std::ptrdiff_t>((next_ + count) * hop_samples);
    finder_.run(signal, std::span(centres).first(count), bounds, frames);
    next_ += count;
    for (std::size_t i = 0; i < count; ++i) {
      const float level = frames[i].level_db;
      peak_db_ = std::max(level, peak_db_ - 0.03F);                                 // forgets 3 dB a second
      background_db_ = std::min(std::max(level, -100.0F), background_db_ + 0.02F);  // rises 2 dB a second
      const float gate = std::max({background_db_ + 6, peak_db_ - 30, -75.0F});
      recent_.push_back(frames[i]);
      unvoiced_.push_back(std::max(0.0F, gate - level) * 0.08F);
      decide(out);
    }
  }
}

void LivePitch::decide(std::vector<PitchFrame>& out) {
  if (recent_.size() > memory) {
    recent_.pop_front();
    unvoiced_.erase(unvoiced_.begin());
  }
  if (recent_.size() <= future_frames) return;
  const std::vector<CandidateFrame> frames(recent_.begin(), recent_.end());
  const auto path = best_path(frames, unvoiced_, {});
  const std::size_t at = frames.size() - 1 - future_frames;
  PitchFrame frame;
  frame.level_db = frames[at].level_db;
  if (path[at] >= 0) {
    const PitchCandidate& c = frames[at].items[static_cast<std::size_t>(path[at])];
    frame.f0 = Hertz(math::exp2(c.octave));
    frame.periodicity = c.strength;
    frame.confidence = 0.5F + 0.5F * c.strength;
  }
  out.push_back(frame);
}

}  // namespace orakgarak::voice
