// Who may ask: consent, cookies, other sites, operators.
#include "fixture.h"

namespace orakgarak::server {
namespace {

class Session : public ServerTest {
 protected:
  Session() : ServerTest({.sessions_an_hour = 3}) {}
};

TEST_F(Session, NoneIsMadeByLooking) {
  const auto reply = get("/v1/session");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.json(), (Json{{"consented", false}}));
  EXPECT_EQ(reply.field("Set-Cookie"), "");
}

TEST_F(Session, ConsentMakesOneWithACookieThatScriptsCannotRead) {
  const auto reply = post("/v1/session", {{"consent", 1}});
  EXPECT_EQ(reply.status, 201);
  const auto cookie = reply.field("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("orakgarak_session=")) << cookie;
  EXPECT_TRUE(cookie.contains("; Path=/; HttpOnly; SameSite=Lax")) << cookie;
  EXPECT_FALSE(cookie.contains("Secure")) << "http://localhost could not keep it";
  EXPECT_TRUE(reply.json()["consented"].get<bool>());
}

TEST_F(Session, UnderTlsTheCookieIsBoundToThisHost) {
  const auto reply =
      send({.method = "POST", .target = "/v1/session", .body = R"({"consent":1})", .secure = true});
  const auto cookie = reply.field("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-orakgarak_session=")) << cookie;
  EXPECT_TRUE(cookie.contains("; Secure")) << cookie;
}

TEST_F(Session, BehindAProxyThatDoesNotSayHttpsThePublicUrlDoes) {
  service_->public_url = "https://sing.example";
  const auto cookie = post("/v1/session", {{"consent", 1}}).field("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-orakgarak_session=")) << cookie;
  EXPECT_TRUE(cookie.contains("; Secure")) << cookie;
  const auto pair = cookie.substr(0, cookie.find(';'));
  EXPECT_EQ(send({.target = "/v1/uploads", .fields = {{"Cookie", pair}}}).status, 200);
}

TEST_F(Session, TheOtherSchemesCookieIsNone) {
  const auto cookie = consent();
  EXPECT_EQ(get("/v1/uploads", cookie).status, 200);
  EXPECT_EQ(
      send({.target = "/v1/uploads", .fields = {{"Cookie", "orakgarak_session=" + cookie}}, .secure = true})
          .status,
      401);
}

TEST_F(Session, ConsentToOtherWordsIsRefused) {
  const auto reply = post("/v1/session", {{"consent", 2}});
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(reply.code(), "wrong_consent");
  for (const auto* body :
       {"{}", R"({"consent":"1"})", R"({"consent":0})", R"({"consent":1,"more":1})", "[]"}) {
    const auto bad = send_as("POST", "/v1/session", "", body);
    EXPECT_EQ(bad.status, 400) << body;
    EXPECT_EQ(bad.code(), "bad_field") << body;
  }
}

TEST_F(Session, ConsentAgainKeepsThePerson) {
  const auto cookie = consent();
  declare(cookie);
  const auto again = post("/v1/session", {{"consent", 1}}, cookie);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.field("Set-Cookie"), "");
  EXPECT_EQ(get("/v1/uploads", cookie).json()["items"].size(), 1U);
}

TEST_F(Session, OneAddressBeginsOnlySoManyAnHour) {
  for (int i = 0; i < 3; ++i) consent();
  const auto reply = post("/v1/session", {{"consent", 1}});
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.code(), "too_many_sessions");
  EXPECT_EQ(reply.field("Retry-After"), "1200");
  EXPECT_EQ(
      send({.method = "POST", .target = "/v1/session", .body = R"({"consent":1})", .address = "203.0.113.8"})
          .status,
      201);
  now_ += std::chrono::minutes(20);
  consent();
}

TEST_F(Session, OldWordsLetReadAndDeleteAndNothingElse) {
  const auto token = people::new_token();
  ASSERT_TRUE(people_->begin(uploads::OwnerId::make(now_), people::hash_of(token), http::consent_version - 1,
                             now_, now_ + std::chrono::hours(1)));
  EXPECT_FALSE(get("/v1/session", token.text).json()["consented"].get<bool>());
  EXPECT_EQ(get("/v1/uploads", token.text).status, 200);
  const auto reply = post("/v1/uploads", new_take(), token.text);
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.code(), "consent_needed");
  EXPECT_EQ(post("/v1/session", {{"consent", 1}}, token.text).status, 201);
  EXPECT_EQ(post("/v1/uploads", new_take(), token.text).status, 201);
}

TEST_F(Session, EndsAtSignOutAndInTime) {
  const auto cookie = consent();
  const auto reply = send_as("DELETE", "/v1/session", cookie);
  EXPECT_EQ(reply.status, 204);
  EXPECT_TRUE(reply.field("Set-Cookie").contains("Max-Age=0"));
  EXPECT_EQ(get("/v1/uploads", cookie).code(), "no_session");
  const auto other = consent();
  now_ += std::chrono::days(401);
  EXPECT_EQ(get("/v1/uploads", other).status, 401);
}

TEST_F(Session, WhatIsNoTokenIsNoSession) {
  for (const auto* cookie : {"x", "a b", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "' OR 1=1 --"})
    EXPECT_EQ(get("/v1/uploads", cookie).status, 401) << cookie;
}

TEST_F(Session, UnsafeMethodsFromAnotherSiteAreRefused) {
  const auto cookie = consent();
  const auto from = [&](net::Fields fields) {
    return send({.method = "DELETE", .target = "/v1/me", .cookie = cookie, .fields = std::move(fields)})
        .status;
  };
  EXPECT_EQ(from({{"Origin", "https://evil.example"}}), 403);
  EXPECT_EQ(from({{"Origin", "null"}}), 403);
  EXPECT_EQ(from({{"Origin", "https://localhost:8080"}}), 403) << "another scheme is another origin";
  EXPECT_EQ(from({{"Origin", "http://localhost"}}), 403);
  EXPECT_EQ(from({{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(from({{"Sec-Fetch-Site", "same-site"}}), 403);
  EXPECT_EQ(from({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://evil.example"}}), 403);
  EXPECT_EQ(from({{"Origin", "http://localhost:8080"}, {"Origin", "http://localhost:8080"}}), 403);
  EXPECT_EQ(get("/v1/uploads", cookie).status, 200) << "nothing has happened";
  EXPECT_EQ(from({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "http://localhost:8080"}}), 204);
}

TEST_F(Session, ThePublicUrlIsOurOriginToo) {
  service_->public_url = "https://sing.example";
  EXPECT_EQ(send({.method = "POST",
                  .target = "/v1/session",
                  .body = R"({"consent":1})",
                  .fields = {{"Origin", "https://sing.example"}}})
                .status,
            201);
}

TEST_F(Session, DeletingEverythingLeavesNothing) {
  const auto cookie = consent();
  const auto take = declare(cookie);
  ASSERT_EQ(send_as("PUT", "/v1/songs/" + catalogue_->id(0) + "/feedback", cookie,
                    R"({"verdict":"easy","key_shift":0})")
                .status,
            200);
  EXPECT_EQ(send_as("DELETE", "/v1/me", cookie).status, 204);
  EXPECT_EQ(get("/v1/uploads", cookie).status, 401);
  EXPECT_EQ(uploads_->find(id_of(take)).error().code, "no_such_upload");
}

TEST_F(Session, OperatorsNeedTheirToken) {
  const auto token = operator_token();
  const auto ask = [&](net::Fields fields) {
    return send({.target = "/v1/ops/uploads", .fields = std::move(fields)});
  };
  EXPECT_EQ(ask(bearer(token)).status, 200);
  EXPECT_EQ(ask({{"Authorization", "bearer " + token}}).status, 200);
  const std::vector<std::string> wrong{
      "", "Bearer ", "Bearer x", "Basic " + token, token, "Bearer " + people::new_token().text};
  for (const auto& field : wrong) {
    const auto reply = ask(field.empty() ? net::Fields{} : net::Fields{{"Authorization", field}});
    EXPECT_EQ(reply.status, 401) << field;
    EXPECT_EQ(reply.code(), "no_operator");
    EXPECT_EQ(reply.field("WWW-Authenticate"), "Bearer");
  }
  EXPECT_EQ(send({.target = "/v1/ops/uploads", .cookie = consent()}).status, 401) << "a guest is no operator";
}

}  // namespace
}  // namespace orakgarak::server
