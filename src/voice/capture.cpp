#include "voice/capture.h"

#include <algorithm>
#include <cmath>

#include "voice/capture_backing.h"
#include "voice/capture_kind.h"
#include "voice/capture_room.h"
#include "voice/capture_source.h"
#include "voice/timbre_bands.h"
#include "voice/timbre_harmonics.h"

namespace orakgarak::voice {
namespace {

constexpr Decibels silent_peak{
    -70};  // below it even a good pitch track would rest on the converter's last bits
constexpr Seconds no_voice_below{0.3}, too_little_below{0.7};  // one held note is about 0.8 s
constexpr Decibels quiet_below{-50};
constexpr double clipped_from = 0.0005;  // a crest now and then is not heard
constexpr Decibels noisy_below{15}, drowned_below{5};
constexpr Hertz narrow_below{7600};  // what the timbre's bands need
constexpr Decibels quiet_band{-40};  // above the edge; louder than this, noise hides the edge
constexpr Decibels hum_from{-40};
constexpr double suspected_from = 0.5, sure_from = 0.7;
constexpr double drowned_hnr_db = 10;  // voiced frames whose harmonics stand no higher hold other music

struct Entry {
  CaptureFault fault;
  std::string_view code, advice;
};

// Worst first within the blocking and within the others.
constexpr Entry entries[] = {
    {CaptureFault::silence, "silence",
     "Nothing was recorded. Check that the microphone is chosen, connected and not muted."},
    {CaptureFault::no_voice, "no_voice",
     "Sound was recorded, but no singing was heard in it. Sing closer to the microphone."},
    {CaptureFault::too_little, "too_little",
     "Too little singing was heard. Sing for at least ten seconds, with some low and some high notes."},
    {CaptureFault::pure_tone, "pure_tone",
     "This sounds like a test tone or whistling, not like a voice. Sing on a vowel or with words."},
    {CaptureFault::instrument, "instrument",
     "This sounds like an instrument, or like a voice with pitch correction. Record a voice alone, without "
     "effects."},
    {CaptureFault::speech, "speech",
     "This sounds like speaking. Sing a song you know, and hold its long notes."},
    {CaptureFault::accompaniment, "accompaniment",
     "Other music seems to play while you sing. Use headphones, or give the file that was played as the "
     "backing: it can be taken out."},
    {CaptureFault::noisy, "noisy",
     "The background is loud. Go to a quieter place or closer to the microphone."},
    {CaptureFault::clipped, "clipped",
     "The recording is overdriven. Turn the microphone down or step back from it."},
    {CaptureFault::too_quiet, "too_quiet",
     "The recording is very quiet. Turn the microphone up or go closer to it."},
    {CaptureFault::reverberant, "reverberant",
     "The room echoes, or an echo effect is on. Turn effects off, or sing in a room with soft furniture."},
    {CaptureFault::hum, "hum",
     "There is mains hum. Try another cable or socket, or run the device on its battery."},
    {CaptureFault::narrow_band, "narrow_band",
     "High frequencies are missing, as over a telephone or a Bluetooth headset. Use the device's own "
     "microphone to "
     "have your timbre described."},
    {CaptureFault::invalid_samples, "invalid_samples",
     "The file holds samples that are not numbers; they were taken as silence. Export it again."},
};

const Entry& entry(CaptureFault fault) {
  return *std::find_if(std::begin(entries), std::end(entries),
                       [&](const Entry& e) { return e.fault == fault; });
}

/// Mean harmonic-to-noise ratio in dB; −20 where nothing was measured.
double mean_hnr(std::span<const HarmonicFrame> harmonics) {
  if (harmonics.empty()) return -20;
  double sum = 0;
  for (const HarmonicFrame& h : harmonics) sum += static_cast<double>(h.hnr_db);
  return sum / static_cast<double>(harmonics.size());
}

using Faults = std::vector<CaptureAdvice>;

/// Why this is no take of singing at all; at most one reason.
void judge_kind(const CaptureQuality& q, const CaptureEvidence& take, Seconds voiced, Faults& out) {
  if (q.peak < silent_peak)
    out.push_back({CaptureFault::silence, q.peak.value, true});
  else if (voiced < no_voice_below)
    out.push_back({CaptureFault::no_voice, voiced.value, true});
  else if (is_pure_tone(take.frames, take.harmonics, take.bands))
    out.push_back({CaptureFault::pure_tone, 1, true});
  else if (q.instrument >= suspected_from)
    out.push_back({CaptureFault::instrument, q.instrument, true});
}

/// What stands in the way of measuring a voice that is there.
void judge_voice(const CaptureQuality& q, const CaptureEvidence& take, const Bandwidth& band, Seconds voiced,
                 Faults& out) {
  if (voiced < too_little_below) out.push_back({CaptureFault::too_little, voiced.value, true});
  if (q.speech >= suspected_from) out.push_back({CaptureFault::speech, q.speech, q.speech >= sure_from});
  if (q.accompaniment >= suspected_from)
    out.push_back({CaptureFault::accompaniment, q.accompaniment, mean_hnr(take.harmonics) < drowned_hnr_db});
  const bool hum_is_the_noise = q.hum > -q.snr - Decibels(3);
  if (q.snr < noisy_below && !hum_is_the_noise)
    out.push_back({CaptureFault::noisy, q.snr.value, q.snr < drowned_below});
  if (q.active_level < quiet_below) out.push_back({CaptureFault::too_quiet, q.active_level.value, false});
  if (q.reverberation >= echoing) out.push_back({CaptureFault::reverberant, q.reverberation.value, false});
  if (q.hum >= hum_from) out.push_back({CaptureFault::hum, q.hum.value, false});
  const bool edge_seen = band.edge.value > 0 && band.floor < quiet_band;
  if (q.bandwidth < narrow_below && edge_seen)
    out.push_back({CaptureFault::narrow_band, q.bandwidth.value, false});
}

void judge(CaptureQuality& q, const CaptureEvidence& take, const Bandwidth& band, Seconds voiced) {
  judge_kind(q, take, voiced, q.advice);
  if (q.advice.empty()) judge_voice(q, take, band, voiced, q.advice);
  if (q.clipped_share >= clipped_from) q.advice.push_back({CaptureFault::clipped, q.clipped_share, false});
  if (take.invalid_samples > 0)
    q.advice.push_back({CaptureFault::invalid_samples, static_cast<double>(take.invalid_samples), false});
}

}  // namespace

std::string_view to_string(CaptureFault fault) { return entry(fault).code; }
std::string_view advice(CaptureFault fault) { return entry(fault).advice; }

bool is_no_singing(const CaptureAdvice& advice) {
  switch (advice.fault) {
    case CaptureFault::silence:
    case CaptureFault::no_voice:
    case CaptureFault::too_little:
    case CaptureFault::pure_tone:
    case CaptureFault::instrument:
    case CaptureFault::speech:
      return advice.blocking;
    default:
      return false;
  }
}

CaptureQuality measure_capture(const CaptureEvidence& take, InstructionSet set) {
  CaptureQuality q;
  const Bandwidth band = take.source.bandwidth();
  const auto levels = level_contour(take.signal);
  const Levels measured = measure_levels(take.frames, levels);
  const double peak = static_cast<double>(take.source.peak());
  q.peak = Decibels(math::power_to_db(peak * peak));
  q.active_level = measured.active;
  // Without a pause the quietest tenth is still singing; noise cannot be above what the harmonics leave.
  q.snr = std::max(measured.snr, Decibels(mean_hnr(take.harmonics)));
  q.clipped_share = take.source.clipped_share();
  q.bandwidth = band.edge;
  q.hum = measure_hum(take.signal, measured.active, set);
  const Seconds voiced = frame_hop * static_cast<double>(std::count_if(take.frames.begin(), take.frames.end(),
                                                                       [](auto& f) { return f.voiced(); }));
  if (voiced >= no_voice_below) {
    q.reverberation = measure_reverberation(levels, q.active_level);
    q.accompaniment =
        backing_suspicion(find_backing(take.frames, take.signal, q.hum >= hum_from, q.reverberation, set));
    q.speech = speech_likeness(take.frames, take.notes);
    q.instrument = instrument_likeness(take.notes, levels);
  }
  judge(q, take, band, voiced);
  std::stable_sort(q.advice.begin(), q.advice.end(), [](const CaptureAdvice& a, const CaptureAdvice& b) {
    if (a.blocking != b.blocking) return a.blocking;
    return &entry(a.fault) < &entry(b.fault);
  });
  return q;
}

}  // namespace orakgarak::voice
