// What operators look at: everything at a glance, and what Alertmanager says.
#include <algorithm>

#include "http/routes.h"
#include "http/upload_json.h"

namespace orakgarak::http {
namespace {

Json time_json(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return to_rfc3339(*time);
}

Json counts_json(std::vector<uploads::StateCount> counts) {
  std::ranges::sort(counts, {},
                    [](const uploads::StateCount& one) { return std::pair(one.state, one.kind); });
  Json list = Json::array();
  for (const auto& one : counts)
    list.push_back({{"state", to_string(one.state)},
                    {"kind", to_string(one.kind)},
                    {"count", one.count},
                    {"oldest", to_rfc3339(one.oldest)}});
  return list;
}

Json stages_json(const uploads::Backlog& backlog) {
  Json list = Json::array();
  for (const auto& one : backlog.stages)
    list.push_back({{"stage", to_string(one.stage)},
                    {"waiting", one.waiting},
                    {"running", one.running},
                    {"due", time_json(one.due)}});
  return list;
}

Json device_json(const uploads::DeviceState& state) {
  std::uint64_t waiting = 0;
  std::size_t jobs = 0;
  Duration longest{};
  for (const auto& entry : state.entries) {
    if (entry.holds) continue;
    ++jobs;
    waiting += entry.bytes;
    longest = std::max(longest, entry.since);
  }
  return {{"name", state.name},
          {"budget", state.budget},
          {"for_now", state.for_now},
          {"granted", state.granted},
          {"waiting", waiting},
          {"waiting_jobs", jobs},
          {"oldest_wait_seconds", std::chrono::duration<double>(longest).count()},
          {"ran_out", state.ran_out}};
}

Json alert_json(const Alert& alert) {
  return {{"name", alert.name},       {"severity", alert.severity}, {"instance", alert.instance},
          {"summary", alert.summary}, {"action", alert.action},     {"runbook", alert.runbook},
          {"since", alert.since},     {"muted", alert.muted}};
}

}  // namespace

Result<net::Response> ops_overview(Service& service, const Call& call) {
  auto counts = service.uploads.count_uploads();
  if (!counts) return std::unexpected(std::move(counts.error()));
  const auto backlog = service.uploads.backlog(call.now);
  if (!backlog) return std::unexpected(backlog.error());
  Json devices = Json::array();
  for (const auto& state : service.devices()) devices.push_back(device_json(state));
  return json_response(
      200, {{"at", to_rfc3339(call.now)},
            {"uploads", counts_json(*std::move(counts))},
            {"stages", stages_json(*backlog)},
            {"events", {{"unpublished", backlog->events}, {"due", time_json(backlog->first_event)}}},
            {"devices", std::move(devices)}});
}

Result<net::Response> ops_alerts(Service& service, const Call&) {
  Json json{{"configured", service.alerts != nullptr}, {"fault", nullptr}, {"items", Json::array()}};
  if (!service.alerts) return json_response(200, json);
  const auto alerts = service.alerts();
  if (!alerts) json["fault"] = alerts.error().detail;  // it is no fault of this server's
  if (alerts)
    for (const auto& alert : *alerts) json["items"].push_back(alert_json(alert));
  return json_response(200, json);
}

}  // namespace orakgarak::http
