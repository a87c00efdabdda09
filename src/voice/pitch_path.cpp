#include "voice/pitch_path.h"

#include <algorithm>
#include <cmath>

namespace orakgarak::voice {

namespace {

constexpr float good_share = 0.85F;  // of the strongest candidate's strength

// A period and its multiples are nearly equally good: the highest of the good ones is meant, and the noisier
// the frame, the less their order by strength says. Noise that was taken out counts too: what it leaves of
// the spectrum is sparse, and a few lines repeat as well after two periods as after one.
std::array<float, CandidateFrame::most> worths(const CandidateFrame& frame, const PathOptions& options) {
  std::array<float, CandidateFrame::most> out{};
  float strongest = 0, highest = 0;
  for (const PitchCandidate& c : frame.candidates()) strongest = std::max(strongest, c.strength);
  for (const PitchCandidate& c : frame.candidates())
    if (c.strength >= good_share * strongest) highest = std::max(highest, c.octave);
  const float octave_cost = options.octave_cost + options.noise_cost * (1 - strongest + frame.noise);
  for (std::size_t i = 0; i < frame.count; ++i) {
    const PitchCandidate& c = frame.items[i];
    const float away = std::max({0.0F, options.home_low - c.octave, c.octave - options.home_high});
    const float strength =
        options.voicing_threshold + options.strength_share * (c.strength - options.voicing_threshold);
    out[i] = strength + options.salience_worth * (c.salience - options.salience_floor) -
             octave_cost * std::max(0.0F, highest - c.octave) - options.away_cost * away +
             options.height_bonus * std::min(c.octave - 8.0F, 0.5F);
  }
  return out;
}

}  // namespace

std::vector<std::int8_t> best_path(std::span<const CandidateFrame> frames, std::span<const float> unvoiced,
                                   const PathOptions& options) {
  constexpr int states = CandidateFrame::most + 1;  // the last one is unvoiced
  constexpr int silent = states - 1;
  const float pace = static_cast<float>(frame_hop / options.hop);
  const float jump = options.jump_cost * pace, change = options.voicing_cost * pace;
  std::vector<std::array<std::int8_t, states>> from(frames.size());
  std::array<float, states> score{}, next{};
  int before = 0;  // candidates of the frame before
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const CandidateFrame& frame = frames[i];
    const std::array<float, CandidateFrame::most> worth = worths(frame, options);
    float best_voiced = -1e9F;
    int best_index = silent;
    for (int p = 0; p < before; ++p)
      if (score[static_cast<std::size_t>(p)] > best_voiced) {
        best_voiced = score[static_cast<std::size_t>(p)];
        best_index = p;
      }
    for (int c = 0; c < frame.count; ++c) {
      const PitchCandidate& item = frame.items[static_cast<std::size_t>(c)];
      float best = score[silent] - change;
      int chosen = silent;
      for (int p = 0; p < before; ++p) {
        const float step = std::abs(frames[i - 1].items[static_cast<std::size_t>(p)].octave - item.octave);
        const float s = score[static_cast<std::size_t>(p)] - jump * step;
        if (s > best) best = s, chosen = p;
      }
      next[static_cast<std::size_t>(c)] = best + worth[static_cast<std::size_t>(c)];
      from[i][static_cast<std::size_t>(c)] = static_cast<std::int8_t>(chosen);
    }
    const bool stay = score[silent] >= best_voiced - change;
    next[silent] = (stay ? score[silent] : best_voiced - change) + options.voicing_threshold + unvoiced[i];
    from[i][silent] = static_cast<std::int8_t>(stay ? silent : best_index);
    before = frame.count;
    float top = next[silent];
    for (int c = 0; c < before; ++c) top = std::max(top, next[static_cast<std::size_t>(c)]);
    for (float& s : next) s -= top;  // scores stay small over any length of take
    score = next;
  }
  std::vector<std::int8_t> choice(frames.size(), -1);
  int state = silent;
  for (int c = 0; c < before; ++c)
    if (score[static_cast<std::size_t>(c)] > score[static_cast<std::size_t>(state)]) state = c;
  for (std::size_t i = frames.size(); i-- > 0;) {
    choice[i] = static_cast<std::int8_t>(state == silent ? -1 : state);
    state = from[i][static_cast<std::size_t>(state)];
  }
  return choice;
}

}  // namespace orakgarak::voice
