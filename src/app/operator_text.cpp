#include "app/operator_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/text.h"
#include "telemetry/trace.h"

namespace orakgarak::app {
namespace {

using Json = nlohmann::ordered_json;
using namespace uploads;

constexpr int label_columns = 12;

/// "2026-11-24 18:21:55.000": one line of a timeline.
std::string moment_text(Time time) {
  std::string text = to_rfc3339(time).substr(0, 23);
  text[10] = ' ';
  return text;
}

/// "2026-11-24 18:21:55Z": to the second, as a list needs it.
std::string clock_text(Time time) {
  std::string text = to_rfc3339(time).substr(0, 19) + "Z";
  text[10] = ' ';
  return text;
}

std::string duration_text(Duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  if (seconds < 60) return fmt::format("{:.3f} s", seconds);
  const auto whole = std::chrono::floor<std::chrono::seconds>(time).count();
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10240) return fmt::format("{} B", bytes);
  if (bytes < 10'485'760) return fmt::format("{} KiB", bytes >> 10);
  return fmt::format("{} MiB", bytes >> 20);
}

/// How long each entry's state lasted; nothing for a state that lasts for good.
std::vector<std::optional<Duration>> durations(std::span<const HistoryEntry> history, Time now) {
  std::vector<std::optional<Duration>> all;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (i + 1 < history.size())
      all.emplace_back(history[i + 1].at - history[i].at);
    else
      all.emplace_back(is_end(history[i].to) ? std::nullopt : std::optional(now - history[i].at));
  }
  return all;
}

Colour colour_of(State state) {
  if (state == State::failed) return Colour::red;
  if (state == State::completed) return Colour::green;
  return is_end(state) ? Colour::dim : Colour::plain;
}

std::string row(const Output& output, std::string_view label, std::string_view content) {
  return output.paint(Colour::dim, fit_left("  " + std::string(label), label_columns + 2)) +
         wrapped(printable(content), output.columns() - label_columns - 2, label_columns + 2) + "\n";
}

std::string timeline_text(const UploadStory& story, Time now, const Output& output) {
  std::string text = output.paint(Colour::bold, "Timeline") + "\n";
  const auto lasted = durations(story.history, now);
  for (std::size_t i = 0; i < story.history.size(); ++i) {
    const HistoryEntry& entry = story.history[i];
    const auto attempt = entry.attempt > 1 ? fmt::format(", attempt {}", entry.attempt) : std::string();
    text +=
        fmt::format("  {}  {} {}  {}{}\n", moment_text(entry.at),
                    output.paint(colour_of(entry.to), fit_left(to_string(entry.to), 22)),
                    fit_right(lasted[i] ? duration_text(*lasted[i]) : "", 10), printable(entry.why), attempt);
  }
  return text;
}

std::string jobs_text(std::span<const JobStatus> jobs, const Output& output) {
  if (jobs.empty()) return {};
  std::string text = output.paint(Colour::bold, "Jobs") + "\n";
  for (const JobStatus& job : jobs) {
    const auto where = job.worker.empty()
                           ? fmt::format("waits, due {}", clock_text(job.job.run_after))
                           : fmt::format("runs until {} at the latest", clock_text(*job.lease_until));
    const auto before = job.last_code.empty()
                            ? std::string()
                            : fmt::format("; before: {}: {}", job.last_code, job.last_detail);
    text +=
        row(output, to_string(job.job.stage),
            fmt::format("attempt {}, {}, {}{}", job.job.attempt, to_string(job.job.priority), where, before));
  }
  return text;
}

Json failure_json(const std::optional<Failure>& failure) {
  if (!failure) return nullptr;
  return {{"stage", to_string(failure->stage)},
          {"code", failure->code},
          {"detail", failure->detail},
          {"retry_can_help", failure->retry_can_help}};
}

Json upload_fields(const Upload& upload) {
  return {{"id", upload.id.text()},
          {"kind", to_string(upload.kind)},
          {"state", to_string(upload.state)},
          {"version", upload.version},
          {"size", upload.declared.size},
          {"content_type", upload.declared.content_type},
          {"created", to_rfc3339(upload.created)},
          {"changed", to_rfc3339(upload.changed)},
          {"trace_id", telemetry::trace_id_of(upload.traceparent)},
          {"gone", upload.gone},
          {"failure", failure_json(upload.failure)}};
}

Json history_json(std::span<const HistoryEntry> history, Time now) {
  Json all = Json::array();
  const auto lasted = durations(history, now);
  for (std::size_t i = 0; i < history.size(); ++i)
    all.push_back({{"version", history[i].version},
                   {"state", to_string(history[i].to)},
                   {"at", to_rfc3339(history[i].at)},
                   {"lasted_s", lasted[i] ? Json(std::chrono::duration<double>(*lasted[i]).count()) : Json()},
                   {"attempt", history[i].attempt},
                   {"why", history[i].why}});
  return all;
}

Json jobs_json(std::span<const JobStatus> jobs) {
  Json all = Json::array();
  for (const JobStatus& job : jobs)
    all.push_back({{"id", job.job.id.text()},
                   {"stage", to_string(job.job.stage)},
                   {"priority", to_string(job.job.priority)},
                   {"attempt", job.job.attempt},
                   {"run_after", to_rfc3339(job.job.run_after)},
                   {"lease_until", job.lease_until ? Json(to_rfc3339(*job.lease_until)) : Json()},
                   {"last_code", job.last_code},
                   {"last_detail", job.last_detail}});
  return all;
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string upload_list_text(std::span<const Upload> all, const Output& output) {
  std::string text;
  for (const Upload& upload : all)
    text += fmt::format("{}  {}  {} {} {}  {}\n", upload.id.text(), clock_text(upload.created),
                        output.paint(colour_of(upload.state), fit_left(to_string(upload.state), 22)),
                        fit_left(to_string(upload.kind), 13), fit_right(size_text(upload.declared.size), 8),
                        upload.failure ? printable(upload.failure->code) : "");
  return text;
}

std::string upload_text(const UploadStory& story, Time now, const Output& output) {
  const Upload& upload = story.upload;
  std::string text = output.paint(Colour::bold, upload.id.text()) + "\n";
  text += row(output, "Kind", to_string(upload.kind));
  text += row(output, "State",
              fmt::format("{}, version {}{}", to_string(upload.state), upload.version,
                          upload.gone ? "; its objects are removed" : ""));
  text += row(output, "Declared",
              fmt::format("{}, {}", size_text(upload.declared.size), upload.declared.content_type));
  text += row(output, "Created", clock_text(upload.created));
  if (const auto trace = telemetry::trace_id_of(upload.traceparent); !trace.empty())
    text += row(output, "Trace", trace);
  if (upload.failure)
    text += row(output, "Failure",
                fmt::format("{}: {}. {}", to_string(upload.failure->stage), upload.failure->code,
                            upload.failure->detail));
  return text + timeline_text(story, now, output) + jobs_text(story.jobs, output);
}

std::string letter_list_text(std::span<const DeadLetter> all, const Output& output) {
  std::string text;
  for (const DeadLetter& letter : all)
    text += fmt::format("{}  {}  {} {}\n", letter.id.text(), clock_text(letter.at),
                        fit_left(to_string(letter.stage), 10),
                        output.paint(Colour::red, printable(letter.failure.code)));
  return text;
}

std::string decision_list_text(std::span<const RecordedDecision> all, const Output& output) {
  std::string text;
  for (const RecordedDecision& recorded : all)
    text += fmt::format(
        "{}  {} {} {} {}  {}: {}\n", clock_text(recorded.decision.at), fit_left(recorded.action, 8),
        recorded.letter.text(), fit_left(to_string(recorded.stage), 10), printable(recorded.code),
        output.paint(Colour::bold, printable(recorded.decision.who)), printable(recorded.decision.why));
  return text;
}

std::string letter_text(const DeadLetter& letter, const Output& output) {
  std::string text = output.paint(Colour::bold, letter.id.text()) + "\n";
  text += row(output, "Upload", letter.upload.text());
  text += row(output, "Stage",
              fmt::format("{}, given up after {} attempts", to_string(letter.stage), letter.attempts));
  text += row(output, "At", clock_text(letter.at));
  text += row(output, "Failure", fmt::format("{}. {}", letter.failure.code, letter.failure.detail));
  if (const auto trace = telemetry::trace_id_of(letter.traceparent); !trace.empty())
    text += row(output, "Trace", trace);
  return text;
}

std::string lag_text(const events::Lag& lag) {
  return fmt::format("{}  {}  {} {}\n", fit_left(lag.group, 20), fit_left(lag.topic, 30),
                     fit_right(std::to_string(lag.partition), 4), fit_right(std::to_string(lag.events), 9));
}

std::string upload_line_json(const Upload& upload) { return line_of(upload_fields(upload)); }

std::string upload_json(const UploadStory& story, Time now) {
  Json json = upload_fields(story.upload);
  json["history"] = history_json(story.history, now);
  json["jobs"] = jobs_json(story.jobs);
  return line_of(json);
}

std::string letter_json(const DeadLetter& letter) {
  return line_of({{"id", letter.id.text()},
                  {"upload", letter.upload.text()},
                  {"stage", to_string(letter.stage)},
                  {"attempts", letter.attempts},
                  {"code", letter.failure.code},
                  {"detail", letter.failure.detail},
                  {"retry_can_help", letter.failure.retry_can_help},
                  {"trace_id", telemetry::trace_id_of(letter.traceparent)},
                  {"at", to_rfc3339(letter.at)}});
}

std::string lag_json(const events::Lag& lag) {
  return line_of(
      {{"group", lag.group}, {"topic", lag.topic}, {"partition", lag.partition}, {"events", lag.events}});
}

std::string decision_json(const RecordedDecision& recorded) {
  return line_of({{"action", recorded.action},
                  {"who", recorded.decision.who},
                  {"why", recorded.decision.why},
                  {"at", to_rfc3339(recorded.decision.at)},
                  {"job", recorded.letter.text()},
                  {"stage", to_string(recorded.stage)},
                  {"code", recorded.code}});
}

}  // namespace orakgarak::app
