#include <algorithm>

#include "http/album_json.h"
#include "http/handing_out.h"
#include "http/paging.h"
#include "http/routes.h"
#include "people/social_errors.h"

namespace orakgarak::http {
namespace {

using people::Album;
using people::AlbumId;
using people::AlbumState;
using people::AlbumWords;
using uploads::UploadId;

constexpr std::size_t longest_title = 60, longest_text = 1000;

std::optional<std::string> parse_language(std::string_view text) {
  const auto small = [](char c) { return 'a' <= c && c <= 'z'; };
  return text.empty() || (text.size() == 2 && std::ranges::all_of(text, small))
             ? std::optional(std::string(text))
             : std::nullopt;
}

std::vector<UploadId> read_tracks(FieldReader& fields) {
  std::vector<UploadId> tracks;
  const auto* list = fields.value("tracks");
  bool good = list && list->is_array() && !list->empty() && list->size() <= people::most_tracks;
  for (std::size_t i = 0; good && i < list->size(); ++i) {
    const auto& item = (*list)[i];
    const auto id = item.is_string() ? UploadId::parse(item.get_ref<const std::string&>()) : std::nullopt;
    good = id && std::ranges::find(tracks, *id) == tracks.end();
    if (good) tracks.push_back(*id);
  }
  if (!good) fields.fault("tracks", "a list of the ids of 1 to 10 recordings, each once");
  return tracks;
}

Result<AlbumWords> read_words(const Json& body) {
  FieldReader fields(body, {"title", "text", "language", "cover", "tracks"});
  AlbumWords words;
  const auto title = fields.read(
      "title", [](const std::string& text) { return people::written_line(text, 1, longest_title); },
      "one line of 1 to 60 characters");
  const auto text =
      fields.has("text")
          ? fields.read(
                "text", [](const std::string& text) { return people::written_text(text, longest_text); },
                "a text of at most 1000 characters")
          : std::string();
  const auto language = fields.has("language")
                            ? fields.read("language", parse_language,
                                          "the two small letters of a language, such as ko, or empty")
                            : std::string();
  if (fields.value("cover")) words.cover = fields.read("cover", UploadId::parse, "the id of an upload");
  words.tracks = read_tracks(fields);
  if (fields.error()) return std::unexpected(*fields.error());
  words.title = *title;
  words.text = *text;
  words.language = *language;
  return words;
}

Result<AlbumId> id_of(const Call& call) {
  const auto id = AlbumId::parse(call.captured[0]);
  if (!id) return people::no_such_album();
  return *id;
}

/// The album of the path, where the caller may see it.
Result<Album> seen(Service& service, const Call& call, Query& query) {
  const auto viewer = viewer_of(call, query);
  if (query.error()) return std::unexpected(*query.error());
  const auto id = id_of(call);
  if (!id) return std::unexpected(id.error());
  return service.social.album(*id, viewer);
}

Result<people::Recording> heard(Service& service, const Call& call) {
  auto query = call.query;
  const auto album = seen(service, call, query);
  if (!album) return std::unexpected(album.error());
  for (const auto& track : album->tracks)
    if (track.id.text() == call.captured[1]) return track;
  return people::no_such_recording();
}

}  // namespace

Result<net::Response> list_albums(Service& service, const Call& call) {
  auto query = call.query;
  const auto limit = limit_of(service, query);
  const auto before = cursor_of<AlbumId>(query);
  if (query.error()) return std::unexpected(*query.error());
  auto found = service.social.albums(call.owner(), before, limit + 1);
  if (!found) return std::unexpected(std::move(found.error()));
  return list_page(std::move(*found), limit,
                   [&](const Album& album) { return album_json(service, call, album); });
}

Result<net::Response> create_album(Service& service, const Call& call) {
  const auto words = read_words(call.body);
  if (!words) return std::unexpected(words.error());
  const auto album = service.social.add_album(AlbumId::make(call.now), call.owner(), *words, call.now);
  if (!album) return std::unexpected(album.error());
  auto response = json_response(201, whole_album_json(service, call, *album));
  response.fields.add("Location", "/v1/albums/" + album->id.text());
  return response;
}

Result<net::Response> get_album(Service& service, const Call& call) {
  auto query = call.query;
  const auto album = seen(service, call, query);
  if (!album) return std::unexpected(album.error());
  return json_response(200, whole_album_json(service, call, *album));
}

Result<net::Response> edit_album(Service& service, const Call& call) {
  const auto words = read_words(call.body);
  if (!words) return std::unexpected(words.error());
  const auto id = id_of(call);
  if (!id) return std::unexpected(id.error());
  const auto album = service.social.edit_album(*id, call.owner(), *words);
  if (!album) return std::unexpected(album.error());
  return json_response(200, whole_album_json(service, call, *album));
}

Result<net::Response> delete_album(Service& service, const Call& call) {
  const auto id = id_of(call);
  if (!id) return std::unexpected(id.error());
  if (auto removed = service.social.remove_album(*id, call.owner()); !removed)
    return std::unexpected(std::move(removed.error()));
  return no_content();
}

/// The link's token is told here and never again: only its hash is kept.
Result<net::Response> set_album_state(Service& service, const Call& call) {
  FieldReader fields(call.body, {"state"});
  const auto state = fields.read("state", people::parse_album_state, "draft, published or unlisted");
  if (fields.error()) return std::unexpected(*fields.error());
  const auto id = id_of(call);
  if (!id) return std::unexpected(id.error());
  const bool unlisted = *state == AlbumState::unlisted;
  const auto token = people::new_token();
  const auto album = service.social.set_album_state(
      *id, call.owner(), *state, unlisted ? people::hash_of(token) : std::string(), call.now);
  if (!album) return std::unexpected(album.error());
  return json_response(
      200, {{"state", to_string(album->state)}, {"link", unlisted ? Json(token.text) : Json(nullptr)}});
}

Result<net::Response> track_sound(Service& service, const Call& call) {
  const auto track = heard(service, call);
  if (!track) return std::unexpected(track.error());
  return sound_response(service, call, *track);
}

Result<net::Response> track_waveform(Service& service, const Call& call) {
  const auto track = heard(service, call);
  if (!track) return std::unexpected(track.error());
  return waveform_response(service, *track);
}

}  // namespace orakgarak::http
