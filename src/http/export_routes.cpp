// Everything that is kept of a person, as one zip for that person.
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "http/problem.h"
#include "http/profile_json.h"
#include "http/routes.h"
#include "http/session_json.h"
#include "http/song_json.h"
#include "http/upload_json.h"
#include "http/zip.h"

namespace orakgarak::http {
namespace {

constexpr std::size_t in_one_step = 100;
constexpr int busy_seconds = 30;

/// One at a time in a process: each reads and writes all recordings of a person.
class Turn {
 public:
  Turn() : ours_(!taken_.test_and_set()) {}
  ~Turn() {
    if (ours_) taken_.clear();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  explicit operator bool() const { return ours_; }

 private:
  static inline std::atomic_flag taken_;
  const bool ours_;
};

std::string lines(const Json& json) { return json.dump(2) + "\n"; }

/// "original.webm" of an audio/webm.
std::string original_name(const std::string& content_type) {
  auto kind = content_type.substr(content_type.find('/') + 1);
  if (kind.starts_with("x-")) kind.erase(0, 2);
  std::ranges::replace_if(kind, [](char c) { return c == '/' || c == '\\'; }, '-');
  return "original." + kind;
}

class Export {
 public:
  Export(Service& service, const Call& call, Zip& zip) : service_(service), call_(call), zip_(zip) {}

  Result<void> all() {
    if (auto added = session(); !added) return added;
    if (auto added = voice(); !added) return added;
    if (auto added = page(); !added) return added;
    if (auto added = albums(); !added) return added;
    return uploads();
  }

 private:
  Result<void> session() {
    const auto& session = call_.caller->session;
    auto account = account_json(service_, session.owner);
    if (!account) return std::unexpected(std::move(account.error()));
    return zip_.add("me.json", lines({{"id", session.owner.text()},
                                      {"since", to_rfc3339(session.created)},
                                      {"consent", session.consent},
                                      {"consented", to_rfc3339(session.consented)},
                                      {"account", *std::move(account)}}));
  }

  Result<void> voice() {
    const auto person = profile_of(service_, call_.owner());
    if (!person) return std::unexpected(person.error());
    Json said = Json::array();
    for (const auto& one : person->said) said.push_back(feedback_json(one));
    if (auto added = zip_.add("feedback.json", lines(said)); !added) return added;
    return zip_.add("profile.json", lines(person->takes.empty() ? Json(nullptr) : profile_json(*person)));
  }

  Result<void> page() {
    const auto page = service_.social.profile(call_.owner());
    if (!page && page.error().kind != ErrorKind::not_found) return std::unexpected(page.error());
    return zip_.add("page.json", lines(page ? own_profile_json(*page) : Json(nullptr)));
  }

  Result<void> albums() {
    Json all = Json::array();
    std::optional<people::AlbumId> before;
    for (;;) {
      const auto some = service_.social.albums(call_.owner(), before, in_one_step);
      if (!some) return std::unexpected(some.error());
      for (const auto& one : *some) {
        const auto whole = service_.social.album(one.id, {.person = call_.owner()});
        if (whole) all.push_back(album(*whole));
        if (!whole && whole.error().kind != ErrorKind::not_found) return std::unexpected(whole.error());
      }
      if (some->size() < in_one_step) return zip_.add("albums.json", lines(all));
      before = some->back().id;
    }
  }

  static Json album(const people::Album& album) {
    Json json{{"id", album.id.text()},
              {"title", album.title},
              {"text", album.text},
              {"language", album.language},
              {"cover", album.cover ? Json(album.cover->text()) : Json(nullptr)},
              {"state", to_string(album.state)},
              {"created", to_rfc3339(album.created)},
              {"tracks", Json::array()}};
    for (const auto& track : album.tracks)
      json["tracks"].push_back({{"upload", track.id.text()}, {"title", track.title}, {"shown", track.shown}});
    return json;
  }

  Result<void> uploads() {
    std::optional<uploads::UploadId> before;
    for (;;) {
      const auto some =
          service_.uploads.list({.owner = call_.owner(), .state = {}, .kind = {}}, before, in_one_step);
      if (!some) return std::unexpected(some.error());
      for (const auto& one : *some)
        if (auto added = upload(one); !added) return added;
      if (some->size() < in_one_step) return {};
      before = some->back().id;
    }
  }

  Result<void> upload(const uploads::Upload& upload) {
    const auto folder = "uploads/" + upload.id.text() + "/";
    Json facts = upload_json(upload);
    if (const auto recording = service_.social.recording(upload.id, {.person = call_.owner()}))
      facts.update({{"title", recording->title}, {"shown", recording->shown}});
    else if (recording.error().kind != ErrorKind::not_found)
      return std::unexpected(recording.error());
    facts["history"] = Json::array();
    const auto history = service_.uploads.history(upload.id);
    if (!history) return unless_gone(history.error());
    for (const auto& entry : *history) facts["history"].push_back(history_json(entry));
    if (auto added = zip_.add(folder + "upload.json", lines(facts)); !added) return added;
    if (const auto report = service_.uploads.report(upload.id)) {
      if (auto added = zip_.add(folder + "report.json", *report); !added) return added;
    } else if (report.error().kind != ErrorKind::not_found) {
      return std::unexpected(report.error());
    }
    if (upload.object_version.empty() || upload.gone) return {};
    return original(upload, folder);
  }

  Result<void> original(const uploads::Upload& upload, const std::string& folder) {
    const auto file = service_.objects.open(upload.object_key, upload.object_version);
    if (!file) return unless_gone(file.error());
    return zip_.add(folder + original_name(upload.declared.content_type), *file, upload.declared.size);
  }

  /// What was deleted meanwhile is not kept any more.
  static Result<void> unless_gone(const Error& error) {
    if (error.kind == ErrorKind::retry) return std::unexpected(error);
    return {};
  }

  Service& service_;
  const Call& call_;
  Zip& zip_;
};

}  // namespace

Result<net::Response> export_everything(Service& service, const Call& call) {
  const Turn turn;
  if (!turn)
    return too_many("busy", "Somebody else's recordings are being put together; try again in half a minute.",
                    busy_seconds, call.head.trace.id());
  auto zip = Zip::make(call.now);
  if (!zip) return std::unexpected(std::move(zip.error()));
  if (auto added = Export(service, call, *zip).all(); !added)
    return std::unexpected(std::move(added.error()));
  auto finished = std::move(*zip).finish();
  if (!finished) return std::unexpected(std::move(finished.error()));
  net::Response response;
  response.fields = {{"Content-Type", "application/zip"},
                     {"Content-Disposition", R"(attachment; filename="orakgarak.zip")"},
                     {"Cache-Control", "no-store"}};
  const int fd = ::dup(finished->file.fd());
  if (fd < 0) return fail(ErrorKind::retry, "objects_unavailable", "no file can be opened any more");
  response.body = net::FileBody{fd, 0, finished->size};
  return response;
}

}  // namespace orakgarak::http
