// What operators see and do.
#include "fixture.h"

namespace orakgarak::server {
namespace {

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
