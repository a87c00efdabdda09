#include "voice/pitch_background.h"

#include <algorithm>

#include "voice/pitch_quantile.h"

namespace orakgarak::voice {

namespace {

constexpr float digital_silence = -150;  // dB
constexpr std::size_t enough = 12;       // frames, about half a second: a pause worth the name

// Softly held notes are quiet and tonal too. What sounds on while nobody sings comes back in pause after
// pause, or leads in or out of the take, and no gate silences it.
bool are_held_notes(std::span<const CandidateFrame> frames, std::span<const std::size_t> pauses) {
  std::vector<float> strengths;
  for (const std::size_t i : pauses) strengths.push_back(frames[i].strongest());
  if (quantile(std::move(strengths), 0.5) <= tonal) return false;
  std::size_t gated = 0, stretches = 1;
  for (std::size_t i = pauses.front(); i <= pauses.back(); ++i)
    gated += frames[i].level_db <= digital_silence ? 1 : 0;
  for (std::size_t k = 1; k < pauses.size(); ++k) stretches += pauses[k] > pauses[k - 1] + 2 ? 1 : 0;
  const bool at_an_end = pauses.front() == 0 || pauses.back() + 1 == frames.size();
  return gated >= enough || (stretches < 3 && !at_an_end);
}

}  // namespace

std::vector<std::size_t> find_pauses(std::span<const CandidateFrame> frames) {
  std::vector<float> levels;
  for (const CandidateFrame& f : frames)
    if (f.level_db > digital_silence) levels.push_back(f.level_db);
  const float quiet = quantile(levels, 0.10), loud = quantile(levels, 0.95);
  std::vector<std::size_t> pauses;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const float level = frames[i].level_db;
    if (level <= digital_silence || level > quiet + 3) continue;
    if (level < loud - 8 || frames[i].strongest() < 0.35F) pauses.push_back(i);
  }
  if (!pauses.empty() && are_held_notes(frames, pauses)) pauses.clear();
  return pauses;
}

Background measure_background(CandidateFinder& finder, std::span<const float> signal,
                              std::span<const std::ptrdiff_t> centres) {
  constexpr std::size_t most = 192;
  constexpr float median_of_noise = 0.693F;  // of an exponential distribution with mean 1
  const std::size_t used = std::min(most, centres.size());
  std::vector<std::vector<float>> values(static_cast<std::size_t>(finder.bins()));
  for (auto& v : values) v.reserve(used);
  std::array<std::ptrdiff_t, lanes> batch;
  for (std::size_t i = 0; i < used; i += lanes) {
    const std::size_t n = std::min<std::size_t>(lanes, used - i);
    for (std::size_t l = 0; l < n; ++l) batch[l] = centres[(i + l) * centres.size() / used];
    const auto power = finder.spectra(signal, std::span(batch).first(n));
    for (std::size_t k = 0; k < values.size(); ++k)
      for (std::size_t l = 0; l < n; ++l) values[k].push_back(power[k * lanes + l]);
  }
  Background out;
  for (auto& v : values)
    out.density.push_back(quantile(std::move(v), 0.5) / median_of_noise / finder.window_energy());
  return out;
}

}  // namespace orakgarak::voice
