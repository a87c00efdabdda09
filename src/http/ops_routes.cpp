#include "http/paging.h"
#include "http/routes.h"
#include "uploads/redrive.h"

namespace orakgarak::http {
namespace {

constexpr std::size_t longest_why = 500;

Result<uploads::Upload> any_upload(Service& service, const Call& call) {
  const auto id = uploads::UploadId::parse(call.captured[0]);
  if (!id) return fail(ErrorKind::not_found, "no_such_upload", "There is no upload of this id.");
  return service.uploads.find(*id);
}

Result<uploads::JobId> letter_id(const Call& call) {
  const auto id = uploads::JobId::parse(call.captured[0]);
  if (!id) return fail(ErrorKind::not_found, "no_such_letter", "There is no dead letter of this id.");
  return *id;
}

Result<uploads::Decision> decision(const Call& call) {
  FieldReader fields(call.body, {"why"});
  auto why = fields.text("why", 1, longest_why);
  if (fields.error()) return std::unexpected(*fields.error());
  return uploads::Decision{call.operator_name, std::move(why), call.now};
}

}  // namespace

Result<net::Response> ops_list_uploads(Service& service, const Call& call) {
  return upload_page(service, call, std::nullopt, Reader::operators);
}

Result<net::Response> ops_get_upload(Service& service, const Call& call) {
  const auto upload = any_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  const auto jobs = service.uploads.jobs(upload->id);
  if (!jobs) return std::unexpected(jobs.error());
  Json json{{"upload", upload_json(*upload, Reader::operators)}, {"jobs", Json::array()}};
  for (const auto& job : *jobs) json["jobs"].push_back(job_json(job));
  return json_response(200, json);
}

Result<net::Response> ops_upload_history(Service& service, const Call& call) {
  const auto upload = any_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  const auto history = service.uploads.history(upload->id);
  if (!history) return std::unexpected(history.error());
  return items_response(*history, history_json);
}

Result<net::Response> ops_redrive_upload(Service& service, const Call& call) {
  const auto why = decision(call);
  if (!why) return std::unexpected(why.error());
  const auto upload = any_upload(service, call);
  if (!upload) return std::unexpected(upload.error());
  const auto moved = uploads::redrive(service.uploads, *upload, *why);
  if (!moved) return std::unexpected(moved.error());
  return json_response(202, upload_json(*moved, Reader::operators));
}

Result<net::Response> ops_dead_letters(Service& service, const Call& call) {
  auto query = call.query;
  const auto limit = limit_of(service, query);
  if (query.error()) return std::unexpected(*query.error());
  const auto letters = service.uploads.dead_letters(limit);
  if (!letters) return std::unexpected(letters.error());
  return items_response(*letters, letter_json);
}

Result<net::Response> ops_dead_letter(Service& service, const Call& call) {
  const auto id = letter_id(call);
  if (!id) return std::unexpected(id.error());
  const auto letter = service.uploads.dead_letter(*id);
  if (!letter) return std::unexpected(letter.error());
  return json_response(200, letter_json(*letter));
}

Result<net::Response> ops_replay(Service& service, const Call& call) {
  const auto why = decision(call);
  if (!why) return std::unexpected(why.error());
  const auto id = letter_id(call);
  if (!id) return std::unexpected(id.error());
  const auto moved = uploads::replay_letter(service.uploads, *id, *why);
  if (!moved) return std::unexpected(moved.error());
  return json_response(202, upload_json(*moved, Reader::operators));
}

Result<net::Response> ops_discard(Service& service, const Call& call) {
  const auto why = decision(call);
  if (!why) return std::unexpected(why.error());
  const auto id = letter_id(call);
  if (!id) return std::unexpected(id.error());
  if (auto gone = service.uploads.discard(*id, *why); !gone) return std::unexpected(std::move(gone.error()));
  return no_content();
}

Result<net::Response> ops_events_lag(Service& service, const Call&) {
  const auto lag = service.events_lag();
  if (!lag) return std::unexpected(lag.error());
  return items_response(*lag, [](const EventsLag& one) {
    return Json{
        {"group", one.group}, {"topic", one.topic}, {"partition", one.partition}, {"events", one.events}};
  });
}

Result<net::Response> ops_decisions(Service& service, const Call& call) {
  auto query = call.query;
  const auto limit = limit_of(service, query);
  if (query.error()) return std::unexpected(*query.error());
  const auto decisions = service.uploads.decisions(limit);
  if (!decisions) return std::unexpected(decisions.error());
  return items_response(*decisions, decision_json);
}

}  // namespace orakgarak::http
