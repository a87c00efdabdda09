#include "report_packet.h"

#include <initializer_list>

namespace orakgarak::web {
namespace {

class Packer {
 public:
  void numbers(std::initializer_list<double> values) {
    packet_.numbers.insert(packet_.numbers.end(), values.begin(), values.end());
  }
  void number(double value) { packet_.numbers.push_back(value); }
  void count(std::size_t n) { number(static_cast<double>(n)); }
  void code(std::string_view text) { packet_.codes.append(text).push_back('\n'); }

  // Every struct is taken apart whole: a field that is new in src/voice and not written here fails to
  // compile.

  void end(const std::expected<voice::RangeEnd, voice::RangeDecline>& end) {
    number(end.has_value());
    if (!end) return code(to_string(end.error()));
    const auto& [pitch, steady, longest, uncertainty] = *end;
    numbers({pitch.value, steady.value, longest.start.value, longest.end.value, uncertainty.value});
  }

  void intonation(const std::optional<voice::Intonation>& measured) {
    number(measured.has_value());
    if (!measured) return;
    const auto& [tuning, mean_distance, drift, notes] = *measured;
    numbers({tuning.value, mean_distance.value, drift.value, static_cast<double>(notes)});
  }

  void measure(const std::optional<voice::Measure>& measured) {
    number(measured.has_value());
    if (!measured) return;
    const auto& [value, deviation, z, share] = *measured;
    numbers({value, deviation, z, share});
  }

  void notes(const voice::Notes& sung) {
    const auto& [notes, glides] = sung;
    count(notes.size());
    for (const auto& [span, pitch, instability, vibrato] : notes) {
      numbers({span.start.value, span.end.value, pitch.value, instability.value});
      number(vibrato.has_value());
      if (vibrato) numbers({vibrato->rate.value, vibrato->extent.value});
    }
    count(glides.size());
    for (const auto& [span, from, to] : glides)
      numbers({span.start.value, span.end.value, from.value, to.value});
  }

  void timbre(const voice::Timbre& t) {
    const auto& [centroid, tilt, harmonicity, cepstral_peak, h1_h2, vibrato_rate, vibrato_extent, instability,
                 mfcc_mean, mfcc_deviation, mfcc_share, words] = t;
    for (const auto* m : {&centroid, &tilt, &harmonicity, &cepstral_peak, &h1_h2, &vibrato_rate,
                          &vibrato_extent, &instability})
      measure(*m);
    number(mfcc_share);
    for (double mean : mfcc_mean) number(mean);
    for (double deviation : mfcc_deviation) number(deviation);
    count(words.size());
    for (const auto& [word, because_of, z] : words) {
      number(z);
      code(word);
      code(because_of);
    }
  }

  void capture(const voice::CaptureQuality& quality) {
    const auto& [peak, level, snr, clipped, bandwidth, hum, reverberation, accompaniment, speech, instrument,
                 advice] = quality;
    numbers({peak.value, level.value, snr.value, clipped, bandwidth.value, hum.value, reverberation.value,
             accompaniment, speech, instrument});
    count(advice.size());
    for (const auto& [fault, value, blocking] : advice) {
      numbers({value, blocking ? 1.0 : 0.0});
      code(to_string(fault));
    }
  }

  ReportPacket take() && { return std::move(packet_); }

 private:
  ReportPacket packet_;
};

}  // namespace

ReportPacket pack(const voice::VoiceReport& report) {
  const auto& [duration, source_rate, voiced, frames, notes, range, tessitura, intonation, timbre, capture] =
      report;
  static_cast<void>(frames);  // passed as they are, beside the packet
  const auto& [lowest, highest, comfortable_low, comfortable_high] = range;
  Packer p;
  p.numbers({packet_version, voice::core_version});
  p.numbers({duration.value, source_rate.value, voiced.value});
  for (const auto* end : {&lowest, &highest, &comfortable_low, &comfortable_high}) p.end(*end);
  for (float seconds : tessitura.seconds) p.number(seconds);
  p.intonation(intonation);
  p.notes(notes);
  p.timbre(timbre);
  p.capture(capture);
  return std::move(p).take();
}

}  // namespace orakgarak::web
