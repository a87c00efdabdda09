#include "voice/pitch_tracker.h"

#include <algorithm>

#include "base/math.h"
#include "voice/capture_room.h"
#include "voice/pitch_background.h"
#include "voice/pitch_bands.h"
#include "voice/pitch_gate.h"
#include "voice/pitch_path.h"
#include "voice/pitch_quantile.h"

namespace orakgarak::voice {
namespace {

constexpr std::ptrdiff_t hop_samples = 80;
constexpr std::size_t coarse_every = 4;  // hops
constexpr std::array<double, 6> window_floors{50, 71, 100, 143, 200, 333};
constexpr PitchBounds everything{Hertz{window_floors[0]}, highest_pitch};
constexpr std::size_t fewest_pauses = 12;
constexpr float loudly_tonal = 0.58F;  // pauses above this hold a pitch that hides the voice
constexpr Hertz tonal_low_cut{300};
constexpr float one_source = 0.97F;  // usual strength of a voice alone
constexpr Seconds coarse_hop{frame_hop.value * coarse_every};

std::ptrdiff_t coarse_centre(std::size_t i) {
  return static_cast<std::ptrdiff_t>(i * coarse_every) * hop_samples;
}

/// What the first pass knows.
struct FirstPass {
  std::vector<CandidateFrame> frames;
  std::vector<std::int8_t> path;
  Background background;
  float background_kept_db = -200;
  float trust = 0;  // 0 to 1: how far the network is believed
  Hertz low_cut = CandidateFinder::usual_low_cut;
};

void analyse_coarsely(CandidateFinder& finder, std::span<const float> signal,
                      std::span<CandidateFrame> frames) {
  std::array<std::ptrdiff_t, lanes> centres;
  for (std::size_t i = 0; i < frames.size(); i += lanes) {
    const std::size_t n = std::min<std::size_t>(lanes, frames.size() - i);
    for (std::size_t l = 0; l < n; ++l) centres[l] = coarse_centre(i + l);
    finder.run(signal, std::span(centres).first(n), everything, frames.subspan(i, n));
  }
}

template <class Value>
float quantile_over(std::span<const std::size_t> indices, double q, Value value) {
  std::vector<float> values;
  for (std::size_t i : indices) values.push_back(value(i));
  return quantile(std::move(values), q);
}

// 1 where the network hears no voice in the pauses, 0 where it hears one in half of them: babble, a guide
// melody and hum are voices to it, noise and most of music are not.
float trust_in_network(std::span<const CandidateFrame> frames, std::span<const std::size_t> pauses) {
  if (pauses.empty()) return 1;
  float heard = 0;
  for (std::size_t i : pauses) heard += frames[i].voice;
  return std::clamp((0.5F - heard / static_cast<float>(pauses.size())) / 0.25F, 0.0F, 1.0F);
}

FirstPass look_widely(std::span<const float> signal, const Salience& salience, std::size_t count,
                      InstructionSet set, PitchTrack& track) {
  PathOptions options{.voicing_threshold = 0.45F,
                      .octave_cost = 0.05F,
                      .noise_cost = 0.3F,
                      .jump_cost = 0.6F,
                      .height_bonus = 0.02F,
                      .hop = coarse_hop};
  FirstPass pass;
  pass.frames.resize(count);
  CandidateFinder finder(Hertz{window_floors[0]}, set);
  analyse_coarsely(finder, signal, pass.frames);
  const auto pauses = find_pauses(pass.frames);
  if (pauses.size() >= fewest_pauses) {
    std::vector<std::ptrdiff_t> centres;
    centres.reserve(pauses.size());
    for (std::size_t i : pauses) centres.push_back(coarse_centre(i));
    pass.background = measure_background(finder, signal, centres);
    track.background_db = quantile_over(pauses, 0.5, [&](std::size_t i) { return pass.frames[i].level_db; });
    track.background_tone =
        quantile_over(pauses, 0.5, [&](std::size_t i) { return pass.frames[i].strongest(); });
    if (track.background_tone > loudly_tonal) pass.low_cut = tonal_low_cut;
    finder.set_weights(pass.low_cut, pass.background);
    analyse_coarsely(finder, signal, pass.frames);
    pass.background_kept_db =
        quantile_over(pauses, 0.9, [&](std::size_t i) { return pass.frames[i].kept_db; });
  }
  if (!salience.empty()) {
    for (std::size_t i = 0; i < count; ++i)
      add_salience(salience.at(coarse_hop * static_cast<double>(i)), options.voicing_threshold,
                   pass.frames[i]);
    pass.trust = trust_in_network(pass.frames, pauses);
    options.salience_worth = 0.15F * pass.trust;
  }
  pass.path = best_path(pass.frames, level_gate(pass.frames, pass.background_kept_db, options.hop), options);
  return pass;
}

std::vector<CandidateFrame> look_closely(std::span<const float> signal, const FirstPass& first,
                                         std::size_t count, InstructionSet set) {
  const auto bands = singing_bands(first.frames, first.path, coarse_hop);
  const auto band_of = [&](std::size_t i) { return bands[std::min(bands.size() - 1, i / coarse_every)]; };
  std::array<std::vector<std::uint32_t>, window_floors.size()> members;  // frames by window
  for (std::size_t i = 0; i < count; ++i) {
    const double floor = math::exp2(band_of(i).low) * 1.001;
    std::size_t c = 0;
    while (c + 1 < window_floors.size() && window_floors[c + 1] <= floor) ++c;
    members[c].push_back(static_cast<std::uint32_t>(i));
  }
  std::vector<CandidateFrame> frames(count);
  std::array<CandidateFrame, lanes> batch;
  std::array<std::ptrdiff_t, lanes> centres;
  for (std::size_t c = 0; c < members.size(); ++c) {
    if (members[c].empty()) continue;
    CandidateFinder finder(Hertz{window_floors[c]}, set);
    finder.set_weights(first.low_cut, first.background);
    for (std::size_t i = 0; i < members[c].size(); i += lanes) {
      const auto part = std::span(members[c]).subspan(i, std::min<std::size_t>(lanes, members[c].size() - i));
      for (std::size_t l = 0; l < part.size(); ++l)
        centres[l] = static_cast<std::ptrdiff_t>(part[l]) * hop_samples;
      const Band band = band_of(part[0]);
      const PitchBounds bounds{Hertz(std::max(window_floors[c], math::exp2(band.low))),
                               Hertz(math::exp2(band.high))};
      finder.run(signal, std::span(centres).first(part.size()), bounds, batch);
      for (std::size_t l = 0; l < part.size(); ++l) frames[part[l]] = batch[l];
    }
  }
  return frames;
}

PathOptions close_path_options(const FirstPass& first, PitchTrack& track) {
  PathOptions options;
  std::vector<float> strengths;
  for (std::size_t i = 0; i < first.path.size(); ++i)
    if (first.path[i] >= 0)
      strengths.push_back(first.frames[i].items[static_cast<std::size_t>(first.path[i])].strength);
  if (strengths.size() < 8) return options;
  track.coherence = quantile(std::move(strengths), 0.5);
  options.voicing_threshold -= 3 * std::max(0.0F, one_source - track.coherence);
  if (track.coherence < one_source && track.background_tone > tonal) {
    const Band home = main_cluster(first.frames, first.path);
    options.home_low = home.low;
    options.home_high = home.high;
    options.away_cost = 0.8F;
  }
  return options;
}

// How much of the voice the background hides from autocorrelation, 0 to 1: by level, or by its strength where
// no echo explains that it is low.
float hidden_share(const FirstPass& first, const PitchTrack& track) {
  std::vector<float> levels;
  for (std::size_t i = 0; i < first.path.size(); ++i)
    if (first.path[i] >= 0) levels.push_back(first.frames[i].level_db);
  if (levels.empty()) return 0;
  const float over = quantile(std::move(levels), 0.5) - track.background_db;
  const float by_level = (15 - over) / 10;
  const float by_strength = track.reverberation < echoing ? (one_source - track.coherence) / 0.03F : 0.0F;
  return std::clamp(std::max(by_level, by_strength), 0.0F, 1.0F);
}

// The more the background hides, the more of the decision is the network's: its voicing in place of strength
// and a third of that of level. Elsewhere its word is one beside the others. A tail is a voice to it: in an
// echo it must be surer, and the level's word stands.
void believe_network(const FirstPass& first, const PitchTrack& track, std::span<const CandidateFrame> frames,
                     PathOptions& options, std::span<float> gate) {
  const float hidden = first.trust * hidden_share(first, track);
  const bool echo = track.reverberation >= echoing;
  options.strength_share = 1 - hidden;
  options.salience_worth = 0.3F * first.trust + 4 * hidden;
  options.salience_floor = (echo ? 0.8F : 0.5F) - 0.085F * hidden;
  for (std::size_t i = 0; i < gate.size(); ++i)
    gate[i] *=
        (1 - 0.3F * hidden) * (echo ? 1.0F : 1 - std::max(hidden, 0.5F * first.trust) * frames[i].voice);
}

PitchFrame to_frame(const CandidateFrame& candidates, std::int8_t choice) {
  PitchFrame frame;
  frame.level_db = candidates.level_db;
  if (choice < 0) {
    frame.confidence = 0.45F * std::min(1.0F, candidates.strongest());
    return frame;
  }
  const PitchCandidate& c = candidates.items[static_cast<std::size_t>(choice)];
  frame.f0 = Hertz(math::exp2(c.octave));
  const bool guessed = candidates.guessed && choice + 1 == candidates.count;
  frame.periodicity = guessed ? 0.0F : c.strength;
  frame.judge = guessed ? Judge::network : c.salience >= 0.5F ? Judge::both : Judge::autocorrelation;
  frame.confidence = 0.5F + 0.5F * std::clamp(guessed ? c.salience : c.strength, 0.0F, 1.0F);
  return frame;
}

/// Decay time of the room, from where the first pass heard the voice.
Seconds decay_time(std::span<const float> signal, const FirstPass& first) {
  const auto levels = level_contour(signal);
  double power = 0;
  std::size_t voiced = 0;
  for (std::size_t i = 0; i < first.path.size(); ++i)
    if (first.path[i] >= 0 && i * coarse_every < levels.size()) {
      power += math::exp(double{levels[i * coarse_every]} * (math::log(10) / 10));
      ++voiced;
    }
  if (voiced == 0) return Seconds(0);
  return measure_reverberation(levels, Decibels(math::power_to_db(power / static_cast<double>(voiced))));
}

}  // namespace

PitchTrack track_pitch(std::span<const float> signal, const Salience& salience,
                       InstructionSet instruction_set) {
  PitchTrack track;
  const std::size_t count = 1 + signal.size() / hop_samples;
  const FirstPass first =
      look_widely(signal, salience, 1 + (count - 1) / coarse_every, instruction_set, track);
  auto frames = look_closely(signal, first, count, instruction_set);
  if (track.background_tone <= tonal) track.reverberation = decay_time(signal, first);
  auto gate = level_gate(frames, first.background_kept_db, frame_hop, track.reverberation);
  PathOptions options = close_path_options(first, track);
  if (first.trust > 0) {
    for (std::size_t i = 0; i < count; ++i)
      add_salience(salience.at(frame_hop * static_cast<double>(i)), options.voicing_threshold - 0.1F,
                   frames[i]);
    believe_network(first, track, frames, options, gate);
  }
  const auto path = best_path(frames, gate, options);
  std::vector<float> levels;
  track.frames.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    track.frames.push_back(to_frame(frames[i], path[i]));
    if (path[i] >= 0) levels.push_back(frames[i].level_db);
  }
  if (!levels.empty()) track.voice_db = quantile(std::move(levels), 0.5);
  return track;
}

}  // namespace orakgarak::voice
