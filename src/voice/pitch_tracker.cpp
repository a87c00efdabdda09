#include "voice/pitch_tracker.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/math.h"

namespace orakgarak::voice {
namespace {

constexpr std::ptrdiff_t hop_samples = 80;
constexpr std::array<double, 6> window_floors{50, 71, 100, 143, 200, 333};

template <class T>
T quantile(std::vector<T> values, double q) {
  if (values.empty()) return T{};
  const auto at =
      std::min(values.size() - 1, static_cast<std::size_t>(q * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

std::vector<CandidateFrame> analyse(CandidateFinder& finder, std::span<const float> signal, int every,
                                    std::size_t count, const CandidateOptions& options) {
  std::vector<CandidateFrame> frames(count);
  std::array<std::ptrdiff_t, lanes> centres;
  for (std::size_t i = 0; i < count; i += lanes) {
    const std::size_t n = std::min<std::size_t>(lanes, count - i);
    for (std::size_t l = 0; l < n; ++l) centres[l] = static_cast<std::ptrdiff_t>(i + l) * every * hop_samples;
    finder.run(signal, std::span(centres).first(n), options, std::span(frames).subspan(i, n));
  }
  return frames;
}

// The frames in which nobody seems to sing: the quietest, if they are much quieter than the loud ones or
// carry no pitch. A held note that fills the take is neither.
std::vector<std::size_t> find_pauses(std::span<const CandidateFrame> coarse) {
  std::vector<float> levels;
  for (const auto& f : coarse)
    if (f.level_db > -150) levels.push_back(f.level_db);
  const float quiet = quantile(levels, 0.10), loud = quantile(levels, 0.95);
  std::vector<std::size_t> pauses;
  for (std::size_t i = 0; i < coarse.size(); ++i) {
    const auto& f = coarse[i];
    if (f.level_db <= -150 || f.level_db > quiet + 3) continue;
    const bool aperiodic = f.count == 0 || f.items[0].strength < 0.35F;
    if (f.level_db < loud - 8 || aperiodic) pauses.push_back(i);
  }
  return pauses;
}

Background measure_background(CandidateFinder& finder, std::span<const float> signal,
                              std::span<const std::size_t> pauses, int every) {
  constexpr std::size_t most = 192;
  const int bins = finder.fft().bins();
  const std::size_t used = std::min(most, pauses.size());
  std::vector<std::vector<float>> values(static_cast<std::size_t>(bins));
  for (auto& v : values) v.reserve(used + lanes);
  std::array<std::ptrdiff_t, lanes> centres;
  for (std::size_t i = 0; i < used; i += lanes) {
    const std::size_t n = std::min<std::size_t>(lanes, used - i);
    for (std::size_t l = 0; l < n; ++l)
      centres[l] = static_cast<std::ptrdiff_t>(pauses[(i + l) * pauses.size() / used]) * every * hop_samples;
    const auto power = finder.spectra(signal, std::span(centres).first(n));
    for (std::size_t k = 0; k < values.size(); ++k)
      for (std::size_t l = 0; l < n; ++l) values[k].push_back(power[k * lanes + l]);
  }
  Background out;
  for (auto& v : values) out.density.push_back(quantile(std::move(v), 0.5) / 0.693F / finder.window_energy());
  return out;
}

struct Band {
  float low, high;  // octaves
};

// Where this singer sings around each coarse frame.
std::vector<Band> singing_bands(std::span<const CandidateFrame> coarse, std::span<const std::int8_t> path,
                                const TrackerOptions& o) {
  std::vector<float> all;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (path[i] >= 0) all.push_back(coarse[i].items[static_cast<std::size_t>(path[i])].octave);
  const auto lowest = static_cast<float>(math::log2(50)), highest = static_cast<float>(math::log2(1600));
  Band global{lowest, highest};
  if (all.size() >= 8) global = {quantile(all, o.quantile), quantile(all, 1 - o.quantile)};
  const auto reach = static_cast<std::ptrdiff_t>(o.local_seconds / (0.01 * o.coarse_every));
  const auto down = static_cast<float>(math::log2(o.floor_margin));
  const auto up = static_cast<float>(math::log2(o.ceiling_margin));
  std::vector<Band> bands(path.size());
  std::vector<float> near;
  const auto size = std::ssize(path);
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    if (i % 5 != 0) {
      bands[static_cast<std::size_t>(i)] = bands[static_cast<std::size_t>(i - 1)];
      continue;
    }
    near.clear();
    for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(0, i - reach); j < std::min(size, i + reach + 1); ++j)
      if (path[static_cast<std::size_t>(j)] >= 0)
        near.push_back(coarse[static_cast<std::size_t>(j)]
                           .items[static_cast<std::size_t>(path[static_cast<std::size_t>(j)])]
                           .octave);
    Band b = global;
    if (near.size() >= 8) b = {quantile(near, 0.04), quantile(near, 0.96)};
    b = {std::max(b.low + down, lowest), std::min(b.high + up, highest)};
    bands[static_cast<std::size_t>(i)] = b;
  }
  return bands;
}

std::vector<CandidateFrame> analyse_closely(std::span<const float> signal, std::span<const Band> bands,
                                            const Background& background, std::size_t count,
                                            const TrackerOptions& o) {
  std::vector<CandidateFrame> frames(count);
  std::array<std::vector<std::size_t>, window_floors.size()> members;
  for (std::size_t i = 0; i < count; ++i) {
    const double floor =
        math::exp2(bands[std::min(bands.size() - 1, i / static_cast<std::size_t>(o.coarse_every))].low);
    std::size_t c = 0;
    while (c + 1 < window_floors.size() && window_floors[c + 1] <= floor * 1.001) ++c;
    members[c].push_back(i);
  }
  std::array<CandidateFrame, lanes> batch;
  std::array<std::ptrdiff_t, lanes> centres;
  for (std::size_t c = 0; c < members.size(); ++c) {
    if (members[c].empty()) continue;
    CandidateFinder finder(Hertz{window_floors[c]}, o.instruction_set);
    finder.set_background(background, o.candidates);
    CandidateOptions options = o.candidates;
    options.floor = Hertz{window_floors[c]};
    for (std::size_t i = 0; i < members[c].size(); i += lanes) {
      const std::size_t n = std::min<std::size_t>(lanes, members[c].size() - i);
      for (std::size_t l = 0; l < n; ++l)
        centres[l] = static_cast<std::ptrdiff_t>(members[c][i + l]) * hop_samples;
      const Band& b =
          bands[std::min(bands.size() - 1, members[c][i] / static_cast<std::size_t>(o.coarse_every))];
      options.floor = Hertz(std::max(window_floors[c], math::exp2(b.low)));
      options.ceiling = Hertz(math::exp2(b.high));
      finder.run(signal, std::span(centres).first(n), options, std::span(batch).first(n));
      for (std::size_t l = 0; l < n; ++l) frames[members[c][i + l]] = batch[l];
    }
  }
  return frames;
}

// Extra worth of being unvoiced: rises below a gate set by the background and by the loudest moment nearby.
std::vector<float> level_gate(std::span<const CandidateFrame> frames, float background_db, double hop,
                              const TrackerOptions& o) {
  std::vector<float> out(frames.size()), levels;
  for (const auto& f : frames) levels.push_back(f.level_db);
  const float top = quantile(levels, 0.95);
  const auto reach = static_cast<std::ptrdiff_t>(o.peak_seconds / hop);
  for (std::ptrdiff_t i = 0; i < std::ssize(frames); ++i) {
    const auto from = std::max<std::ptrdiff_t>(0, i - reach),
               to = std::min(std::ssize(frames), i + reach + 1);
    const float peak = *std::max_element(levels.begin() + from, levels.begin() + to);
    const float gate =
        std::max({background_db + o.gate_background_db, peak - o.gate_peak_db, top - o.gate_top_db});
    const float under = gate - levels[static_cast<std::size_t>(i)];
    out[static_cast<std::size_t>(i)] = std::max(0.0F, under) * o.gate_slope;
  }
  return out;
}

}  // namespace

PitchTrack track_pitch(std::span<const float> signal, const TrackerOptions& o) {
  PitchTrack track;
  const std::size_t count = 1 + signal.size() / hop_samples;
  const std::size_t coarse_count = 1 + (count - 1) / static_cast<std::size_t>(o.coarse_every);
  CandidateFinder wide(Hertz{window_floors[0]}, o.instruction_set);
  CandidateOptions coarse_options = o.candidates;
  coarse_options.floor = Hertz(50), coarse_options.ceiling = Hertz(1600);
  auto coarse = analyse(wide, signal, o.coarse_every, coarse_count, coarse_options);
  const auto pauses = find_pauses(coarse);
  if (pauses.size() >= static_cast<std::size_t>(o.pause_min)) {
    track.background = measure_background(wide, signal, pauses, o.coarse_every);
    std::vector<float> levels;
    for (std::size_t i : pauses) levels.push_back(coarse[i].level_db);
    track.background_db = quantile(levels, 0.5);
    wide.set_background(track.background, coarse_options);
    coarse = analyse(wide, signal, o.coarse_every, coarse_count, coarse_options);
  }
  PathOptions coarse_path = o.path;
  coarse_path.hop = Seconds(0.01 * o.coarse_every);
  const auto first_gate = level_gate(coarse, track.background_db, coarse_path.hop.value, o);
  const auto first = best_path(coarse, first_gate, coarse_path);
  const auto bands = singing_bands(coarse, first, o);

  const auto close = analyse_closely(signal, bands, track.background, count, o);
  const auto gate = level_gate(close, track.background_db, 0.01, o);
  const auto path = best_path(close, gate, o.path);
  track.frames.resize(count);
  double sum = 0;
  int voiced = 0;
  for (std::size_t i = 0; i < count; ++i) {
    PitchFrame& f = track.frames[i];
    f.level_db = close[i].level_db;
    if (path[i] < 0) continue;
    const auto& c = close[i].items[static_cast<std::size_t>(path[i])];
    f.f0 = Hertz(math::exp2(c.octave));
    f.periodicity = c.strength;
    f.confidence = 1;
    sum += c.strength, ++voiced;
  }
  if (voiced > 0) track.sources = static_cast<float>(sum / voiced);
  return track;
}

}  // namespace orakgarak::voice
