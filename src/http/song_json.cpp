#include "http/song_json.h"

#include "formats/recommend_json.h"

namespace orakgarak::http {
namespace {

constexpr int decimals = 3;

Json midi_json(const std::optional<Midi>& midi) {
  return midi ? formats::rounded(midi->value, decimals) : Json(nullptr);
}

}  // namespace

Json song_json(const Catalogue& catalogue, std::size_t index) {
  const auto& song = catalogue.song(index);
  return {{"id", catalogue.id(index)},
          {"title", song.title},
          {"artist", song.artist},
          {"year", song.year ? Json(*song.year) : Json(nullptr)},
          {"language", song.language},
          {"lowest_midi", midi_json(song.lowest)},
          {"highest_midi", midi_json(song.highest)},
          {"octave_uncertain", song.octave == songs::OctaveEvidence::uncertain},
          {"karaoke", formats::karaoke_json(song.karaoke)},
          {"source", song.source}};
}

Json feedback_json(const people::Feedback& feedback) {
  return {{"song", feedback.song},
          {"verdict", to_string(feedback.verdict)},
          {"key_shift", feedback.key_shift},
          {"octave_shift", feedback.octave_shift},
          {"at", to_rfc3339(feedback.at)}};
}

Json seconds_json(const std::map<int, double>& seconds) {
  Json json = Json::object();
  for (const auto& [midi, sung] : seconds) json[std::to_string(midi)] = formats::rounded(sung, decimals);
  return json;
}

}  // namespace orakgarak::http
