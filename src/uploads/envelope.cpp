#include "uploads/envelope.h"

#include <nlohmann/json.hpp>

namespace orakgarak::uploads {
namespace {

using Json = nlohmann::ordered_json;

std::string envelope(std::string id, std::string_view type, const UploadId& subject,
                     const std::string& traceparent, Time time, Json data) {
  Json event{{"specversion", "1.0"},
             {"id", std::move(id)},
             {"source", "orakgarak"},
             {"type", type},
             {"subject", subject.text()},
             {"time", to_rfc3339(time)},
             {"datacontenttype", "application/json"}};
  if (!traceparent.empty()) event["traceparent"] = traceparent;
  event["data"] = std::move(data);
  return event.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string state_changed_envelope(const Upload& upload, const OwnerEvent& event) {
  const HistoryEntry& entry = event.entry;
  Json data{{"owner", upload.owner.text()},
            {"sequence", event.sequence},
            {"kind", to_string(upload.kind)},
            {"version", entry.version},
            {"from", entry.from ? Json(to_string(*entry.from)) : Json()},
            {"to", to_string(entry.to)},
            {"attempt", entry.attempt},
            {"why", entry.why}};
  return envelope(upload.id.text() + "/" + std::to_string(entry.version), "orakgarak.upload.state_changed",
                  upload.id, upload.traceparent, entry.at, std::move(data));
}

std::string job_requested_envelope(const Job& job, const std::string& traceparent, Time now) {
  Json data{{"job", job.id.text()},
            {"stage", to_string(job.stage)},
            {"priority", to_string(job.priority)},
            {"attempts", job.attempt},
            {"run_after", to_rfc3339(job.run_after)}};
  return envelope(job.id.text() + "/" + std::to_string(job.attempt), "orakgarak.job.requested", job.upload,
                  traceparent, now, std::move(data));
}

std::string report_replaced_envelope(const Upload& upload, const Job& by, Time now) {
  Json data{{"owner", upload.owner.text()}, {"version", upload.version}, {"job", by.id.text()}};
  return envelope(by.id.text() + "/report", "orakgarak.upload.report_replaced", upload.id, upload.traceparent,
                  now, std::move(data));
}

std::string job_dead_envelope(const DeadLetter& letter) {
  Json data{{"job", letter.id.text()},
            {"stage", to_string(letter.stage)},
            {"attempts", letter.attempts},
            {"code", letter.failure.code},
            {"retry_can_help", letter.failure.retry_can_help}};
  return envelope(letter.id.text() + "/dead", "orakgarak.job.dead", letter.upload, letter.traceparent,
                  letter.at, std::move(data));
}

}  // namespace orakgarak::uploads
