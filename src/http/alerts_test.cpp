#include "http/alerts.h"

#include <gtest/gtest.h>

#include "http/fields.h"

namespace orakgarak::http {
namespace {

Json alert(const std::string& name, const std::string& severity, const std::string& state = "active") {
  return {{"annotations",
           {{"summary", "people wait"}, {"action", "look"}, {"runbook_url", "https://runbooks.example/#x"}}},
          {"endsAt", "2026-11-24T12:05:00.000Z"},
          {"startsAt", "2026-11-24T12:00:00.000Z"},
          {"status", {{"inhibitedBy", Json::array()}, {"silencedBy", Json::array()}, {"state", state}}},
          {"labels", {{"alertname", name}, {"severity", severity}, {"instance", "127.0.0.1:8082"}}}};
}

std::string code_of(const std::string& json) {
  const auto read = read_alerts(json);
  return read ? "no error" : read.error().code;
}

TEST(Alerts, ThoseThatPageComeFirstAndMutedOnesLast) {
  const auto json = Json::array({alert("Ticket", "warning"), alert("Muted", "critical", "suppressed"),
                                 alert("Odd", "purple"), alert("Page", "critical")});
  const auto alerts = read_alerts(json.dump()).value();
  ASSERT_EQ(alerts.size(), 4U);
  EXPECT_EQ(alerts[0].name, "Page");
  EXPECT_EQ(alerts[0].severity, "critical");
  EXPECT_EQ(alerts[0].instance, "127.0.0.1:8082");
  EXPECT_EQ(alerts[0].summary, "people wait");
  EXPECT_EQ(alerts[0].action, "look");
  EXPECT_EQ(alerts[0].runbook, "https://runbooks.example/#x");
  EXPECT_EQ(alerts[0].since, "2026-11-24T12:00:00.000Z");
  EXPECT_FALSE(alerts[0].muted);
  EXPECT_EQ(alerts[1].name, "Ticket");
  EXPECT_EQ(alerts[2].name, "Odd");
  EXPECT_EQ(alerts[3].name, "Muted");
  EXPECT_TRUE(alerts[3].muted);
}

TEST(Alerts, WhatAnAlertLacksIsEmpty) {
  const auto alerts = read_alerts(R"([{"labels":{"alertname":"X"},"annotations":3}])").value();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].summary + alerts[0].severity + alerts[0].since, "");
  EXPECT_TRUE(read_alerts("[]").value().empty());
}

TEST(Alerts, ARunbookThatIsNoWebAddressIsNoLink) {
  auto one = alert("X", "info");
  for (const auto* url : {"javascript:alert(1)", "data:text/html,x", "/etc/passwd", "HTTPS", ""}) {
    one["annotations"]["runbook_url"] = url;
    EXPECT_EQ(read_alerts(Json::array({one}).dump()).value()[0].runbook, "") << url;
  }
}

TEST(Alerts, WhatIsNoAnswerOfAlertmanagerIsRefused) {
  for (const auto* bad : {"", "{", "{}", "null", "[1]", "[{}]", R"([{"labels":{"alertname":1}}])", "<html>"})
    EXPECT_EQ(code_of(bad), "alerts_unavailable") << bad;
}

TEST(Alerts, ThereIsALimitToBytesAndToAlerts) {
  Json many = Json::array();
  for (std::size_t i = 0; i < most_alerts; ++i) many.push_back({{"labels", {{"alertname", "X"}}}});
  EXPECT_EQ(code_of(many.dump()), "no error");
  many.push_back(many[0]);
  EXPECT_EQ(code_of(many.dump()), "alerts_unavailable");
  const std::string blanks(most_alerts_bytes - 2, ' ');
  EXPECT_EQ(code_of("[]" + blanks), "no error");
  EXPECT_EQ(code_of("[]" + blanks + " "), "alerts_unavailable");
}

}  // namespace
}  // namespace orakgarak::http
