#include "formats/report_json.h"

#include "formats/report_number.h"
#include "formats/report_words.h"

namespace orakgarak::formats {
namespace {

using End = std::expected<voice::RangeEnd, voice::RangeDecline>;

Json span_json(const TimeSpan& span) {
  return {{"start_s", rounded(span.start.value, 3)}, {"end_s", rounded(span.end.value, 3)}};
}

Json end_json(const End& end, Notation notation) {
  if (!end) return {{"midi", nullptr}};
  return {{"midi", rounded(end->pitch.value, 3)},
          {"note", note_name(end->pitch, notation)},
          {"hz", rounded(to_hertz(end->pitch).value, 2)},
          {"uncertainty_semitones", rounded(end->uncertainty.value, 2)},
          {"steady_s", rounded(end->steady.value, 2)},
          {"listen", span_json(end->longest)}};
}

Json range_json(const voice::Range& range, Notation notation) {
  Json json, declined = Json::object();
  const auto add = [&](const char* name, const End& end) {
    json[name] = end_json(end, notation);
    if (!end) declined[name] = {{"code", to_string(end.error())}, {"detail", voice::explain(end.error())}};
  };
  add("lowest", range.lowest);
  add("highest", range.highest);
  add("comfortable_low", range.comfortable_low);
  add("comfortable_high", range.comfortable_high);
  if (!declined.empty()) json["declined"] = std::move(declined);
  return json;
}

Json tessitura_json(const voice::Tessitura& tessitura, Notation notation) {
  Json json = Json::array();
  for (std::size_t midi = 0; midi < tessitura.seconds.size(); ++midi)
    if (tessitura.seconds[midi] > 0)
      json.push_back({{"midi", midi},
                      {"note", note_name(Midi(static_cast<double>(midi)), notation)},
                      {"seconds", rounded(tessitura.seconds[midi], 2)}});
  return json;
}

Json intonation_json(const std::optional<voice::Intonation>& intonation) {
  if (!intonation) return nullptr;
  return {{"tuning_cents", rounded(intonation->tuning.value, 1)},
          {"mean_distance_cents", rounded(intonation->mean_distance.value, 1)},
          {"drift_cents_per_minute", rounded(intonation->drift_per_minute.value, 1)},
          {"notes", intonation->notes}};
}

Json measure_json(const std::optional<voice::Measure>& measure) {
  if (!measure) return nullptr;
  return {{"value", rounded(measure->value, 3)},
          {"deviation", rounded(measure->deviation, 3)},
          {"z", rounded(measure->z, 2)},
          {"share", rounded(measure->share, 3)}};
}

Json numbers_json(std::span<const double> numbers) {
  Json json = Json::array();
  for (const double number : numbers) json.push_back(rounded(number, 3));
  return json;
}

Json timbre_json(const voice::Timbre& timbre) {
  Json words = Json::array();
  for (const auto& word : timbre.words)
    words.push_back({{"word", word.word}, {"measure", word.measure}, {"z", rounded(word.z, 2)}});
  return {{"spectral_centroid_hz", measure_json(timbre.spectral_centroid_hz)},
          {"spectral_tilt_db_per_octave", measure_json(timbre.spectral_tilt_db_per_octave)},
          {"harmonic_to_noise_db", measure_json(timbre.harmonic_to_noise_db)},
          {"cepstral_peak_prominence_db", measure_json(timbre.cepstral_peak_prominence_db)},
          {"h1_h2_db", measure_json(timbre.h1_h2_db)},
          {"vibrato_rate_hz", measure_json(timbre.vibrato_rate_hz)},
          {"vibrato_extent_cents", measure_json(timbre.vibrato_extent_cents)},
          {"mfcc",
           {{"mean", numbers_json(timbre.mfcc_mean)},
            {"deviation", numbers_json(timbre.mfcc_deviation)},
            {"share", rounded(timbre.mfcc_share, 3)}}},
          {"words", std::move(words)}};
}

Json notes_json(std::span<const voice::Note> notes, Notation notation) {
  Json json = Json::array();
  for (const auto& note : notes) {
    Json item = span_json(note.span);
    item["midi"] = rounded(note.pitch.value, 3);
    item["note"] = note_name(note.pitch, notation);
    item["instability_cents"] = rounded(note.instability.value, 1);
    item["vibrato"] = nullptr;
    if (note.vibrato)
      item["vibrato"] = {{"rate_hz", rounded(note.vibrato->rate.value, 2)},
                         {"extent_cents", rounded(note.vibrato->extent.value, 1)}};
    json.push_back(std::move(item));
  }
  return json;
}

Json glides_json(std::span<const voice::Glide> glides) {
  Json json = Json::array();
  for (const auto& glide : glides) {
    Json item = span_json(glide.span);
    item["from_midi"] = rounded(glide.from.value, 3);
    item["to_midi"] = rounded(glide.to.value, 3);
    json.push_back(std::move(item));
  }
  return json;
}

Json capture_json(const voice::CaptureQuality& capture) {
  Json advice = Json::array();
  for (const auto& item : capture.advice)
    advice.push_back({{"fault", to_string(item.fault)},
                      {"value", rounded(item.value, 3)},
                      {"blocking", item.blocking},
                      {"text", voice::advice(item.fault)}});
  return {{"peak_db", rounded(capture.peak.value, 1)},
          {"active_level_db", rounded(capture.active_level.value, 1)},
          {"snr_db", rounded(capture.snr.value, 1)},
          {"clipped_share", rounded(capture.clipped_share, 5)},
          {"bandwidth_hz", rounded(capture.bandwidth.value, 0)},
          {"hum_db", rounded(capture.hum.value, 1)},
          {"reverberation_s", rounded(capture.reverberation.value, 2)},
          {"accompaniment", rounded(capture.accompaniment, 2)},
          {"speech", rounded(capture.speech, 2)},
          {"instrument", rounded(capture.instrument, 2)},
          {"advice", std::move(advice)}};
}

Json backing_json(const Result<RemovedBacking>& backing) {
  if (!backing)
    return {{"removed_db", 0},
            {"why_not", {{"code", backing.error().code}, {"detail", backing.error().detail}}}};
  return {{"removed_db", rounded(backing->removed.value, 1)},
          {"started_s", rounded(backing->started.value, 3)},
          {"drift_ppm", rounded(backing->drift_ppm, 1)}};
}

// One letter a point: b(oth), a(utocorrelation), n(etwork), - where nothing is sung.
Json curve_json(const PitchCurve& curve) {
  Json midi = Json::array();
  std::string heard_by;
  for (const auto& [pitch, judge] : curve.points) {
    midi.push_back(pitch ? rounded(pitch->value, 2) : Json());
    heard_by += pitch ? to_string(judge).front() : '-';
  }
  return {{"hop_seconds", curve.hop.value}, {"midi", std::move(midi)}, {"heard_by", std::move(heard_by)}};
}

Json heard_by_json(std::span<const voice::PitchFrame> frames) {
  Json json;
  for (const auto judge : {voice::Judge::both, voice::Judge::autocorrelation, voice::Judge::network})
    json[std::string(to_string(judge))] = rounded(voice::share_judged_by(judge, frames), 3);
  return json;
}

}  // namespace

std::string report_json(const TakeFacts& take, const voice::VoiceReport& report, Notation notation,
                        const std::optional<PitchCurve>& curve) {
  const auto nothing = nothing_to_measure(report);
  Json json{{"file", take.file},
            {"analyser_version", voice::core_version},
            {"answered", !nothing},
            {"why_not", nothing ? Json(*nothing) : Json(nullptr)},
            {"duration_s", rounded(report.duration.value, 3)},
            {"source_rate_hz", rounded(report.source_rate.value, 3)},
            {"truncated", take.truncated},
            {"voiced_s", rounded(report.voiced.value, 2)},
            {"heard_by", heard_by_json(report.frames)},
            {"range", range_json(report.range, notation)},
            {"tessitura", tessitura_json(report.tessitura, notation)},
            {"intonation", intonation_json(report.intonation)},
            {"timbre", timbre_json(report.timbre)},
            {"notes", notes_json(report.notes.notes, notation)},
            {"glides", glides_json(report.notes.glides)},
            {"capture", capture_json(report.capture)}};
  if (take.backing) json["backing"] = backing_json(*take.backing);
  if (take.waveform)
    json["waveform"] = {{"seconds", rounded(report.duration.value, 3)}, {"peaks", *take.waveform}};
  if (curve) json["curve"] = curve_json(*curve);
  return to_line(json);
}

std::string unreadable_json(std::string_view file, const Error& error) {
  return to_line({{"file", file}, {"error", {{"code", error.code}, {"detail", error.detail}}}});
}

}  // namespace orakgarak::formats
