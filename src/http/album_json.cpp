#include "http/album_json.h"

#include "http/handing_out.h"

namespace orakgarak::http {
namespace {

bool is_own(const Call& call, const people::OwnerId& owner) { return call.caller && call.owner() == owner; }

}  // namespace

Json recording_json(const Call& call, const people::Recording& recording) {
  return {{"id", recording.id.text()},
          {"title", recording.title},
          {"shown", recording.shown},
          {"mine", is_own(call, recording.owner)},
          {"sung", to_rfc3339(recording.sung)}};
}

Json album_json(Service& service, const Call& call, const people::Album& album) {
  return {{"id", album.id.text()},
          {"title", album.title},
          {"text", album.text},
          {"language", album.language},
          {"by", album.nickname.empty() ? Json(nullptr) : Json(album.nickname)},
          {"mine", is_own(call, album.owner)},
          {"state", to_string(album.state)},
          {"cover", picture_json(service, call, album.cover)},
          {"track_count", album.track_count},
          {"created", to_rfc3339(album.created)},
          {"published", album.published ? Json(to_rfc3339(*album.published)) : Json(nullptr)}};
}

Json whole_album_json(Service& service, const Call& call, const people::Album& album) {
  auto json = album_json(service, call, album);
  json["tracks"] = Json::array();
  for (const auto& track : album.tracks)
    json["tracks"].push_back(
        {{"id", track.id.text()}, {"title", track.title}, {"sung", to_rfc3339(track.sung)}});
  if (is_own(call, album.owner))
    json["cover_upload"] = album.cover ? Json(album.cover->text()) : Json(nullptr);
  return json;
}

}  // namespace orakgarak::http
