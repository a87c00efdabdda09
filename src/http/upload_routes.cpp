#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "http/file_types.h"
#include "http/paging.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/upload_json.h"
#include "uploads/redrive.h"
#include "uploads/sending.h"

namespace orakgarak::http {
namespace {

using uploads::Upload;
using uploads::UploadId;

constexpr std::size_t longest_file_name = 255, longest_type = 100;
constexpr double backing_within_seconds = 1200;

/// The upload of the path, where it is the caller's own: another's is as good as none.
Result<Upload> own_upload(Service& service, const Call& call) {
  const auto id = UploadId::parse(call.captured[0]);
  if (id) {
    auto upload = service.uploads.find(*id);
    if (upload && upload->owner == call.owner()) return upload;
    if (!upload && upload.error().kind != ErrorKind::not_found) return upload;
  }
  return fail(ErrorKind::not_found, "no_such_upload",
              "You have no upload of this id; GET /v1/uploads lists yours.");
}

Json send_json(const uploads::Send& send) {
  const auto expires = to_rfc3339(send.expires);
  if (const auto* form = std::get_if<uploads::PresignedForm>(&send.how))
    return {{"how", "form"}, {"url", form->url}, {"fields", form->fields}, {"expires", expires}};
  const auto& in_parts = std::get<uploads::SendParts>(send.how);
  Json have = Json::array(), parts = Json::array();
  for (const auto& part : in_parts.have)
    have.push_back({{"number", part.number}, {"size", part.size}, {"sha256", part.sha256}});
  for (const auto& part : in_parts.parts)
    parts.push_back({{"number", part.number}, {"url", part.url}, {"headers", part.headers}});
  return {{"how", "parts"},
          {"part_bytes", in_parts.part_bytes},
          {"part_count", in_parts.part_count},
          {"have", have},
          {"parts", parts},
          {"expires", expires}};
}

uploads::Sending sending(const Service& service) {
  return {service.uploads, service.objects, service.presigner, service.limits.presign};
}

Result<Json> upload_and_send(Service& service, const Call& call, const Upload& upload,
                             std::span<const uploads::PartWanted> wanted) {
  auto sent =
      uploads::sign(sending(service), upload, objects_origin_of(service, call.head), wanted, call.now);
  if (!sent) return std::unexpected(std::move(sent.error()));
  return Json{{"upload", upload_json(upload)}, {"send", send_json(*sent)}};
}

std::optional<std::string> parse_file_name(std::string_view text) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return std::ranges::any_of(text, control) ? std::nullopt : std::optional(std::string(text));
}

std::optional<uploads::Backing> read_backing(FieldReader& fields) {
  const auto* json = fields.value("backing");
  if (!json) return std::nullopt;
  FieldReader backing(*json, {"sha256", "started_seconds"}, "backing.");
  auto sha256 = backing.read("sha256", parse_sha256, "64 hexadecimal digits in lower case");
  const double started = backing.number("started_seconds", -backing_within_seconds, backing_within_seconds);
  if (backing.error()) {
    fields.keep(*backing.error());
    return std::nullopt;
  }
  return uploads::Backing{*sha256, Seconds(started)};
}

struct Wanted {
  uploads::Kind kind;
  uploads::Declared declared;
};

Result<Wanted> read_new_upload(const Service& service, const Json& body) {
  FieldReader fields(body, {"kind", "size", "content_type", "sha256", "file_name", "backing"});
  const auto kind = fields.read("kind", uploads::parse_kind, "take, backing, profile_image or album_cover");
  const auto size = fields.integer("size", 1, INT64_MAX);
  const auto type = fields.text("content_type", 3, longest_type);
  auto sha256 = fields.read("sha256", parse_sha256, "64 hexadecimal digits in lower case");
  auto file_name = fields.text_or("file_name", "", longest_file_name);
  if (!parse_file_name(file_name)) fields.fault("file_name", "without control characters");
  auto backing = read_backing(fields);
  if (backing && kind && *kind != uploads::Kind::take) fields.fault("backing", "of takes only: leave it out");
  if (fields.error()) return std::unexpected(*fields.error());

  const auto most = uploads::medium_of(*kind) == uploads::Medium::audio ? service.limits.upload_bytes
                                                                        : service.limits.image_bytes;
  if (static_cast<std::uint64_t>(size) > most)
    return rejected("upload_too_large", fmt::format("The file has {} bytes; at most {} are taken of a {}.",
                                                    size, most, to_string(*kind)));
  auto taken = taken_type(*kind, type);
  if (!taken)
    return rejected("unsupported_type", fmt::format("Files of this type are not taken; {} are.",
                                                    fmt::join(taken_types(*kind), ", ")));
  return Wanted{*kind,
                {std::move(*taken), static_cast<std::uint64_t>(size), std::move(*sha256),
                 std::move(file_name), std::move(backing)}};
}

net::Response too_many_uploads(Service& service, const Call& call, Duration wait) {
  return too_many(
      "too_many_uploads",
      fmt::format("At most {} uploads an hour are taken; try again later.", service.limits.uploads_an_hour),
      std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count()), call.head.trace.id());
}

/// Until the first upload of the last hour is an hour old.
Duration until_next_upload(Service& service, const Call& call) {
  const auto made = service.uploads.made_since(call.owner(), call.now - std::chrono::hours(1));
  if (!made || !made->first) return std::chrono::minutes(1);
  return *made->first + std::chrono::hours(1) - call.now;
}

}  // namespace

Result<net::Response> list_uploads(Service& service, const Call& call) {
  return upload_page(service, call, call.owner(), Reader::owner);
}

Result<net::Response> create_upload(Service& service, const Call& call) {
  auto wanted = read_new_upload(service, call.body);
  if (!wanted) return std::unexpected(std::move(wanted.error()));
  if (const auto wait = service.uploads_by_address.take(client_of(call.head.address), call.now))
    return too_many_uploads(service, call, *wait);
  const auto id = UploadId::make(call.now);
  auto upload =
      service.uploads.insert({.id = id,
                              .owner = call.owner(),
                              .kind = wanted->kind,
                              .declared = std::move(wanted->declared),
                              .object_key = uploads::object_key(id),
                              .now = call.now,
                              .expires = call.now + service.limits.pending,
                              .traceparent = call.head.trace.traceparent,
                              .quota = {.since = call.now - std::chrono::hours(1),
                                        .uploads = static_cast<std::size_t>(service.limits.uploads_an_hour),
                                        .total_bytes = service.limits.guests_bytes}});
  if (!upload && upload.error().code == "too_many_uploads")
    return too_many_uploads(service, call, until_next_upload(service, call));
  if (!upload) return std::unexpected(std::move(upload.error()));
  auto body = upload_and_send(service, call, *upload, {});
  if (!body) return std::unexpected(std::move(body.error()));
  auto response = json_response(201, *body);
  response.fields.add("Location", "/v1/uploads/" + id.text());
  return response;
}

Result<net::Response> get_upload(Service& service, const Call& call) {
  const auto upload = own_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  return json_response(200, upload_json(*upload));
}

Result<net::Response> strike_ends(Service& service, const Call& call) {
  FieldReader fields(call.body, {"struck"});
  const auto* list = fields.value("struck");
  uploads::Struck struck;
  if (!list || !list->is_array() || list->size() > 2) {
    fields.fault("struck", "a list of lowest, highest, both or none");
  } else {
    for (const auto& item : *list) {
      bool& end = item == "lowest" ? struck.lowest : struck.highest;
      if ((item != "lowest" && item != "highest") || end)
        fields.fault("struck", "a list of lowest, highest, both or none, each once");
      end = true;
    }
  }
  if (fields.error()) return std::unexpected(*fields.error());
  const auto upload = own_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  const auto changed = service.uploads.strike(upload->id, struck);
  if (!changed) return std::unexpected(changed.error());
  return json_response(200, upload_json(*changed));
}

Result<net::Response> delete_upload(Service& service, const Call& call) {
  const auto upload = own_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  // What came of its parts goes first; where that cannot be had, upkeep finds parts without an upload.
  if (auto aborted = uploads::abort_sending(service.presigner, *upload); !aborted)
    service.complain(aborted.error());
  if (auto erased = service.uploads.erase(upload->id, call.now);
      !erased && erased.error().kind != ErrorKind::not_found)
    return std::unexpected(std::move(erased.error()));
  remove_erased(service, call.now);
  return no_content();
}

Result<net::Response> sign_upload(Service& service, const Call& call) {
  FieldReader fields(call.body, {"parts"});
  std::vector<uploads::PartWanted> wanted;
  const auto* parts = fields.value("parts");
  constexpr std::size_t most_parts = 10'000;
  if (fields.has("parts") && (!parts || !parts->is_array() || parts->size() > most_parts)) {
    fields.fault("parts", fmt::format("a list of at most {} parts", most_parts));
  } else if (parts) {
    for (std::size_t i = 0; i < parts->size() && !fields.error(); ++i) {
      FieldReader part((*parts)[i], {"number", "sha256"}, fmt::format("parts[{}].", i));
      const auto number = part.integer("number", 1, most_parts);
      auto sha256 = part.read("sha256", parse_sha256, "64 hexadecimal digits in lower case");
      if (part.error())
        fields.keep(*part.error());
      else
        wanted.push_back({static_cast<int>(number), std::move(*sha256)});
    }
  }
  if (fields.error()) return std::unexpected(*fields.error());
  const auto upload = own_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  const auto body = upload_and_send(service, call, *upload, wanted);
  if (!body) return std::unexpected(body.error());
  return json_response(200, *body);
}

Result<net::Response> upload_sent(Service& service, const Call& call) {
  const auto upload = own_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  const auto now = uploads::finish_sending(sending(service), *upload, call.now);
  if (!now) return std::unexpected(now.error());
  return json_response(202, upload_json(*now));
}

Result<net::Response> redrive_upload(Service& service, const Call& call) {
  const auto upload = own_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  if (upload->failure && !upload->failure->retry_can_help)
    return fail(ErrorKind::conflict, "redrive_cannot_help",
                "The same bytes would fail again; record the take anew.");
  const auto moved = uploads::redrive(service.uploads, *upload, "redrive by the owner", call.now);
  if (!moved) return std::unexpected(moved.error());
  return json_response(202, upload_json(*moved));
}

Result<net::Response> upload_history(Service& service, const Call& call) {
  const auto upload = own_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  const auto history = service.uploads.history(upload->id);
  if (!history) return std::unexpected(history.error());
  return items_response(*history, history_json);
}

Result<net::Response> upload_report(Service& service, const Call& call) {
  const auto upload = own_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  auto report = service.uploads.report(upload->id);
  if (!report) return std::unexpected(report.error());
  net::Response response;
  response.fields = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = std::move(*report);
  return response;
}

}  // namespace orakgarak::http
