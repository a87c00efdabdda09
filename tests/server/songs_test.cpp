// Songs, what a person said of them, and what this person can sing.
#include "fixture.h"

namespace orakgarak::server {
namespace {

class Songs : public ServerTest {
 protected:
  std::string song(const std::string& title) {
    return get("/v1/songs?search=" + title).json()["items"][0]["id"].get<std::string>();
  }
  Reply say(const std::string& title, const std::string& verdict, int key = 0) {
    return send_as("PUT", "/v1/songs/" + song(title) + "/feedback", cookie_,
                   Json{{"verdict", verdict}, {"key_shift", key}}.dump());
  }
  std::vector<std::string> recommended(const std::string& query = "limit=100") {
    std::vector<std::string> titles;
    const auto answer = get("/v1/recommendations?" + query, cookie_).json();
    for (const auto& match : answer["songs"]) titles.push_back(match["song"]["title"]);
    return titles;
  }
  bool recommends(const std::string& title, const std::string& query = "limit=100") {
    const auto titles = recommended(query);
    return std::ranges::find(titles, title) != titles.end();
  }

  std::string cookie_ = consent();
};

TEST_F(Songs, AreFoundByPartOfANameHoweverItIsWritten) {
  EXPECT_EQ(get("/v1/songs?search=middle").json()["items"].size(), 1U);
  EXPECT_EQ(get("/v1/songs?search=MIDDLE+sing").json()["items"].size(), 1U);
  EXPECT_EQ(get("/v1/songs?search=nothing").json()["items"].size(), 0U);
  EXPECT_EQ(get("/v1/songs?search=%21%21%21").json()["items"].size(), 0U);
  EXPECT_EQ(get("/v1/songs?search=m%C3%ADddel").json()["items"].size(), 1U) << "two letters changed places";
  std::string longest;
  for (int i = 0; i < 200; ++i) longest += "%EA%B0%80";  // 가
  EXPECT_EQ(get("/v1/songs?search=" + longest).status, 200);
  EXPECT_EQ(get("/v1/songs?search=" + longest + "a").code(), "bad_query");
  const auto middle = get("/v1/songs?search=middle").json()["items"][0];
  EXPECT_EQ(middle["karaoke"], (Json{{"tj", "12345"}}));
  EXPECT_EQ(middle["year"], 1992);
}

TEST_F(Songs, ComeAPageAtATime) {
  std::size_t seen = 0, pages = 0;
  std::string next;
  do {
    const auto page = get("/v1/songs?limit=10" + (next.empty() ? "" : "&cursor=" + next)).json();
    seen += page["items"].size();
    ++pages;
    next = page["next"].is_null() ? "" : page["next"].get<std::string>();
  } while (!next.empty());
  EXPECT_EQ(seen, 24U);
  EXPECT_EQ(pages, 3U);
  EXPECT_EQ(get("/v1/songs?cursor=0123456789abcdef").code(), "no_such_song");
  EXPECT_EQ(get("/v1/songs?cursor=1").code(), "bad_cursor");
}

TEST_F(Songs, AreShownToAnybodyAndInKeysToWhomWeHeard) {
  const auto id = song("middle");
  const auto stranger = get("/v1/songs/" + id).json();
  EXPECT_EQ(stranger["song"]["title"], "Middle");
  EXPECT_EQ(stranger["seconds_per_semitone"]["52"], 5.0);
  EXPECT_EQ(stranger["profile"], nullptr);
  EXPECT_TRUE(stranger["keys"].empty());
  EXPECT_EQ(get("/v1/songs/" + id, cookie_).json()["profile"], nullptr) << "no take yet";
  complete(declare(cookie_));
  const auto heard = get("/v1/songs/" + id, cookie_).json();
  ASSERT_EQ(heard["keys"].size(), 13U);
  EXPECT_EQ(heard["keys"][0]["key_shift"], -6);
  EXPECT_EQ(heard["profile"]["highest"]["midi"], 70.0);
  EXPECT_EQ(get("/v1/songs/0123456789abcdef").code(), "no_such_song");
  EXPECT_EQ(get("/v1/songs/x").status, 404);
}

TEST_F(Songs, WithoutATakeNothingIsRecommended) {
  const auto answer = get("/v1/recommendations", cookie_);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json()["profile"], nullptr);
  EXPECT_TRUE(answer.json()["songs"].empty());
  EXPECT_EQ(get("/v1/recommendations").code(), "no_session");
  EXPECT_EQ(get("/v1/profile", cookie_).json()["lowest"]["midi"], nullptr);
}

TEST_F(Songs, AreRecommendedWithKeyFitAndReasons) {
  complete(declare(cookie_));
  const auto answer = get("/v1/recommendations", cookie_).json();
  EXPECT_EQ(answer["songs"].size(), 10U);
  const auto& match = answer["songs"][0];
  EXPECT_GT(match["fit"].get<double>(), 50);
  EXPECT_FALSE(match["reasons"].empty());
  EXPECT_TRUE(match["reasons"][0].contains("code"));
  EXPECT_EQ(match["feedback"], nullptr);
  EXPECT_EQ(answer["profile"]["takes"].size(), 1U);
}

TEST_F(Songs, FiltersNarrow) {
  complete(declare(cookie_));
  EXPECT_EQ(recommended("language=ko"), (std::vector<std::string>{"Middle"}));
  EXPECT_EQ(recommended("decade=1990&decade=1980&limit=100").size(), 4U);
  EXPECT_TRUE(recommends("Unsure"));
  EXPECT_FALSE(recommends("Unsure", "limit=100&hide_uncertain_octave=true"));
  EXPECT_EQ(recommended("prefer_language=ko").front(), "Middle");
  const auto fixed = get("/v1/recommendations?keys=2..2", cookie_).json();
  for (const auto& match : fixed["songs"]) EXPECT_EQ(match["key_shift"], 2);
  EXPECT_EQ(get("/v1/recommendations?keys=%2B2..-1", cookie_).status, 200) << "in any order";
  for (const auto* bad : {"keys=1", "keys=-13..0", "keys=..", "decade=1995", "decade=x", "language=korean",
                          "language=KO", "hide_uncertain_octave=yes", "limit=0", "limit=101", "offset=1"})
    EXPECT_EQ(get(std::string("/v1/recommendations?") + bad, cookie_).code(), "bad_query") << bad;
}

TEST_F(Songs, WhatWasSaidIsKeptOnceASong) {
  EXPECT_EQ(say("middle", "fits").status, 200);
  now_ += std::chrono::seconds(1);
  EXPECT_EQ(say("middle", "too_hard", 2).json()["key_shift"], 2);
  const auto said = get("/v1/feedback", cookie_).json()["items"];
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0]["verdict"], "too_hard");
  EXPECT_EQ(get("/v1/songs/" + song("middle"), cookie_).json()["feedback"]["verdict"], "too_hard");
  EXPECT_EQ(send_as("DELETE", "/v1/songs/" + song("middle") + "/feedback", cookie_).status, 204);
  EXPECT_EQ(send_as("DELETE", "/v1/songs/" + song("middle") + "/feedback", cookie_).code(), "no_feedback");
  EXPECT_TRUE(get("/v1/feedback", cookie_).json()["items"].empty());
}

TEST_F(Songs, WhatIsWrongInFeedbackIsNamed) {
  const auto path = "/v1/songs/" + song("middle") + "/feedback";
  for (const auto* bad :
       {"{}", R"({"verdict":"great","key_shift":0})", R"({"verdict":"fits"})",
        R"({"verdict":"fits","key_shift":13})", R"({"verdict":"fits","key_shift":0,"octave_shift":2})",
        R"({"verdict":"fits","key_shift":0,"at":"now"})"})
    EXPECT_EQ(send_as("PUT", path, cookie_, bad).code(), "bad_field") << bad;
  EXPECT_EQ(
      send_as("PUT", "/v1/songs/0123456789abcdef/feedback", cookie_, R"({"verdict":"fits","key_shift":0})")
          .code(),
      "no_such_song");
  EXPECT_EQ(send_as("PUT", path, "", R"({"verdict":"fits","key_shift":0})").code(), "no_session");
}

TEST_F(Songs, NotForMeHidesTheSong) {
  complete(declare(cookie_));
  EXPECT_TRUE(recommends("Middle"));
  say("middle", "not_for_me");
  EXPECT_FALSE(recommends("Middle"));
  EXPECT_EQ(get("/v1/songs/" + song("middle"), cookie_).json()["feedback"]["verdict"], "not_for_me");
}

TEST_F(Songs, WhatWasTooHardMovesTheComfortableEndAndSaysSo) {
  complete(declare(cookie_));
  const auto before = get("/v1/profile", cookie_).json()["comfortable_high"]["midi"].get<double>();
  say("middle", "too_hard");
  const auto end = get("/v1/profile", cookie_).json()["comfortable_high"];
  EXPECT_LT(end["midi"].get<double>(), before);
  EXPECT_EQ(end["moved_by"], Json({song("middle")}));
}

TEST_F(Songs, AStruckEndCountsNoMore) {
  const auto id = declare(cookie_);
  complete(id);
  EXPECT_EQ(get("/v1/profile", cookie_).json()["highest"]["midi"], 70.0);
  send_as("PATCH", "/v1/uploads/" + id, cookie_, R"({"struck":["highest"]})");
  EXPECT_EQ(get("/v1/profile", cookie_).json()["highest"]["midi"], nullptr);
}

TEST_F(Songs, NobodysTakesCountForAnother) {
  complete(declare(cookie_));
  EXPECT_TRUE(get("/v1/profile", consent()).json()["takes"].empty());
}

TEST_F(Songs, TheCatalogueIsSentOnce) {
  const auto first = get("/v1/catalogue");
  EXPECT_EQ(first.field("Content-Type"), "application/jsonl");
  EXPECT_EQ(std::ranges::count(first.body, '\n'), 24);
  const auto line = Json::parse(first.body.substr(0, first.body.find('\n')));
  EXPECT_EQ(line["id"], catalogue_->id(0));
  EXPECT_EQ(line["title"], "Low");
  const auto again =
      send({.target = "/v1/catalogue", .fields = {{"If-None-Match", "W/" + first.field("ETag")}}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(send({.target = "/v1/catalogue", .fields = {{"If-None-Match", "\"other\""}}}).status, 200);
}

}  // namespace
}  // namespace orakgarak::server
