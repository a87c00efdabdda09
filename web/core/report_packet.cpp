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

  void end(const std::expected<voice::RangeEnd, voice::RangeDecline>& end) {
    number(end.has_value());
    if (!end) return code(to_string(end.error()));
    numbers({end->pitch.value, end->steady.value, end->longest.start.value, end->longest.end.value,
             end->uncertainty.value});
  }

  void measure(const std::optional<voice::Measure>& m) {
    number(m.has_value());
    if (m) numbers({m->value, m->deviation, m->z, m->share});
  }

  void notes(const voice::Notes& sung) {
    count(sung.notes.size());
    for (const voice::Note& n : sung.notes) {
      numbers({n.span.start.value, n.span.end.value, n.pitch.value, n.instability.value});
      number(n.vibrato.has_value());
      if (n.vibrato) numbers({n.vibrato->rate.value, n.vibrato->extent.value});
    }
    count(sung.glides.size());
    for (const voice::Glide& g : sung.glides)
      numbers({g.span.start.value, g.span.end.value, g.from.value, g.to.value});
  }

  void timbre(const voice::Timbre& t) {
    for (const auto* m :
         {&t.spectral_centroid_hz, &t.spectral_tilt_db_per_octave, &t.harmonic_to_noise_db,
          &t.cepstral_peak_prominence_db, &t.h1_h2_db, &t.vibrato_rate_hz, &t.vibrato_extent_cents})
      measure(*m);
    number(t.mfcc_share);
    for (double mean : t.mfcc_mean) number(mean);
    for (double deviation : t.mfcc_deviation) number(deviation);
    count(t.words.size());
    for (const voice::TimbreWord& w : t.words) {
      number(w.z);
      code(w.word);
      code(w.measure);
    }
  }

  void capture(const voice::CaptureQuality& c) {
    numbers({c.peak.value, c.active_level.value, c.snr.value, c.clipped_share, c.bandwidth.value, c.hum.value,
             c.reverberation.value, c.accompaniment, c.speech, c.instrument});
    count(c.advice.size());
    for (const voice::CaptureAdvice& a : c.advice) {
      numbers({a.value, a.blocking ? 1.0 : 0.0});
      code(to_string(a.fault));
    }
  }

  ReportPacket take() && { return std::move(packet_); }

 private:
  ReportPacket packet_;
};

}  // namespace

ReportPacket pack(const voice::VoiceReport& report) {
  Packer p;
  p.numbers({packet_version, voice::analyser_version});
  p.numbers({report.duration.value, report.source_rate.value, report.voiced.value});
  const voice::Range& range = report.range;
  for (const auto* end : {&range.lowest, &range.highest, &range.comfortable_low, &range.comfortable_high})
    p.end(*end);
  for (float seconds : report.tessitura.seconds) p.number(seconds);
  p.number(report.intonation.has_value());
  if (const auto& i = report.intonation)
    p.numbers(
        {i->tuning.value, i->mean_distance.value, i->drift_per_minute.value, static_cast<double>(i->notes)});
  p.notes(report.notes);
  p.timbre(report.timbre);
  p.capture(report.capture);
  return std::move(p).take();
}

}  // namespace orakgarak::web
