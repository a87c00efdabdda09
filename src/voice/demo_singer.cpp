#include "voice/demo_singer.h"

#include <algorithm>
#include <cmath>

#include "voice/demo_singer_noise.h"
#include "voice/demo_singer_score.h"
#include "voice/demo_singer_voice.h"

namespace orakgarak::voice {
namespace {

using namespace demo;

constexpr double turn = 2 * math::pi;

/// Sums harmonics along the score, one spectral frame of 5 ms at a time.
class Voice {
 public:
  Voice(const Score& score, const Anatomy& anatomy, double rate, std::uint32_t seed)
      : score_(score),
        rate_(rate),
        mouth_(score, anatomy, std::min(0.46 * rate, 9000.0)),
        jitter_(seed, 3),
        shimmer_(seed, 4) {
    next_ = mouth_at(0);
  }

  /// Adds one frame, whose samples start at `first`, to out; frames follow one another.
  void render(std::size_t frame, std::size_t first, std::span<double> out) {
    now_.swap(next_);
    next_ = mouth_at(frame + 1);
    place(first, out.size());
    if (std::ranges::all_of(gains_, [](double g) { return g == 0; })) return;
    std::size_t n = out.size(), harmonics = std::max(now_.size(), next_.size());
    now_.resize(harmonics);
    next_.resize(harmonics);
    start_recurrence(n);
    double start = static_cast<double>(frame * knots_per_frame) / Score::knots_per_second;
    for (std::size_t i = 0; i < n; ++i)
      weight_[i] =
          (static_cast<double>(first + i) / rate_ - start) * Score::knots_per_second / knots_per_frame;
    for (std::size_t k = 0; k < harmonics; ++k) add_harmonic(now_[k], next_[k]);
    for (std::size_t i = 0; i < n; ++i) out[i] += gains_[i] * sum_[i];
  }

  // Of the samples of the last frame: phase of f0 in cycles, and strength.
  std::span<const double> turns() const { return turns_; }
  std::span<const double> gains() const { return gains_; }
  const Tract& tract() const { return mouth_.tract(); }
  static constexpr std::size_t knots_per_frame = 5;

 private:
  std::vector<Phasor> mouth_at(std::size_t frame) {
    std::vector<Phasor> harmonics;
    std::size_t knot = std::min(frame * knots_per_frame, score_.f0_hz.size() - 1);
    if (score_.f0_hz[knot] > 0)
      mouth_.harmonics_at(static_cast<double>(knot) / Score::knots_per_second, score_.f0_hz[knot], harmonics);
    return harmonics;
  }

  // Exact integral of f0, which is linear between knots.
  void place(std::size_t first, std::size_t n) {
    turns_.resize(n);
    gains_.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      double at = static_cast<double>(first + i) / rate_ * Score::knots_per_second;
      auto knot = std::min(static_cast<std::size_t>(at), score_.f0_hz.size() - 2);
      for (; knot_ < knot; ++knot_)
        knot_turns_ += 0.5 * (score_.f0_hz[knot_] + score_.f0_hz[knot_ + 1]) / Score::knots_per_second;
      double u = at - static_cast<double>(knot), f = score_.f0_hz[knot], df = score_.f0_hz[knot + 1] - f;
      turns_[i] = knot_turns_ + u * (f + 0.5 * u * df) / Score::knots_per_second;
      gains_[i] = score_.gain[knot] + u * (score_.gain[knot + 1] - score_.gain[knot]);
    }
  }

  // No two cycles are alike: each pulse is off by up to 0.12 % of a period and 2 % in strength. The offsets
  // do not add up, so that the count of cycles stays that of f0.
  void start_recurrence(std::size_t n) {
    for (auto* v : {&cos_, &sin_, &cos_before_, &sin_before_, &twice_cos_, &sum_, &weight_}) v->resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      double cycle = std::floor(turns_[i]), u = turns_[i] - cycle;
      auto c = static_cast<std::uint64_t>(cycle);
      double offset = 0.0012 * ((1 - u) * jitter_.at(c) + u * jitter_.at(c + 1));
      gains_[i] *= 1 + 0.02 * ((1 - u) * shimmer_.at(c) + u * shimmer_.at(c + 1));
      cos_[i] = math::cos(turn * (u + offset));
      sin_[i] = math::sin(turn * (u + offset));
      cos_before_[i] = 1;
      sin_before_[i] = 0;
      twice_cos_[i] = 2 * cos_[i];
      sum_[i] = 0;
    }
  }

  // sum += re·cos(kθ) − im·sin(kθ), the coefficients moving from a to b, then k + 1 by the recurrence
  // cos((k+1)θ) = 2·cos θ·cos(kθ) − cos((k−1)θ).
  void add_harmonic(Phasor a, Phasor b) {
    double re = b.re - a.re, im = b.im - a.im;
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      sum_[i] += (a.re + weight_[i] * re) * cos_[i] - (a.im + weight_[i] * im) * sin_[i];
      double c = twice_cos_[i] * cos_[i] - cos_before_[i], s = twice_cos_[i] * sin_[i] - sin_before_[i];
      cos_before_[i] = cos_[i];
      sin_before_[i] = sin_[i];
      cos_[i] = c;
      sin_[i] = s;
    }
  }

  const Score& score_;
  double rate_;
  Mouth mouth_;
  Dice jitter_, shimmer_;
  std::size_t knot_ = 0;
  double knot_turns_ = 0;
  std::vector<Phasor> now_, next_;
  std::vector<double> turns_, gains_, weight_, sum_, twice_cos_, cos_, sin_, cos_before_, sin_before_;
};

// The outermost pitch with 0.25 s of steady time within a semitone, counted from the bottom; `steady` rises.
Midi outermost(std::span<const double> steady) {
  constexpr std::size_t need = 25;  // frames of 10 ms
  for (std::size_t i = 0; i + need <= steady.size(); ++i)
    if (steady[i + need - 1] - steady[i] <= 1) return Midi(steady[i + need / 2]);
  return {};
}

SungTruth truth_of(const Score& score) {
  constexpr std::size_t knots_per_hop = 10, run = 10;
  SungTruth truth;
  truth.hop = Seconds(static_cast<double>(knots_per_hop) / Score::knots_per_second);
  auto last = static_cast<std::size_t>(score.duration_seconds / truth.hop.value + 1e-6);
  std::vector<double> pitch;
  for (std::size_t i = 0; i <= last; ++i) {
    double f0 = score.gain[i * knots_per_hop] >= 0.1 ? score.f0_hz[i * knots_per_hop] : 0.0;
    truth.f0.push_back(f0);
    pitch.push_back(f0 > 0 ? to_midi(Hertz(f0)).value : -1000);
  }
  std::vector<bool> in_steady_run(pitch.size());
  for (std::size_t i = 0; i + run <= pitch.size(); ++i) {
    auto [low, high] = std::minmax_element(pitch.begin() + static_cast<std::ptrdiff_t>(i),
                                           pitch.begin() + static_cast<std::ptrdiff_t>(i + run));
    if (*low > 0 && *high - *low <= 1)
      std::fill_n(in_steady_run.begin() + static_cast<std::ptrdiff_t>(i), run, true);
  }
  std::vector<double> steady;
  for (std::size_t i = 0; i < pitch.size(); ++i)
    if (in_steady_run[i]) steady.push_back(pitch[i]);
  std::ranges::sort(steady);
  truth.lowest = outermost(steady);
  std::ranges::reverse(steady);
  for (double& p : steady) p = -p;
  truth.highest = Midi(-outermost(steady).value);
  return truth;
}

}  // namespace

SungTake sing(VoiceType voice, std::span<const MelodyNote> melody, Hertz rate, std::uint32_t seed) {
  SungTake take;
  take.audio.rate = rate;
  take.truth.hop = Seconds(0.01);
  if (!(rate.value >= 8000 && rate.value <= 192000)) return take;

  Score score = write_score(voice, melody, seed);
  take.truth = truth_of(score);
  auto total = static_cast<std::size_t>(std::floor(score.duration_seconds * rate.value + 0.5));
  take.audio.samples.reserve(total);
  Voice folds(score, anatomy(voice), rate.value, seed);
  Noise noise(score, anatomy(voice), rate, seed);
  std::vector<double> block;
  for (std::size_t frame = 0, first = 0; first < total; ++frame) {
    double end = static_cast<double>((frame + 1) * Voice::knots_per_frame) / Score::knots_per_second;
    std::size_t next = std::min(total, static_cast<std::size_t>(std::ceil(end * rate.value)));
    block.assign(next - first, 0.0);
    folds.render(frame, first, block);
    noise.render(first, folds.turns(), folds.gains(), folds.tract(), block);
    for (double x : block) take.audio.samples.push_back(static_cast<float>(std::clamp(x, -0.999, 0.999)));
    first = next;
  }
  return take;
}

std::vector<MelodyNote> demo_melody(VoiceType voice) {
  // Degrees above the voice's lowest note; a negative one is a rest.
  struct Step {
    int semitones;
    double seconds;
  };
  constexpr int rest = -1;
  constexpr Step steps[] = {
      {rest, 0.4}, {12, 0.5}, {14, 0.4}, {16, 0.5}, {12, 0.4}, {9, 0.5},  {12, 1.0},             // the middle
      {rest, 0.6}, {12, 0.4}, {11, 0.4}, {9, 0.4},  {7, 0.5},  {4, 0.4},  {2, 0.5},  {0, 1.2},   // down
      {rest, 0.6}, {7, 0.4},  {11, 0.4}, {14, 0.4}, {16, 0.5}, {19, 0.5}, {21, 0.5}, {24, 1.2},  // up
      {rest, 0.6}, {17, 0.4}, {16, 0.5}, {14, 0.4}, {12, 0.5}, {16, 0.5}, {14, 0.9},             // and home
      {rest, 0.5}, {11, 0.4}, {12, 0.5}, {14, 0.4}, {11, 0.5}, {9, 0.4},  {12, 1.5}, {rest, 0.4},
  };
  std::vector<MelodyNote> melody;
  for (const Step& s : steps)
    melody.push_back(
        {s.semitones == rest ? Midi() : anatomy(voice).low + Semitones(s.semitones), Seconds(s.seconds)});
  return melody;
}

}  // namespace orakgarak::voice
