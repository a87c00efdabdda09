#include <algorithm>

#include "formats/text_utf8.h"
#include "http/files.h"
#include "http/paging.h"
#include "http/profile_json.h"
#include "http/routes.h"
#include "http/song_json.h"
#include "songs/catalogue.h"

namespace orakgarak::http {
namespace {

constexpr std::size_t longest_search = 200;
constexpr int outermost_key = 12;

Result<std::size_t> song_of(const Service& service, const Call& call) {
  if (const auto index = service.catalogue.find(call.captured[0])) return *index;
  return fail(ErrorKind::not_found, "no_such_song", "There is no song of this id; GET /v1/songs lists them.");
}

Json keys_json(const std::vector<songs::KeyFit>& fits) {
  Json json = Json::array();
  for (const auto& in_key : fits)
    json.push_back({{"key_shift", in_key.key_shift},
                    {"fit", formats::rounded(in_key.fit, 1)},
                    {"fit_uncertainty", formats::rounded(in_key.fit_uncertainty, 1)}});
  return json;
}

/// What a caller gets beside the song itself. Without a session, or a usable take, all of it is empty.
Result<void> add_caller(Service& service, const Call& call, std::size_t song, Json& page) {
  if (!call.caller) return {};
  const auto person = profile_of(service, call.owner());
  if (!person) return std::unexpected(person.error());
  const auto said = std::ranges::find(person->said, service.catalogue.id(song), &people::Feedback::song);
  if (said != person->said.end()) page["feedback"] = feedback_json(*said);
  if (person->takes.empty()) return {};
  page["profile"] = profile_json(*person);
  if (const auto fits = service.catalogue.matcher().fit_in_keys(person->profile, song))
    page["keys"] = keys_json(*fits);
  return {};
}

}  // namespace

Result<net::Response> find_songs(Service& service, const Call& call) {
  auto query = call.query;
  const auto search = query.one("search").value_or("");
  const auto limit = limit_of(service, query);
  const auto cursor = query.one("cursor");
  if (characters(search) > longest_search) query.fault("search", "at most 200 characters");
  if (cursor && !songs::parse_song_id(*cursor))
    query.fault("cursor", "what `next` of a page says", "bad_cursor");
  if (query.error()) return std::unexpected(*query.error());
  const auto last = cursor ? service.catalogue.find(*cursor) : std::nullopt;
  if (cursor && !last)
    return fail(ErrorKind::not_found, "no_such_song",
                "The last song of the page before is not there any more; begin with the first page.");
  const auto found = service.catalogue.search(formats::tidy_name(search));
  const auto before = last ? std::ranges::find(found, *last) : found.end();
  if (last && before == found.end())
    return fail(ErrorKind::not_found, "no_such_song",
                "The last song of the page before is not found by this search; begin with its first page.");
  const auto from = last ? before + 1 : found.begin();
  const auto to = from + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(limit), found.end() - from);
  Json items = Json::array();
  for (auto at = from; at != to; ++at) items.push_back(song_json(service.catalogue, *at));
  const bool more = to != found.end();
  return json_response(200, {{"items", std::move(items)},
                             {"next", more ? Json(service.catalogue.id(*(to - 1))) : Json(nullptr)}});
}

Result<net::Response> get_song(Service& service, const Call& call) {
  const auto index = song_of(service, call);
  if (!index) return std::unexpected(index.error());
  Json page{{"song", song_json(service.catalogue, *index)},
            {"seconds_per_semitone", seconds_json(service.catalogue.song(*index).seconds_per_semitone)},
            {"profile", nullptr},
            {"keys", Json::array()},
            {"feedback", nullptr}};
  if (auto added = add_caller(service, call, *index, page); !added)
    return std::unexpected(std::move(added.error()));
  return json_response(200, page);
}

Result<net::Response> give_feedback(Service& service, const Call& call) {
  FieldReader fields(call.body, {"verdict", "key_shift", "octave_shift"});
  people::Feedback feedback;
  const auto verdict = fields.read("verdict", people::parse_verdict, "easy, fits, too_hard or not_for_me");
  feedback.key_shift = static_cast<int>(fields.integer("key_shift", -outermost_key, outermost_key));
  feedback.octave_shift = static_cast<int>(fields.integer_or("octave_shift", 0, -1, 1));
  if (fields.error()) return std::unexpected(*fields.error());
  const auto index = song_of(service, call);
  if (!index) return std::unexpected(index.error());
  feedback.song = service.catalogue.id(*index);
  feedback.verdict = *verdict;
  feedback.at = call.now;
  if (auto said = service.people.say(call.owner(), feedback); !said)
    return std::unexpected(std::move(said.error()));
  return json_response(200, feedback_json(feedback));
}

/// A song that has left the catalogue can still be unsaid.
Result<net::Response> take_feedback_back(Service& service, const Call& call) {
  if (auto unsaid = service.people.unsay(call.owner(), call.captured[0]); !unsaid)
    return std::unexpected(std::move(unsaid.error()));
  return no_content();
}

Result<net::Response> list_feedback(Service& service, const Call& call) {
  const auto said = service.people.said(call.owner());
  if (!said) return std::unexpected(said.error());
  return items_response(*said, feedback_json);
}

Result<net::Response> catalogue_lines(Service& service, const Call& call) {
  net::Response response;
  response.fields = {{"ETag", service.catalogue.tag()}, {"Cache-Control", "no-cache"}};
  if (has_already(call.head, service.catalogue.tag())) {
    response.status = 304;
    return response;
  }
  response.fields.add("Content-Type", "application/jsonl");
  response.body = service.catalogue.lines();
  return response;
}

}  // namespace orakgarak::http
