#pragma once
// A backing that comes back over a loudspeaker, a room and a clock of its own. For tests only.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "voice/backing_align.h"
#include "voice/demo_singer.h"
#include "voice/testing/sounds.h"

namespace orakgarak::voice {

/// Chords, a bass and a drum at 100 beats a minute, at backing_rate; each seed
/// other notes: none comes twice.
inline sounds::Samples band(Seconds length, std::uint32_t seed = 1) {
  const Hertz rate(backing_rate);
  sounds::Samples out = sounds::silence(rate, length);
  const auto add = [&](double at, const sounds::Samples& sound, double fall) {
    const auto begin = static_cast<std::size_t>(at * backing_rate);
    for (std::size_t i = 0; i < sound.size() && begin + i < out.size(); ++i)
      out[begin + i] +=
          sound[i] * static_cast<float>(math::exp(-static_cast<double>(i) / (fall * backing_rate)));
  };
  const auto any = [&] {  // 0 to 1
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) * 0x1p-24;
  };
  for (double at = 0; at < length.value; at += 0.6) {
    for (const int step : {0, 4, 7}) {
      const Midi midi(45 + 12 * (step > 0) + step + 5 * any());
      add(at + 0.04 * any(), sounds::harmonics(to_hertz(midi), rate, Seconds(1.2), 0.05, Hertz(6000)), 0.5);
    }
    add(at + 0.04 * any(), sounds::noise(rate, Seconds(0.15), 0.1, seed), 0.04);
  }
  return out;
}

struct Playing {
  double lag = 0, drift = 0;  ///< as in BackingAlignment
  double level = 1;           ///< RMS
  bool bent = false;  ///< by a small loudspeaker: clipped softly, where it is 2.5 times as loud as on average
};

/// `count` samples of what is heard in a room whose sound falls by 60 dB in 0.35 s.
inline sounds::Samples played(const sounds::Samples& band, const Playing& how, std::size_t count) {
  constexpr std::size_t echoes = 40;
  const sounds::Samples dry = aligned_backing(band, {how.lag, how.drift}, 0, count);
  sounds::Samples out = dry;
  std::uint32_t seed = 5;
  for (std::size_t e = 1; e <= echoes; ++e) {
    seed = seed * 1664525U + 1013904223U;
    const std::size_t delay = e * 140 + (seed >> 16) % 140;  // up to 0.36 s
    const auto gain =
        static_cast<float>(0.5 * math::exp(-6.9 * static_cast<double>(delay) / (0.35 * backing_rate)) *
                           ((seed >> 8) % 2 == 0 ? 1 : -1));
    for (std::size_t n = delay; n < count; ++n) out[n] += gain * dry[n - delay];
  }
  const auto scale = [&](double level) {
    double power = 0;
    for (const float s : out) power += static_cast<double>(s) * s;
    const double gain = power > 0 ? level / math::sqrt(power / static_cast<double>(count)) : 0;
    for (float& s : out) s = static_cast<float>(s * gain);
  };
  if (how.bent) {
    scale(0.4);
    for (float& s : out) {
      const float x = std::clamp(s, -1.0F, 1.0F);
      s = x - x * x * x / 3;
    }
  }
  scale(how.level);
  return out;
}

/// 20 s of the demo singer at backing_rate, RMS about 0.1.
inline sounds::Samples singer() {
  return sing(VoiceType::tenor, demo_melody(VoiceType::tenor), Hertz(backing_rate)).audio.samples;
}

}  // namespace orakgarak::voice
