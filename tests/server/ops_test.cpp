// What operators see and do.
#include "fixture.h"

namespace orakgarak::server {
namespace {

template <class T>
void ok(const Result<T>& result) {
  EXPECT_TRUE(result) << result.error().detail;
}

class Ops : public ServerTest {
 protected:
  Reply ask(std::string method, std::string target, std::string body = {}) {
    return send({.method = std::move(method),
                 .target = std::move(target),
                 .body = std::move(body),
                 .fields = bearer(token_)});
  }
  std::string token_ = operator_token();
  std::string cookie_ = consent();
};

TEST_F(Ops, SeeAllUploadsWithoutTheirNames) {
  declare(cookie_);
  declare(consent());
  const auto reply = ask("GET", "/v1/ops/uploads?state=PENDING");
  EXPECT_EQ(reply.json()["items"].size(), 2U);
  EXPECT_FALSE(reply.body.contains("노래"));
  EXPECT_FALSE(reply.body.contains("owner"));
}

/// {…} filled in with an id that could be one.
std::string address_of(std::string_view pattern) {
  std::string address(pattern);
  if (const auto brace = address.find("{id}"); brace != std::string::npos)
    address.replace(brace, 4, "018f0000-0000-7000-8000-000000000000");
  return address;
}

TEST_F(Ops, NothingOfTheirsIsForASingerOrAWrongToken) {
  int routes = 0;
  for (const auto& route : http::routes()) {
    if (!route.pattern.starts_with("/v1/ops/")) continue;
    ++routes;
    EXPECT_EQ(route.access, http::Access::operators) << route.pattern;
    const std::string method(net::to_string(route.method)), address = address_of(route.pattern);
    const std::string body = route.takes == http::Takes::json ? R"({"why":"because"})" : "";
    EXPECT_EQ(send_as(method, address, cookie_, body).code(), "no_operator") << route.pattern;
    for (const auto& field : {bearer(std::string(43, 'A')), bearer(cookie_), bearer("")})
      EXPECT_EQ(send({.method = method, .target = address, .body = body, .cookie = cookie_, .fields = field})
                    .status,
                401)
          << route.pattern;
    EXPECT_NE(ask(method, address, body).status, 401) << route.pattern;
  }
  EXPECT_GE(routes, 12);
}

TEST_F(Ops, SeeAtAGlanceWhatIsThere) {
  const auto empty = ask("GET", "/v1/ops/overview").json();
  EXPECT_EQ(empty["uploads"], Json::array());
  EXPECT_EQ(empty["stages"].size(), 5U);
  EXPECT_EQ(empty["events"], Json({{"unpublished", 0}, {"due", nullptr}}));
  EXPECT_EQ(empty["devices"], Json::array());
  declare(cookie_);
  const auto failing = declare(consent());
  ok(uploads_->enqueue(id_of(failing),
                       {.id = uploads::JobId::make(now_), .stage = uploads::Stage::check, .run_after = now_},
                       now_));
  complete(declare(cookie_));
  now_ += std::chrono::minutes(1);
  const auto overview = ask("GET", "/v1/ops/overview").json();
  EXPECT_EQ(overview["at"], to_rfc3339(now_));
  const auto then = to_rfc3339(now_ - std::chrono::minutes(1));
  ASSERT_EQ(overview["uploads"].size(), 2U);
  EXPECT_EQ(overview["uploads"][0],
            Json({{"state", "PENDING"}, {"kind", "take"}, {"count", 2}, {"oldest", then}}));
  EXPECT_EQ(overview["uploads"][1]["state"], "COMPLETED");
  EXPECT_EQ(overview["stages"][0], Json({{"stage", "check"}, {"waiting", 1}, {"running", 0}, {"due", then}}));
  EXPECT_GT(overview["events"]["unpublished"], 0);
  EXPECT_EQ(overview["events"]["due"], then);
}

TEST_F(Ops, SeeWhatMemoryIsGivenOutAndWhoWaitsForIt) {
  service_->devices = [] {
    uploads::DeviceState state;
    state.name = "machine a";
    state.budget = 1000;
    state.for_now = 900;
    state.granted = 700;
    state.ran_out = 1;
    state.entries = {{.holds = true, .bytes = 700, .since = std::chrono::seconds(9)},
                     {.bytes = 300, .since = std::chrono::milliseconds(2500)},
                     {.bytes = 200, .since = std::chrono::seconds(1)}};
    return std::vector{state};
  };
  EXPECT_EQ(ask("GET", "/v1/ops/overview").json()["devices"], Json::array({{{"name", "machine a"},
                                                                            {"budget", 1000},
                                                                            {"for_now", 900},
                                                                            {"granted", 700},
                                                                            {"waiting", 500},
                                                                            {"waiting_jobs", 2},
                                                                            {"oldest_wait_seconds", 2.5},
                                                                            {"ran_out", 1}}}));
}

TEST_F(Ops, SeeTheAlertsOrThatThereAreNone) {
  EXPECT_EQ(ask("GET", "/v1/ops/alerts").json(),
            Json({{"configured", false}, {"fault", nullptr}, {"items", Json::array()}}));
  service_->alerts = [] {
    http::Alert alert;
    alert.name = "AppDown";
    alert.severity = "critical";
    return std::vector{alert};
  };
  const auto alerts = ask("GET", "/v1/ops/alerts").json();
  EXPECT_EQ(alerts["configured"], true);
  ASSERT_EQ(alerts["items"].size(), 1U);
  EXPECT_EQ(alerts["items"][0]["name"], "AppDown");
  EXPECT_EQ(alerts["items"][0]["muted"], false);
  service_->alerts = []() -> Result<std::vector<http::Alert>> {
    return orakgarak::fail(ErrorKind::retry, "alerts_unavailable", "it is away");
  };
  const auto away = ask("GET", "/v1/ops/alerts");
  EXPECT_EQ(away.status, 200) << "this server is well";
  EXPECT_EQ(away.json()["fault"], "it is away");
}

TEST_F(Ops, SeeOneUploadWithItsTraceAndItsJobs) {
  const auto id = declare(cookie_);
  ok(uploads_->enqueue(id_of(id),
                       {.id = uploads::JobId::make(now_), .stage = uploads::Stage::check, .run_after = now_},
                       now_));
  const auto reply = ask("GET", "/v1/ops/uploads/" + id);
  EXPECT_EQ(reply.json()["upload"]["id"], id);
  EXPECT_EQ(reply.json()["upload"]["trace_id"].get<std::string>().size(), 32U);
  EXPECT_FALSE(reply.body.contains("노래"));
  ASSERT_EQ(reply.json()["jobs"].size(), 1U);
  EXPECT_EQ(reply.json()["jobs"][0]["stage"], "check");
  EXPECT_EQ(reply.json()["jobs"][0]["lease_until"], nullptr);
  ok(uploads_->claim(uploads::every_stage, "worker", now_, now_ + std::chrono::minutes(1)));
  EXPECT_EQ(ask("GET", "/v1/ops/uploads/" + id).json()["jobs"][0]["lease_until"],
            to_rfc3339(now_ + std::chrono::minutes(1)));
  EXPECT_FALSE(get("/v1/uploads/" + id, cookie_).json().contains("trace_id")) << "of operators alone";
  EXPECT_EQ(ask("GET", "/v1/ops/uploads/x").code(), "no_such_upload");
}

TEST_F(Ops, SeeTheHistoryOfAnyUpload) {
  const auto id = declare(cookie_);
  EXPECT_EQ(ask("GET", "/v1/ops/uploads/" + id + "/history").json()["items"].size(), 1U);
  EXPECT_EQ(ask("GET", "/v1/ops/uploads/x/history").code(), "no_such_upload");
}

TEST_F(Ops, RedriveAlsoWhatItsOwnerCannot) {
  const auto id = declare(cookie_);
  const auto redrive = "/v1/ops/uploads/" + id + "/redrive";
  EXPECT_EQ(ask("POST", redrive, R"({"why":"early"})").code(), "not_failed");
  fail(id, false);
  EXPECT_EQ(ask("POST", redrive, R"({"why":""})").code(), "bad_field");
  EXPECT_EQ(ask("POST", redrive, R"({"why":"the disk is back"})").status, 202);
  EXPECT_EQ(get("/v1/uploads/" + id, cookie_).json()["state"], "PENDING");
  const auto decisions = *uploads_->decisions(10);
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].decision.who, "ana");
  EXPECT_EQ(decisions[0].action, "redrive");
}

TEST_F(Ops, ReplayADeadLetterWithTheirNameAndReason) {
  const auto id = declare(cookie_);
  const auto letter = bury(id);
  EXPECT_EQ(ask("GET", "/v1/ops/dead-letters").json()["items"][0]["id"], letter);
  EXPECT_EQ(ask("GET", "/v1/ops/dead-letters/" + letter).json()["code"], "objects_unavailable");
  for (const auto* bad : {"{}", R"({"why":""})", R"({"why":1})"})
    EXPECT_EQ(ask("POST", "/v1/ops/dead-letters/" + letter + "/replay", bad).code(), "bad_field") << bad;
  EXPECT_EQ(
      ask("POST", "/v1/ops/dead-letters/" + letter + "/replay", Json{{"why", std::string(501, 'x')}}.dump())
          .status,
      400);
  EXPECT_EQ(ask("POST", "/v1/ops/dead-letters/" + letter + "/replay", R"({"why":"the disk is back"})").status,
            202);
  const auto decisions = *uploads_->decisions(10);
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].decision.who, "ana");
  EXPECT_EQ(decisions[0].decision.why, "the disk is back");
  EXPECT_EQ(ask("POST", "/v1/ops/dead-letters/" + letter + "/replay", R"({"why":"again"})").code(),
            "no_such_letter");
}

TEST_F(Ops, ReadWhoDecidedWhatAndWhyNewestFirst) {
  EXPECT_TRUE(ask("GET", "/v1/ops/decisions").json()["items"].empty());
  ask("POST", "/v1/ops/dead-letters/" + bury(declare(cookie_)) + "/discard", R"({"why":"a test"})");
  const auto letter = bury(declare(cookie_));
  ask("POST", "/v1/ops/dead-letters/" + letter + "/replay", R"({"why":"the disk is back"})");
  const auto items = ask("GET", "/v1/ops/decisions").json()["items"];
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[1]["action"], "discard");
  EXPECT_EQ(items[0]["action"], "replay");
  EXPECT_EQ(items[0]["who"], "ana");
  EXPECT_EQ(items[0]["why"], "the disk is back");
  EXPECT_EQ(items[0]["job"], letter);
  EXPECT_EQ(items[0]["code"], "objects_unavailable");
  EXPECT_EQ(ask("GET", "/v1/ops/decisions?limit=1").json()["items"].size(), 1U);
  EXPECT_EQ(get("/v1/ops/decisions", cookie_).status, 401);
}

TEST_F(Ops, DiscardADeadLetter) {
  const auto letter = bury(declare(cookie_));
  EXPECT_EQ(ask("POST", "/v1/ops/dead-letters/" + letter + "/discard", R"({"why":"a test"})").status, 204);
  EXPECT_EQ(ask("GET", "/v1/ops/dead-letters/" + letter).code(), "no_such_letter");
  EXPECT_EQ(ask("GET", "/v1/ops/dead-letters/x").status, 404);
}

TEST_F(Ops, SeeHowFarEachGroupIsBehind) {
  EXPECT_EQ(ask("GET", "/v1/ops/events/lag").json()["items"], Json::array());
  service_->events_lag = [] {
    return std::vector<http::EventsLag>{{"orakgarak.check", "orakgarak.jobs.live.check", 3, 7}};
  };
  const auto items = ask("GET", "/v1/ops/events/lag").json()["items"];
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0], Json({{"group", "orakgarak.check"},
                            {"topic", "orakgarak.jobs.live.check"},
                            {"partition", 3},
                            {"events", 7}}));
  service_->events_lag = []() -> Result<std::vector<http::EventsLag>> {
    return orakgarak::fail(ErrorKind::retry, "events_unavailable", "away");
  };
  EXPECT_EQ(ask("GET", "/v1/ops/events/lag").status, 503);
  EXPECT_EQ(get("/v1/ops/events/lag", cookie_).status, 401) << "for operators only";
}

}  // namespace
}  // namespace orakgarak::server
