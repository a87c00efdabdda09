#include "http/profile_json.h"

#include "formats/report_read.h"
#include "http/song_json.h"

namespace orakgarak::http {
namespace {

constexpr int pitch_decimals = 3, width_decimals = 2;

Json end_json(const std::optional<songs::ProfileEnd>& end) {
  if (!end) return {{"midi", nullptr}};
  Json json{{"midi", formats::rounded(end->pitch.value, pitch_decimals)},
            {"uncertainty_semitones", formats::rounded(end->uncertainty.value, width_decimals)}};
  if (!end->moved_by.empty()) json["moved_by"] = end->moved_by;
  return json;
}

}  // namespace

Result<people::PersonProfile> profile_of(Service& service, const uploads::OwnerId& owner) {
  auto person = people::profile_of(service.uploads, service.people, owner, service.catalogue.matcher(),
                                   formats::read_sung_take);
  if (person)
    for (const auto& take : person->unreadable)
      service.complain({ErrorKind::rejected,
                        "report_unreadable",
                        "the report of upload " + take.text() + " cannot be read and was left out",
                        {}});
  return person;
}

Json ends_json(const songs::SingerProfile& profile) {
  return {{"lowest", end_json(profile.lowest)},
          {"highest", end_json(profile.highest)},
          {"comfortable_low", end_json(profile.comfortable_low)},
          {"comfortable_high", end_json(profile.comfortable_high)}};
}

Json tessitura_json(const songs::SingerProfile& profile) {
  std::map<int, double> seconds;
  for (std::size_t midi = 0; midi < profile.seconds.size(); ++midi)
    if (profile.seconds[midi] > 0) seconds[static_cast<int>(midi)] = profile.seconds[midi];
  return seconds_json(seconds);
}

Json profile_json(const people::PersonProfile& person) {
  Json json{{"takes", Json::array()}};
  for (const auto& take : person.takes) json["takes"].push_back(take.text());
  json.update(ends_json(person.profile));
  json["seconds_per_semitone"] = tessitura_json(person.profile);
  return json;
}

Json own_profile_json(const people::PublicProfile& profile) {
  return {{"nickname", profile.nickname},
          {"introduction", profile.introduction},
          {"shows",
           {{"range", profile.shown.range},
            {"tessitura", profile.shown.tessitura},
            {"colour", profile.shown.colour},
            {"recordings", profile.shown.recordings}}},
          {"since", to_rfc3339(profile.since)}};
}

}  // namespace orakgarak::http
