#include <algorithm>

#include "formats/recommend_json.h"
#include "http/profile_json.h"
#include "http/routes.h"
#include "http/song_json.h"

namespace orakgarak::http {
namespace {

constexpr std::size_t most_values = 20, most_songs = 100, usual_songs = 10;
constexpr int outermost_key = 12, first_decade = 1000, last_decade = 2990;

/// "-6..+6", in any order; nothing for other text or keys beyond an octave.
std::optional<std::pair<int, int>> parse_keys(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto lowest = parse_integer(text.substr(0, dots)), highest = parse_integer(text.substr(dots + 2));
  if (!lowest || !highest) return std::nullopt;
  const auto [low, high] = std::minmax(*lowest, *highest);
  if (low < -outermost_key || high > outermost_key) return std::nullopt;
  return std::pair(static_cast<int>(low), static_cast<int>(high));
}

std::vector<std::string> languages_of(Query& query, std::string_view name) {
  std::vector<std::string> codes;
  for (const auto text : query.all(name, most_values)) {
    if (text.size() != 2 || !std::ranges::all_of(text, [](char c) { return 'a' <= c && c <= 'z'; }))
      query.fault(name, "the two small letters of a language, such as ko");
    codes.emplace_back(text);
  }
  return codes;
}

std::vector<int> decades_of(Query& query) {
  std::vector<int> decades;
  for (const auto text : query.all("decade", most_values)) {
    const auto year = parse_integer(text);
    if (!year || *year < first_decade || *year > last_decade || *year % 10 != 0)
      query.fault("decade", "the first year of a decade, such as 1990");
    else
      decades.push_back(static_cast<int>(*year));
  }
  return decades;
}

Result<songs::MatchOptions> match_options(const Call& call) {
  auto query = call.query;
  songs::MatchOptions options;
  const auto keys = query.read("keys", parse_keys, "key shifts within -12..12, such as -6..6");
  if (keys) std::tie(options.lowest_key, options.highest_key) = *keys;
  options.decades = decades_of(query);
  options.languages = languages_of(query, "language");
  options.preferred_languages = languages_of(query, "prefer_language");
  options.hide_uncertain_octave = query.flag("hide_uncertain_octave");
  options.limit = static_cast<std::size_t>(query.integer_or("limit", usual_songs, 1, most_songs));
  if (query.error()) return std::unexpected(*query.error());
  return options;
}

Json facts_json(std::span<const songs::Reason> reasons) {
  Json facts = Json::array();
  for (const auto& reason : reasons) facts.push_back(formats::fact_json(reason));
  return facts;
}

Json matches_json(const Catalogue& catalogue, std::span<const songs::Match> matches,
                  std::span<const people::Feedback> feedback) {
  Json json = Json::array();
  for (const auto& match : matches) {
    const auto said = std::ranges::find(feedback, catalogue.id(match.song), &people::Feedback::song);
    json.push_back({{"song", song_json(catalogue, match.song)},
                    {"key_shift", match.key_shift},
                    {"octave_shift", match.octave_shift},
                    {"fit", formats::rounded(match.fit, 1)},
                    {"fit_uncertainty", formats::rounded(match.fit_uncertainty, 1)},
                    {"confident", match.confident},
                    {"reasons", facts_json(match.reasons)},
                    {"feedback", said == feedback.end() ? Json(nullptr) : feedback_json(*said)}});
  }
  return json;
}

Json answer_json(const Catalogue& catalogue, const people::PersonProfile& person,
                 const songs::MatchAnswer& answer) {
  return {{"profile", profile_json(person)},
          {"songs", matches_json(catalogue, answer.songs, person.said)},
          {"octave_apart", matches_json(catalogue, answer.octave_apart, person.said)},
          {"nothing_fits", answer.nothing_fits},
          {"why_nothing", facts_json(answer.why_nothing)},
          {"cautions", facts_json(answer.cautions)}};
}

/// There is no usable take yet: an answer too, and no error.
Json no_answer_json() {
  return {{"profile", nullptr},    {"songs", Json::array()},       {"octave_apart", Json::array()},
          {"nothing_fits", false}, {"why_nothing", Json::array()}, {"cautions", Json::array()}};
}

}  // namespace

Result<net::Response> get_profile(Service& service, const Call& call) {
  const auto person = profile_of(service, call.owner());
  if (!person) return std::unexpected(person.error());
  return json_response(200, profile_json(*person));
}

Result<net::Response> recommendations(Service& service, const Call& call) {
  auto options = match_options(call);
  if (!options) return std::unexpected(std::move(options.error()));
  const auto person = profile_of(service, call.owner());
  if (!person) return std::unexpected(person.error());
  if (person->takes.empty()) return json_response(200, no_answer_json());
  options->hidden = person->hidden;
  const auto answer = service.catalogue.matcher().match(person->profile, *options);
  if (!answer && answer.error().code == "profile_empty") return json_response(200, no_answer_json());
  if (!answer) return std::unexpected(answer.error());
  return json_response(200, answer_json(service.catalogue, *person, *answer));
}

}  // namespace orakgarak::http
