#include "http/album_json.h"
#include "http/handing_out.h"
#include "http/paging.h"
#include "http/routes.h"
#include "people/social_errors.h"

namespace orakgarak::http {
namespace {

constexpr std::size_t longest_title = 60;

/// The recording of the path, where the caller may hear it.
Result<people::Recording> heard(Service& service, const Call& call) {
  const auto id = uploads::UploadId::parse(call.captured[0]);
  if (!id) return people::no_such_recording();
  return service.social.recording(*id, viewer_of(call));
}

}  // namespace

Result<net::Response> list_recordings(Service& service, const Call& call) {
  auto query = call.query;
  const auto limit = limit_of(service, query);
  const auto before = cursor_of<uploads::UploadId>(query);
  if (query.error()) return std::unexpected(*query.error());
  auto found = service.social.recordings(call.owner(), before, limit + 1);
  if (!found) return std::unexpected(std::move(found.error()));
  return list_page(std::move(*found), limit,
                   [&](const people::Recording& one) { return recording_json(call, one); });
}

Result<net::Response> get_recording(Service& service, const Call& call) {
  const auto recording = heard(service, call);
  if (!recording) return std::unexpected(recording.error());
  return json_response(200, recording_json(call, *recording));
}

Result<net::Response> change_recording(Service& service, const Call& call) {
  FieldReader fields(call.body, {"title", "shown"});
  std::optional<std::string> title;
  if (fields.has("title"))
    title = fields.read(
        "title", [](const std::string& text) { return people::written_line(text, 0, longest_title); },
        "one line of at most 60 characters");
  std::optional<bool> shown;
  if (fields.has("shown")) {
    const auto* value = fields.value("shown");
    if (value && value->is_boolean())
      shown = value->get<bool>();
    else
      fields.fault("shown", "true or false");
  }
  if (fields.error()) return std::unexpected(*fields.error());
  const auto id = uploads::UploadId::parse(call.captured[0]);
  if (!id) return people::no_such_recording();
  const auto changed = service.social.change_recording(call.owner(), *id, title, shown);
  if (!changed) return std::unexpected(changed.error());
  return json_response(200, recording_json(call, *changed));
}

Result<net::Response> recording_sound(Service& service, const Call& call) {
  const auto recording = heard(service, call);
  if (!recording) return std::unexpected(recording.error());
  return sound_response(service, call, *recording);
}

Result<net::Response> recording_waveform(Service& service, const Call& call) {
  const auto recording = heard(service, call);
  if (!recording) return std::unexpected(recording.error());
  return waveform_response(service, *recording);
}

}  // namespace orakgarak::http
