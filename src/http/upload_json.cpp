#include "http/upload_json.h"

#include "telemetry/trace.h"

namespace orakgarak::http {
namespace {

void add_trace(Json& json, const std::string& traceparent) {
  if (auto id = telemetry::trace_id_of(traceparent); !id.empty()) json["trace_id"] = std::move(id);
}

Json failure_json(const uploads::Upload& upload) {
  if (!upload.failure) return nullptr;
  const auto& failure = *upload.failure;
  Json json{{"stage", to_string(failure.stage)},
            {"code", failure.code},
            {"detail", failure.detail},
            {"can_redrive", failure.retry_can_help && !upload.gone}};
  add_trace(json, upload.traceparent);
  return json;
}

Json struck_json(const uploads::Struck& struck) {
  Json json = Json::array();
  if (struck.lowest) json.push_back("lowest");
  if (struck.highest) json.push_back("highest");
  return json;
}

}  // namespace

Json upload_json(const uploads::Upload& upload, Reader reader) {
  Json json{{"id", upload.id.text()},           {"kind", to_string(upload.kind)},
            {"state", to_string(upload.state)}, {"version", upload.version},
            {"size", upload.declared.size},     {"content_type", upload.declared.content_type},
            {"sha256", upload.declared.sha256}};
  if (reader == Reader::owner && !upload.declared.file_name.empty())
    json["file_name"] = upload.declared.file_name;
  json["created"] = to_rfc3339(upload.created);
  json["changed"] = to_rfc3339(upload.changed);
  if (upload.state == uploads::State::pending) json["expires"] = to_rfc3339(upload.expires);
  json["failure"] = failure_json(upload);
  json["struck"] = struck_json(upload.struck);
  if (reader == Reader::operators) add_trace(json, upload.traceparent);
  return json;
}

Json history_json(const uploads::HistoryEntry& entry) {
  return {{"version", entry.version},  {"from", entry.from ? Json(to_string(*entry.from)) : Json(nullptr)},
          {"to", to_string(entry.to)}, {"attempt", entry.attempt},
          {"why", entry.why},          {"at", to_rfc3339(entry.at)}};
}

Json event_json(const uploads::OwnerEvent& event) {
  Json json{{"sequence", event.sequence}, {"upload", event.upload.text()}};
  json.update(history_json(event.entry));
  return json;
}

Json job_json(const uploads::JobStatus& status) {
  const auto& job = status.job;
  Json json{{"id", job.id.text()},
            {"stage", to_string(job.stage)},
            {"priority", to_string(job.priority)},
            {"attempt", job.attempt},
            {"run_after", to_rfc3339(job.run_after)}};
  json["lease_until"] = status.lease_until ? Json(to_rfc3339(*status.lease_until)) : Json(nullptr);
  if (!status.last_code.empty()) json["last_code"] = status.last_code;
  return json;
}

Json letter_json(const uploads::DeadLetter& letter) {
  Json json{{"id", letter.id.text()},           {"upload", letter.upload.text()},
            {"stage", to_string(letter.stage)}, {"attempts", letter.attempts},
            {"code", letter.failure.code},      {"detail", letter.failure.detail}};
  add_trace(json, letter.traceparent);
  json["at"] = to_rfc3339(letter.at);
  return json;
}

Json decision_json(const uploads::RecordedDecision& recorded) {
  return {{"action", recorded.action},     {"who", recorded.decision.who},
          {"why", recorded.decision.why},  {"at", to_rfc3339(recorded.decision.at)},
          {"job", recorded.letter.text()}, {"stage", to_string(recorded.stage)},
          {"code", recorded.code}};
}

}  // namespace orakgarak::http
