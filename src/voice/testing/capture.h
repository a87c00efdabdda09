#pragma once
// Capture quality of a take whose pitch track is drawn by hand, so that each limit is met exactly. For tests
// only.
#include <string>
#include <vector>

#include "voice/capture.h"
#include "voice/capture_source.h"
#include "voice/resample.h"
#include "voice/testing/track.h"
#include "voice/timbre_bands.h"
#include "voice/timbre_harmonics.h"

namespace orakgarak::voice {

/// What was sung, over the faint noise of a quiet room, at 16 kHz. 55 dB of SNR, band up to 8 kHz.
inline sounds::Samples recorded(const DrawnTrack& drawn) {
  const auto voice = sounds::sound_of(drawn.frames(), timbre_rate, Hertz(7900));
  const Seconds length(static_cast<double>(voice.size()) / timbre_rate.value);
  return sounds::mixed(voice, sounds::noise(timbre_rate, length, 0.00018));
}

/// As the engine does it, with a tracker that heard exactly what was drawn. sound: at 16 kHz.
inline CaptureQuality captured(const DrawnTrack& drawn, const sounds::Samples& sound,
                               std::uint64_t invalid_samples = 0,
                               InstructionSet set = best_instruction_set()) {
  SourceMeter source(timbre_rate, set);
  source.push(sound);
  source.finish();
  BandSpectra bands(set);
  bands.push(sound);
  bands.finish();
  Resampler to_analysis(static_cast<int>(timbre_rate.value), static_cast<int>(analysis_rate.value), set);
  std::vector<float> signal;
  to_analysis.push(sound, signal);
  to_analysis.finish(signal);
  const Notes notes = drawn.notes();
  const auto harmonics = measure_harmonics(drawn.frames(), signal, set);
  return measure_capture({.source = source,
                          .invalid_samples = invalid_samples,
                          .signal = signal,
                          .frames = drawn.frames(),
                          .notes = notes.notes,
                          .bands = bands,
                          .harmonics = harmonics},
                         set);
}
inline CaptureQuality captured(const DrawnTrack& drawn) { return captured(drawn, recorded(drawn)); }

/// The faults in order, a blocking one with an exclamation mark: "noisy! clipped".
inline std::string faults(const CaptureQuality& quality) {
  std::string out;
  for (const CaptureAdvice& a : quality.advice) {
    if (!out.empty()) out += ' ';
    out += to_string(a.fault);
    if (a.blocking) out += '!';
  }
  return out;
}

}  // namespace orakgarak::voice
