#include "voice/pitch_salience.h"

#include <algorithm>
#include <cmath>

#include "base/math.h"

namespace orakgarak::voice {
namespace {

constexpr float heard_best_db = -24;
constexpr float same_pitch = 0.035F;  // octaves
constexpr double least_likely = 9;    // under the most likely, in logits: what is less rounds to nothing
const float lowest = static_cast<float>(math::log2(lowest_pitch.value)),
            highest = static_cast<float>(math::log2(highest_pitch.value));

// Likelihood of bin `best` and its neighbours.
float around(std::span<const float> likelihood, int best) {
  float sum = 0;
  for (int b = std::max(0, best - 1); b <= std::min(network_bins - 1, best + 1); ++b)
    sum += likelihood[static_cast<std::size_t>(b)];
  return sum;
}

int bin_of(float octave) {
  return static_cast<int>(std::floor((octave - network_lowest_octave) / network_bin_octaves + 0.5));
}

}  // namespace

SalienceListener::SalienceListener(float level_db, std::size_t count, InstructionSet set,
                                   const NetworkMaker& maker) {
  if (level_db <= -200) return;
  network_ = maker ? maker() : std::make_unique<Network>(set);
  gain_ = static_cast<float>(math::exp(math::log(10) / 20 * double{heard_best_db - level_db}));
  salience_.frames_.reserve(count / network_hop + 1);
}

void SalienceListener::push(std::span<const float> samples) {
  if (!network_) return;
  louder_.assign(samples.begin(), samples.end());
  for (float& s : louder_) s *= gain_;
  network_->push(louder_, [this](const NetworkFrame& heard) { keep(heard); });
}

Salience SalienceListener::finish() {
  if (network_) network_->finish([this](const NetworkFrame& heard) { keep(heard); });
  return std::move(salience_);
}

void SalienceListener::keep(const NetworkFrame& heard) {
  Salience::Frame frame{.voice = static_cast<float>(1 / (1 + math::exp(-double{heard.voicing}))),
                        .likelihood = {}};
  const float most = *std::ranges::max_element(heard.likelihood);
  std::array<double, network_bins> raised{};
  double sum = 0;
  for (std::size_t b = 0; b < raised.size(); ++b)
    if (const double under = most - heard.likelihood[b]; under < least_likely)
      sum += raised[b] = math::exp(-under);
  for (std::size_t b = 0; b < raised.size(); ++b)
    frame.likelihood[b] = static_cast<std::uint8_t>(raised[b] / sum * 255 + 0.5);
  salience_.frames_.push_back(frame);
}

Salience::Moment Salience::at(Seconds time) const {
  const double place = time.value * network_rate.value / network_hop;
  const std::size_t last = frames_.size() - 1, before = std::min(last, static_cast<std::size_t>(place));
  const Frame &a = frames_[before], &b = frames_[std::min(last, before + 1)];
  const auto later = static_cast<float>(std::clamp(place - static_cast<double>(before), 0.0, 1.0));
  const float earlier = 1 - later;
  Moment out;
  out.voice = earlier * a.voice + later * b.voice;
  const float scale = out.voice > 0 ? 1 / (255 * out.voice) : 0.0F;
  for (std::size_t i = 0; i < out.likelihood.size(); ++i)
    out.likelihood[i] = (earlier * a.voice * a.likelihood[i] + later * b.voice * b.likelihood[i]) * scale;
  const auto best = static_cast<int>(std::ranges::max_element(out.likelihood) - out.likelihood.begin());
  out.peak = around(out.likelihood, best);
  double sum = 0;
  for (int i = std::max(0, best - 1); i <= std::min(network_bins - 1, best + 1); ++i)
    sum += out.likelihood[static_cast<std::size_t>(i)] * (network_lowest_octave + i * network_bin_octaves);
  out.octave = out.peak > 0 ? static_cast<float>(sum / out.peak) : 0.0F;
  return out;
}

float Salience::Moment::at(float pitch) const {
  const int bin = bin_of(pitch);
  if (bin < -1 || bin > network_bins || peak <= 0) return 0;
  return voice * std::min(1.0F, around(likelihood, bin) / peak);
}

void add_salience(const Salience::Moment& heard, float strength, CandidateFrame& frame) {
  frame.voice = heard.voice;
  bool known = false;
  for (PitchCandidate& c : std::span(frame.items).first(frame.count)) {
    c.salience = heard.at(c.octave);
    known = known || std::fabs(c.octave - heard.octave) < same_pitch;
  }
  if (known || heard.octave < lowest || heard.octave > highest) return;
  frame.items[frame.count++] = {.octave = heard.octave, .strength = strength, .salience = heard.voice};
  frame.guessed = true;
}

}  // namespace orakgarak::voice
