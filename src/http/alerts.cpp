#include "http/alerts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "http/fields.h"

namespace orakgarak::http {
namespace {

std::unexpected<Error> no_alerts(std::string_view why) {
  return fail(
      ErrorKind::retry, "alerts_unavailable",
      fmt::format("What answers at --alertmanager-url is not Alertmanager as this server knows it: {}.",
                  why));
}

/// The text of this name in the object of that name; empty where there is none.
std::string text_at(const Json& alert, const char* object, const char* name) {
  const auto found = alert.find(object);
  if (found == alert.end() || !found->is_object()) return {};
  const auto text = found->find(name);
  return text != found->end() && text->is_string() ? text->get<std::string>() : std::string();
}

std::string link_at(const Json& alert, const char* object, const char* name) {
  auto url = text_at(alert, object, name);
  return url.starts_with("https://") || url.starts_with("http://") ? std::move(url) : std::string();
}

Alert read_alert(const Json& alert) {
  const auto since = alert.find("startsAt");
  return {.name = text_at(alert, "labels", "alertname"),
          .severity = text_at(alert, "labels", "severity"),
          .instance = text_at(alert, "labels", "instance"),
          .summary = text_at(alert, "annotations", "summary"),
          .action = text_at(alert, "annotations", "action"),
          .runbook = link_at(alert, "annotations", "runbook_url"),
          .since = since != alert.end() && since->is_string() ? since->get<std::string>() : std::string(),
          .muted = text_at(alert, "status", "state") == "suppressed"};
}

/// Unknown words come last.
std::size_t rank(std::string_view severity) {
  constexpr std::array<std::string_view, 5> order{"critical", "page", "warning", "ticket", "info"};
  return static_cast<std::size_t>(std::ranges::find(order, severity) - order.begin());
}

auto place(const Alert& alert) {
  return std::tuple(alert.muted, rank(alert.severity), std::string_view(alert.name),
                    std::string_view(alert.instance), std::string_view(alert.since));
}

}  // namespace

Result<std::vector<Alert>> read_alerts(std::string_view json) {
  if (json.size() > most_alerts_bytes) return no_alerts("it says more than 1 MiB");
  const auto list = parse_json(json);
  if (!list) return no_alerts("its answer is not JSON");
  if (!list->is_array()) return no_alerts("its answer is not a list");
  if (list->size() > most_alerts) return no_alerts(fmt::format("it has more than {} alerts", most_alerts));
  std::vector<Alert> alerts;
  for (const auto& alert : *list) {
    if (!alert.is_object()) return no_alerts("an alert is not an object");
    alerts.push_back(read_alert(alert));
    if (alerts.back().name.empty()) return no_alerts("an alert has no name");
  }
  std::ranges::sort(alerts, {}, place);
  return alerts;
}

}  // namespace orakgarak::http
