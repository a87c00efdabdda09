#include "formats/recommend_json.h"

#include "formats/recommend_words.h"
#include "formats/report_number.h"

namespace orakgarak::formats {
namespace {

Json takes_json(std::span<const TakeOutcome> takes) {
  Json json = Json::array();
  for (const auto& take : takes) {
    Json item{{"file", take.file}, {"answered", !take.unreadable && !take.why_not}};
    if (take.unreadable)
      item["error"] = {{"code", take.unreadable->code}, {"detail", take.unreadable->detail}};
    if (take.why_not) item["why_not"] = *take.why_not;
    json.push_back(std::move(item));
  }
  return json;
}

Json end_json(const std::optional<songs::ProfileEnd>& end, Notation notation) {
  if (!end) return {{"midi", nullptr}};
  return {{"midi", rounded(end->pitch.value, 3)},
          {"note", note_name(end->pitch, notation)},
          {"uncertainty_semitones", rounded(end->uncertainty.value, 2)}};
}

Json profile_json(const songs::SingerProfile& profile, Notation notation) {
  return {{"takes", profile.takes},
          {"lowest", end_json(profile.lowest, notation)},
          {"highest", end_json(profile.highest, notation)},
          {"comfortable_low", end_json(profile.comfortable_low, notation)},
          {"comfortable_high", end_json(profile.comfortable_high, notation)}};
}

/// The sentences under `name`, the facts behind them under `name`_facts, in the same order.
void add_reasons(Json& json, const std::string& name, std::span<const songs::Reason> reasons,
                 Notation notation) {
  Json sentences = Json::array(), facts = Json::array();
  for (const auto& reason : reasons) {
    sentences.push_back(describe(reason, notation));
    facts.push_back(fact_json(reason));
  }
  json[name] = std::move(sentences);
  json[name + "_facts"] = std::move(facts);
}

Json match_json(const songs::Match& match, const songs::Song& song, Notation notation) {
  Json json{{"title", song.title},
            {"artist", song.artist},
            {"year", song.year ? Json(*song.year) : Json(nullptr)},
            {"language", song.language},
            {"key_shift", match.key_shift},
            {"octave_shift", match.octave_shift},
            {"fit", rounded(match.fit, 1)},
            {"fit_uncertainty", rounded(match.fit_uncertainty, 1)},
            {"confident", match.confident}};
  add_reasons(json, "reasons", match.reasons, notation);
  json["karaoke"] = karaoke_json(song.karaoke);
  json["source"] = song.source;
  return json;
}

Json matches_json(std::span<const songs::Match> matches, std::span<const songs::Song> songs,
                  Notation notation) {
  Json json = Json::array();
  for (const auto& match : matches) json.push_back(match_json(match, songs[match.song], notation));
  return json;
}

}  // namespace

Json fact_json(const songs::Reason& reason) {
  Json json{{"code", to_string(reason.code)}, {"key", reason.key}};
  const auto add = [&](const char* name, const auto& quantity) {
    if (quantity) json[name] = rounded(quantity->value, 2);
  };
  add("limit_midi", reason.limit);
  add("low_limit_midi", reason.low_limit);
  add("note_midi", reason.note);
  add("low_note_midi", reason.low_note);
  add("seconds", reason.seconds);
  add("seconds_at_note", reason.at_note);
  add("margin_semitones", reason.margin);
  if (reason.share) json["share"] = rounded(*reason.share, 3);
  if (reason.octaves) json["octaves"] = *reason.octaves;
  if (reason.chart_peak) json["chart_peak"] = *reason.chart_peak;
  if (reason.album_rank) json["album_rank"] = *reason.album_rank;
  return json;
}

Json karaoke_json(const songs::KaraokeNumbers& numbers) {
  Json json = Json::object();
  const auto add = [&](const char* machine, const std::string& number) {
    if (!number.empty()) json[machine] = number;
  };
  add("tj", numbers.tj);
  add("ky", numbers.ky);
  add("dam", numbers.dam);
  add("joysound", numbers.joysound);
  return json;
}

std::string recommend_json(std::span<const TakeOutcome> takes, const songs::SingerProfile& profile,
                           std::span<const songs::Song> songs, const songs::MatchAnswer& answer,
                           Notation notation) {
  const bool answered = !answer.songs.empty() || !answer.octave_apart.empty() || answer.why_nothing.empty();
  Json json{{"answered", answered},
            {"why_not", answered ? Json(nullptr) : Json(describe(answer.why_nothing.front(), notation))},
            {"takes", takes_json(takes)},
            {"profile", profile_json(profile, notation)},
            {"songs", matches_json(answer.songs, songs, notation)},
            {"octave_apart", matches_json(answer.octave_apart, songs, notation)},
            {"nothing_fits", answer.nothing_fits}};
  add_reasons(json, "why_nothing", answer.why_nothing, notation);
  add_reasons(json, "cautions", answer.cautions, notation);
  return to_line(json);
}

std::string recommend_nothing_json(std::span<const TakeOutcome> takes, const std::string& why_not) {
  return to_line({{"answered", false},
                  {"why_not", why_not},
                  {"takes", takes_json(takes)},
                  {"profile", nullptr},
                  {"songs", Json::array()},
                  {"octave_apart", Json::array()},
                  {"nothing_fits", false},
                  {"why_nothing", Json::array()},
                  {"why_nothing_facts", Json::array()},
                  {"cautions", Json::array()},
                  {"cautions_facts", Json::array()}});
}

}  // namespace orakgarak::formats
