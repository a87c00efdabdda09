#include "voice/demo_singer_score.h"

#include <algorithm>
#include <cmath>

namespace orakgarak::voice::demo {
namespace {

constexpr double longest_seconds = 20 * 60;
constexpr double attack_seconds = 0.03, release_seconds = 0.05;
constexpr double voice_rms = 0.1;

enum class Consonant : std::uint8_t { none, nasal, liquid, hiss, breath, stop };

struct Syllable {
  double start, voiced_from, voiced_to;  // s; the vowel begins at vowel_from
  double vowel_from;
  double semitone;
  Consonant consonant = Consonant::none;
  int vowel = 0;
  bool joined = false;  // the voice goes on from the syllable before
};

constexpr Anatomy anatomies[] = {{Midi(40), Midi(64), 0.94, 0.50, 2200, 5.2, 28, 0.0030},
                                 {Midi(43), Midi(67), 0.97, 0.52, 2600, 5.4, 32, 0.0030},
                                 {Midi(48), Midi(72), 1.03, 0.54, 3000, 5.6, 36, 0.0032},
                                 {Midi(53), Midi(77), 1.12, 0.60, 2400, 5.5, 36, 0.0038},
                                 {Midi(57), Midi(81), 1.15, 0.62, 2600, 5.7, 40, 0.0038},
                                 {Midi(60), Midi(84), 1.19, 0.65, 2800, 5.9, 44, 0.0038}};

// a e i o u, the first four formants of an average man (Peterson & Barney 1952, F4 after Fant 1960)
constexpr double vowels[5][4] = {{730, 1090, 2440, 3400},
                                 {530, 1840, 2480, 3500},
                                 {300, 2290, 3010, 3600},
                                 {570, 860, 2410, 3300},
                                 {320, 870, 2240, 3300}};
constexpr double nasal[4] = {260, 1250, 2300, 3200}, liquid[4] = {370, 1300, 2600, 3400};

Tract shape(const double (&four)[4], double scale, double pitch_hz, bool closed) {
  constexpr double higher[] = {4500, 5500, 6500}, width[] = {70, 90, 130, 180, 260, 340, 420};
  Tract t;
  for (std::size_t i = 0; i < formant_count; ++i) {
    t.formant_hz[i] = scale * (i < 4 ? four[i] : higher[i - 4]);
    t.bandwidth_hz[i] = width[i] * (closed && i > 0 ? 2.5 : 1.0);
  }
  // A singer opens the jaw so that the first formant stays above f0 and the tone does not collapse.
  t.formant_hz[0] = std::max(t.formant_hz[0], 1.05 * pitch_hz);
  t.formant_hz[1] = std::max(t.formant_hz[1], t.formant_hz[0] + 200);
  return t;
}

double consonant_seconds(Consonant c) {
  switch (c) {
    case Consonant::nasal:
      return 0.07;
    case Consonant::liquid:
      return 0.05;
    case Consonant::hiss:
      return 0.11;
    case Consonant::breath:
      return 0.06;
    case Consonant::stop:
      return 0.08;
    case Consonant::none:
      break;
  }
  return 0;
}

bool voiceless(Consonant c) { return c >= Consonant::hiss; }

bool is_rest(const MelodyNote& note) { return !(note.pitch.value > 0); }

double length(const MelodyNote& note, double start) {
  double d = note.duration.value;
  return d > 0 ? std::min(d, longest_seconds - start) : 0.0;
}

std::vector<Syllable> syllables(std::span<const MelodyNote> melody, const Dice& dice) {
  constexpr Consonant first[] = {Consonant::nasal, Consonant::breath, Consonant::stop, Consonant::hiss};
  constexpr Consonant inner[] = {Consonant::none, Consonant::liquid, Consonant::nasal, Consonant::none,
                                 Consonant::stop, Consonant::none,   Consonant::hiss,  Consonant::liquid};
  std::vector<Syllable> out;
  double start = 0;
  bool after_rest = true;
  for (std::size_t i = 0; i < melody.size(); ++i) {
    const MelodyNote& note = melody[i];
    double seconds = length(note, start);
    if (seconds <= 0) continue;
    if (is_rest(note)) {
      start += seconds;
      after_rest = true;
      continue;
    }
    auto pick = [&](int what, std::size_t count) {
      return static_cast<std::size_t>((dice.at(8 * i + static_cast<std::size_t>(what)) + 1) * 0.5 *
                                      static_cast<double>(count));
    };
    Syllable s;
    s.consonant = after_rest ? first[pick(0, std::size(first))] : inner[pick(0, std::size(inner))];
    s.vowel = static_cast<int>(pick(1, 5));
    s.semitone = std::clamp(note.pitch.value, 28.0, 96.0) + 0.05 * dice.at(8 * i + 2);
    s.start = start;
    s.vowel_from = start + std::min(consonant_seconds(s.consonant), 0.3 * seconds);
    s.voiced_from = voiceless(s.consonant) ? s.vowel_from : start;
    s.voiced_to = start + seconds;
    s.joined = !after_rest && !voiceless(s.consonant);
    if (!after_rest && !s.joined)
      out.back().voiced_to -= std::min(0.02, 0.1 * (start - out.back().voiced_from));
    out.push_back(s);
    start += seconds;
    after_rest = false;
  }
  return out;
}

// Pitch and loudness of the voice at any time, walking forward.
class Line {
 public:
  Line(const std::vector<Syllable>& syllables, const Anatomy& anatomy, const Dice& dice)
      : syllables_(syllables), anatomy_(anatomy), start_of_vibrato_(dice.at(0)) {}

  struct Point {
    double semitone, gain;
  };
  Point at(double t) {
    while (now_ + 1 < syllables_.size() && t >= syllables_[now_ + 1].start) ++now_;
    const Syllable& s = syllables_[now_];
    double pitch = s.semitone;
    if (s.joined) pitch += bend(syllables_[now_ - 1], s, t) * (syllables_[now_ - 1].semitone - s.semitone);
    if (followed()) {
      const Syllable& next = syllables_[now_ + 1];
      pitch += (1 - bend(s, next, t)) * (next.semitone - s.semitone);
    }
    if (!s.joined) pitch -= 0.5 * (1 - smooth_step((t - s.voiced_from) / 0.09));  // scoop into the note
    return {pitch + vibrato(s, t) + flutter(t), gain(s, t)};
  }

 private:
  bool followed() const { return now_ + 1 < syllables_.size() && syllables_[now_ + 1].joined; }

  // 1 before, 0 after the slide from one syllable to the next
  static double bend(const Syllable& from, const Syllable& to, double t) {
    double slide = std::min({0.05 + 0.006 * std::fabs(to.semitone - from.semitone),
                             0.6 * (to.voiced_to - to.start), 0.6 * (from.voiced_to - from.start)});
    return 1 - smooth_step((t - to.start) / slide + 0.5);
  }

  double vibrato(const Syllable& s, double t) const {
    double height = (s.semitone - anatomy_.low.value) / (anatomy_.high - anatomy_.low).value;
    double extent = anatomy_.vibrato_cents * (0.35 + 0.65 * std::clamp(height, 0.0, 1.0)) / 100;
    double grown = smooth_step((t - s.vowel_from - 0.22) / 0.3) * smooth_step((s.voiced_to - t) / 0.08);
    if (grown == 0) return 0;
    return extent * grown * math::sin(2 * math::pi * (anatomy_.vibrato_hz * t + start_of_vibrato_));
  }

  // Slow unsteadiness (Klatt & Klatt 1990), about 3 cents at most
  static double flutter(double t) {
    constexpr double turn = 2 * math::pi;
    return 0.01 * (math::sin(turn * 12.7 * t) + math::sin(turn * 7.1 * t) + math::sin(turn * 4.7 * t));
  }

  double gain(const Syllable& s, double t) const {
    if (t <= s.voiced_from || t >= s.voiced_to) return 0;
    double held = s.voiced_to - s.voiced_from;
    double in = s.joined ? 1 : smooth_step((t - s.voiced_from) / std::min(attack_seconds, 0.3 * held));
    double out = followed() ? 1 : smooth_step((s.voiced_to - t) / std::min(release_seconds, 0.3 * held));
    return in * out;
  }

  const std::vector<Syllable>& syllables_;
  const Anatomy& anatomy_;
  double start_of_vibrato_;
  std::size_t now_ = 0;
};

void add_gestures(const Syllable& s, const Anatomy& a, std::vector<Gesture>& out) {
  double pitch = to_hertz(Midi(s.semitone)).value;
  double middle = 0.5 * (a.low.value + a.high.value);
  double level = voice_rms * math::exp2(std::clamp(s.semitone - middle, -12.0, 12.0) / 24);  // ±3 dB
  if (s.consonant == Consonant::nasal)
    out.push_back({s.start, shape(nasal, a.tract_scale, pitch, true), 0.45 * level, pitch});
  if (s.consonant == Consonant::liquid)
    out.push_back({s.start, shape(liquid, a.tract_scale, pitch, true), 0.6 * level, pitch});
  out.push_back({s.vowel_from, shape(vowels[s.vowel], a.tract_scale, pitch, false), level, pitch});
}

void add_consonant_noise(const Syllable& s, double scale, std::vector<Hiss>& out) {
  if (s.consonant == Consonant::hiss)
    out.push_back({s.start, s.vowel_from + 0.01, 5600 * scale, 1800, 0.02});
  else if (s.consonant == Consonant::breath)
    out.push_back({s.start, s.vowel_from + 0.02, 1500 * scale, 1200, 0.008});
  else if (s.consonant == Consonant::stop)
    out.push_back({0.4 * s.start + 0.6 * s.vowel_from, s.vowel_from + 0.01, 3000 * scale, 2000, 0.03, true});
}

void add_breaths(std::span<const MelodyNote> melody, double scale, std::vector<Hiss>& out) {
  double start = 0;
  for (const MelodyNote& note : melody) {
    double seconds = length(note, start);
    if (is_rest(note) && seconds >= 0.25) {
      double air = std::min(0.45, seconds - 0.1);
      out.push_back({start + seconds - 0.04 - air, start + seconds - 0.04, 1700 * scale, 1500, 0.003});
    }
    start += seconds;
  }
}

}  // namespace

const Anatomy& anatomy(VoiceType voice) { return anatomies[static_cast<std::size_t>(voice)]; }

Score write_score(VoiceType voice, std::span<const MelodyNote> melody, std::uint32_t seed) {
  const Anatomy& a = anatomy(voice);
  Score score;
  for (const MelodyNote& note : melody) score.duration_seconds += length(note, score.duration_seconds);
  std::vector<Syllable> sung = syllables(melody, Dice(seed, 1));
  for (const Syllable& s : sung) {
    add_gestures(s, a, score.gestures);
    add_consonant_noise(s, a.tract_scale, score.hisses);
  }
  add_breaths(melody, a.tract_scale, score.hisses);
  std::ranges::sort(score.hisses, {}, &Hiss::start_seconds);

  auto knots = static_cast<std::size_t>(std::ceil(score.duration_seconds * Score::knots_per_second)) + 2;
  score.f0_hz.assign(knots, 0.0);
  score.gain.assign(knots, 0.0);
  if (sung.empty()) return score;
  Line line(sung, a, Dice(seed, 2));
  for (std::size_t i = 0; i < knots; ++i) {
    Line::Point p = line.at(static_cast<double>(i) / Score::knots_per_second);
    score.f0_hz[i] = to_hertz(Midi(p.semitone)).value;
    score.gain[i] = p.gain;
  }
  return score;
}

}  // namespace orakgarak::voice::demo
