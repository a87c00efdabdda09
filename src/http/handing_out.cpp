#include "http/handing_out.h"

#include <algorithm>

#include "uploads/presign.h"

namespace orakgarak::http {
namespace {

/// "audio/webm" → ".webm": what a saved file is called beside its title.
std::string ending_of(std::string_view content_type) {
  std::string ending(content_type.substr(content_type.find('/') + 1));
  if (ending.starts_with("x-")) ending.erase(0, 2);
  if (ending == "mpeg") ending = "mp3";
  return "." + ending;
}

/// Of a title what every file system takes.
std::string file_name_of(const people::Recording& recording, std::string_view content_type) {
  std::string name =
      recording.title.empty() ? "orakgarak-" + to_rfc3339(recording.sung).substr(0, 10) : recording.title;
  std::ranges::replace_if(name, [](char c) { return std::string_view("/\\:*?\"<>|").contains(c); }, '_');
  return name + ending_of(content_type);
}

Json url_json(Service& service, const Call& call, const std::string& key) {
  auto url = service.presigner.download(objects_origin_of(service, call.head), key, {"image/jpeg"}, call.now,
                                        call.now + service.limits.presign);
  if (url) return *std::move(url);
  service.complain(url.error());
  return nullptr;
}

}  // namespace

Result<net::Response> sound_response(Service& service, const Call& call, const people::Recording& recording) {
  auto query = call.query;
  const bool saved = query.flag("download");
  if (query.error()) return std::unexpected(*query.error());
  const auto upload = service.uploads.find(recording.id);
  if (!upload) return std::unexpected(upload.error());
  const auto expires = call.now + service.limits.presign;
  const auto& type = upload->declared.content_type;
  auto url = service.presigner.download(objects_origin_of(service, call.head), upload->object_key,
                                        {type, saved ? file_name_of(recording, type) : std::string()},
                                        call.now, expires);
  if (!url) return std::unexpected(std::move(url.error()));
  return json_response(200,
                       {{"url", *std::move(url)}, {"content_type", type}, {"expires", to_rfc3339(expires)}});
}

Result<net::Response> waveform_response(Service& service, const people::Recording& recording) {
  const auto report = service.uploads.report(recording.id);
  if (!report) return std::unexpected(report.error());
  const auto json = Json::parse(*report, nullptr, false);
  const auto found = json.is_object() ? json.find("waveform") : json.end();
  if (!json.is_object() || found == json.end())
    return fail(ErrorKind::not_found, "no_waveform",
                "This take was measured before waveforms were kept; measuring it anew makes one.");
  return json_response(200, *found);
}

Json picture_json(Service& service, const Call& call, const std::optional<uploads::UploadId>& picture) {
  if (!picture) return nullptr;
  return {{"image", url_json(service, call, uploads::optimized_key(*picture))},
          {"thumbnail", url_json(service, call, uploads::thumbnail_key(*picture))}};
}

people::Viewer viewer_of(const Call& call) {
  people::Viewer viewer;
  if (call.caller) viewer.person = call.owner();
  return viewer;
}

people::Viewer viewer_of(const Call& call, Query& query) {
  auto viewer = viewer_of(call);
  const auto link = query.one("link");
  if (const auto token = link ? people::parse_token(*link) : std::nullopt)
    viewer.link_hash = people::hash_of(*token);
  return viewer;
}

}  // namespace orakgarak::http
