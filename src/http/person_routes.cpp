#include "http/album_json.h"
#include "http/handing_out.h"
#include "http/paging.h"
#include "http/profile_json.h"
#include "http/routes.h"
#include "people/social_errors.h"

namespace orakgarak::http {
namespace {

constexpr std::size_t longest_introduction = 300;

people::Shown read_shown(FieldReader& fields) {
  if (!fields.has("shows")) return {};
  const Json none;
  const auto* json = fields.value("shows");
  FieldReader items(json ? *json : none, {"range", "tessitura", "colour", "recordings"}, "shows.");
  const auto flag = [&](std::string_view name) {
    if (!items.has(name)) return false;
    const auto* value = items.value(name);
    if (value && value->is_boolean()) return value->get<bool>();
    items.fault(name, "true or false");
    return false;
  };
  const people::Shown shown{flag("range"), flag("tessitura"), flag("colour"), flag("recordings")};
  if (items.error()) fields.keep(*items.error());
  return shown;
}

/// What stands out of the voice in the newest take; null where nothing can be said.
Result<Json> colour_json(Service& service, const people::PersonProfile& person) {
  if (person.takes.empty()) return Json(nullptr);
  const auto report = service.uploads.report(person.takes.front());
  if (!report) return std::unexpected(report.error());
  const auto json = Json::parse(*report, nullptr, false);
  const auto words = json.is_object() ? json.value("/timbre/words"_json_pointer, Json()) : Json();
  if (!words.is_array()) return Json(nullptr);
  Json colour = Json::array();
  for (const auto& word : words) colour.push_back({{"word", word["word"]}, {"z", word["z"]}});
  return colour;
}

/// The voice of a person, as far as their page shows it.
Result<void> add_voice(Service& service, const people::PublicProfile& profile, Json& json) {
  const auto& shown = profile.shown;
  if (!shown.range && !shown.tessitura && !shown.colour) return {};
  const auto person = profile_of(service, profile.owner);
  if (!person) return std::unexpected(person.error());
  if (shown.range) json["range"] = ends_json(person->profile);
  if (shown.tessitura) json["seconds_per_semitone"] = tessitura_json(person->profile);
  if (!shown.colour) return {};
  auto colour = colour_json(service, *person);
  if (!colour) return std::unexpected(std::move(colour.error()));
  json["colour"] = *std::move(colour);
  return {};
}

Result<people::PublicProfile> person_of(Service& service, const Call& call) {
  const auto nickname = people::parse_nickname(call.captured[0]);
  if (!nickname) return people::no_such_person();
  return service.social.person(nickname->key, viewer_of(call));
}

}  // namespace

Result<net::Response> get_own_profile(Service& service, const Call& call) {
  const auto profile = service.social.profile(call.owner());
  if (!profile) return std::unexpected(profile.error());
  return json_response(200, own_profile_json(*profile));
}

Result<net::Response> put_own_profile(Service& service, const Call& call) {
  FieldReader fields(call.body, {"nickname", "introduction", "shows"});
  const auto nickname = fields.read("nickname", people::parse_nickname,
                                    "2 to 20 letters and digits, and _, - and . after the first of them");
  const auto introduction =
      fields.has("introduction")
          ? fields.read(
                "introduction",
                [](const std::string& text) { return people::written_text(text, longest_introduction); },
                "a text of at most 300 characters")
          : std::string();
  const auto shown = read_shown(fields);
  if (fields.error()) return std::unexpected(*fields.error());
  if (people::is_reserved(*nickname)) return people::nickname_taken();
  const auto profile = service.social.put_profile(call.owner(), *nickname, *introduction, shown, call.now);
  if (!profile) return std::unexpected(profile.error());
  return json_response(200, own_profile_json(*profile));
}

Result<net::Response> get_person(Service& service, const Call& call) {
  const auto profile = person_of(service, call);
  if (!profile) return std::unexpected(profile.error());
  Json json{{"nickname", profile->nickname},
            {"introduction", profile->introduction},
            {"since", to_rfc3339(profile->since)},
            {"mine", call.caller && call.owner() == profile->owner},
            {"range", nullptr},
            {"seconds_per_semitone", nullptr},
            {"colour", nullptr},
            {"shows_recordings", profile->shown.recordings}};
  if (auto added = add_voice(service, *profile, json); !added)
    return std::unexpected(std::move(added.error()));
  return json_response(200, json);
}

Result<net::Response> person_recordings(Service& service, const Call& call) {
  auto query = call.query;
  const auto limit = limit_of(service, query);
  const auto before = cursor_of<uploads::UploadId>(query);
  if (query.error()) return std::unexpected(*query.error());
  const auto profile = person_of(service, call);
  if (!profile) return std::unexpected(profile.error());
  auto found = service.social.shown_recordings(profile->owner, before, limit + 1);
  if (!found) return std::unexpected(std::move(found.error()));
  return list_page(std::move(*found), limit,
                   [&](const people::Recording& one) { return recording_json(call, one); });
}

Result<net::Response> person_albums(Service& service, const Call& call) {
  auto query = call.query;
  const auto limit = limit_of(service, query);
  const auto before = cursor_of<people::AlbumId>(query);
  if (query.error()) return std::unexpected(*query.error());
  const auto profile = person_of(service, call);
  if (!profile) return std::unexpected(profile.error());
  auto found = service.social.published_albums(profile->owner, before, limit + 1);
  if (!found) return std::unexpected(std::move(found.error()));
  return list_page(std::move(*found), limit,
                   [&](const people::Album& album) { return album_json(service, call, album); });
}

}  // namespace orakgarak::http
