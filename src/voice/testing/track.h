#pragma once
// A pitch track drawn by hand, and the sound that a perfect tracker would have heard it in. For tests only.
#include <algorithm>
#include <random>
#include <span>
#include <vector>

#include "voice/notes.h"
#include "voice/pitch.h"
#include "voice/testing/sounds.h"

namespace orakgarak::voice {

/// Held notes, glides, vibrato and silences, one after the other.
class DrawnTrack {
 public:
  DrawnTrack& hold(double midi, double seconds, double vibrato_hz = 0, double vibrato_cents = 0) {
    return line(midi, midi, seconds, vibrato_hz, vibrato_cents);
  }
  DrawnTrack& line(double from, double to, double seconds, double vibrato_hz = 0, double vibrato_cents = 0) {
    const int n = count(seconds);
    for (int i = 0; i < n; ++i) {
      const double wave = math::sin(2 * math::pi * vibrato_hz * i * frame_hop.value) * vibrato_cents / 100;
      const double stray = jitter_cents_ / 100 * std::normal_distribution<double>()(random_);
      frames_.push_back({to_hertz(Midi(from + (to - from) * i / n + wave + stray)), 0.9F, 0.95F, level_db_});
    }
    return *this;
  }
  DrawnTrack& rest(double seconds) {
    frames_.resize(frames_.size() + static_cast<std::size_t>(count(seconds)));
    return *this;
  }
  /// Of what comes after.
  DrawnTrack& level(float db) {
    level_db_ = db;
    return *this;
  }
  /// Standard deviation of the pitch from frame to frame, of what comes after.
  DrawnTrack& jitter(double cents) {
    jitter_cents_ = cents;
    return *this;
  }
  const std::vector<PitchFrame>& frames() const { return frames_; }
  Notes notes() const { return find_notes(frames_); }

 private:
  static int count(double seconds) { return static_cast<int>(seconds / frame_hop.value + 0.5); }

  std::vector<PitchFrame> frames_;
  std::mt19937 random_{7};
  double jitter_cents_ = 0;
  float level_db_ = -20;
};

namespace sounds {

/// What was drawn, as harmonics below `highest`, the k-th at 1/k: each frame's RMS is its level, pitch and
/// loudness move in straight lines from frame to frame, and it is silent where unvoiced.
inline Samples sound_of(std::span<const PitchFrame> frames, Hertz rate = analysis_rate,
                        Hertz highest = Hertz(3600)) {
  constexpr double fade_hz = 150;  // harmonics come and go softly at the upper end
  const double hop = frame_hop.value * rate.value;
  Samples out(static_cast<std::size_t>(hop * static_cast<double>(frames.size()) + 0.5));
  double turns = 0;
  for (std::size_t t = 0; t < out.size(); ++t) {
    const double at = static_cast<double>(t) / hop;
    const auto i = static_cast<std::size_t>(at);
    const PitchFrame &a = frames[i], &b = frames[std::min(i + 1, frames.size() - 1)];
    if (!a.voiced() && !b.voiced()) continue;
    const double u = at - static_cast<double>(i);
    const double from = (a.voiced() ? a : b).f0.value, to = (b.voiced() ? b : a).f0.value;
    const double f0 = from + u * (to - from);
    const double loudness = (a.voiced() ? (1 - u) * amplitude(Decibels(a.level_db)) : 0) +
                            (b.voiced() ? u * amplitude(Decibels(b.level_db)) : 0);
    turns += f0 / rate.value;
    turns -= static_cast<double>(static_cast<std::int64_t>(turns));
    double sum = 0, power = 0, before = 0, sine = math::sin(2 * math::pi * turns);
    const double twice_cosine = 2 * math::cos(2 * math::pi * turns);
    for (int k = 1; k * f0 < highest.value; ++k) {
      const double strength = std::min(1.0, (highest.value - k * f0) / fade_hz) / k;
      sum += strength * sine;
      power += 0.5 * strength * strength;
      const double next = twice_cosine * sine - before;  // sin((k + 1)θ) = 2·cos θ·sin(kθ) − sin((k − 1)θ)
      before = sine;
      sine = next;
    }
    out[t] = static_cast<float>(loudness * sum / math::sqrt(power));
  }
  return out;
}

}  // namespace sounds
}  // namespace orakgarak::voice
