// Albums: made of one's own recordings, published, given away by a link, taken back.
#include <algorithm>

#include "fixture.h"

namespace orakgarak::server {
namespace {

class Albums : public ServerTest {
 protected:
  Albums() : ServerTest({.uploads_an_hour = 1000, .sessions_an_hour = 1000}) {}

  std::string completed(const std::string& cookie) {
    now_ += std::chrono::milliseconds(1);  // ids sort by it
    auto id = declare(cookie);
    complete(id);
    return id;
  }
  /// Its id.
  std::string draft(const std::string& cookie, const std::string& title = "모음") {
    const auto made = post("/v1/albums", {{"title", title}, {"tracks", {completed(cookie)}}}, cookie);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json()["id"];
  }
  Reply state(const std::string& id, const std::string& to, const std::string& cookie) {
    return put("/v1/albums/" + id + "/state", {{"state", to}}, cookie);
  }
};

TEST_F(Albums, AreMadeOfOnesOwnRecordingsInTheirOrder) {
  const auto cookie = named("kim");
  const auto one = completed(cookie), two = completed(cookie), cover = picture(cookie);
  const Json body{
      {"title", " 봄 모음 "}, {"text", "a\nb"}, {"language", "ko"}, {"cover", cover}, {"tracks", {two, one}}};
  const auto made = post("/v1/albums", body, cookie);
  EXPECT_EQ(made.status, 201) << made.body;
  const auto id = made.json()["id"].get<std::string>();
  EXPECT_EQ(made.field("Location"), "/v1/albums/" + id);
  const auto album = get("/v1/albums/" + id, cookie).json();
  EXPECT_EQ(album["title"], "봄 모음");
  EXPECT_EQ(album["state"], "draft");
  EXPECT_EQ(album["by"], "kim");
  EXPECT_EQ(album["mine"], true);
  EXPECT_EQ(album["published"], nullptr);
  EXPECT_EQ(album["cover_upload"], cover);
  EXPECT_TRUE(album["cover"]["image"].get<std::string>().starts_with("http://localhost:8081/derived/" +
                                                                     cover + "/optimized.jpg?"));
  ASSERT_EQ(album["tracks"].size(), 2U);
  EXPECT_EQ(album["tracks"][0]["id"], two);
  const auto edited = put("/v1/albums/" + id, {{"title", "여름"}, {"tracks", {one}}}, cookie).json();
  EXPECT_EQ(edited["title"], "여름");
  EXPECT_EQ(edited["text"], "");
  EXPECT_EQ(edited["cover"], nullptr);
  EXPECT_EQ(edited["track_count"], 1);
}

TEST_F(Albums, WhatIsWrongInOneIsNamed) {
  const auto cookie = consent(), other = consent();
  const auto take = completed(cookie);
  Json eleven = Json::array();
  for (int i = 0; i < 11; ++i) eleven.push_back(completed(cookie));
  const Json good{{"title", "a"}, {"tracks", {take}}};
  const auto changed = [&](const Json& change) {
    auto body = good;
    body.update(change);
    return body;
  };
  for (const auto& bad :
       {Json::object(), changed({{"title", ""}}), changed({{"title", "  "}}),
        changed({{"title", std::string(61, 'a')}}), changed({{"text", std::string(1001, 'a')}}),
        changed({{"language", "korean"}}), changed({{"tracks", Json::array()}}),
        changed({{"tracks", eleven}}), changed({{"tracks", {take, take}}}), changed({{"tracks", {1}}}),
        changed({{"tracks", take}}), changed({{"cover", "x"}}), changed({{"state", "published"}})})
    EXPECT_EQ(post("/v1/albums", bad, cookie).code(), "bad_field") << bad;
  EXPECT_EQ(post("/v1/albums", good, other).code(), "not_your_recording");
  EXPECT_EQ(post("/v1/albums", changed({{"tracks", {declare(cookie)}}}), cookie).status, 409)
      << "not finished";
  EXPECT_EQ(post("/v1/albums", changed({{"cover", take}}), cookie).code(), "not_your_picture");
  EXPECT_EQ(post("/v1/albums", changed({{"cover", picture(other)}}), cookie).code(), "not_your_picture");
  EXPECT_TRUE(get("/v1/albums", cookie).json()["items"].empty());
}

TEST_F(Albums, ADraftIsItsOwnersAlone) {
  const auto cookie = named("kim"), other = named("lee");
  const auto id = draft(cookie);
  EXPECT_EQ(get("/v1/albums/" + id).code(), "no_such_album");
  EXPECT_EQ(get("/v1/albums/" + id, other).code(), "no_such_album");
  EXPECT_EQ(put("/v1/albums/" + id, {{"title", "x"}, {"tracks", {completed(other)}}}, other).code(),
            "no_such_album");
  EXPECT_EQ(state(id, "published", other).code(), "no_such_album");
  EXPECT_EQ(send_as("DELETE", "/v1/albums/" + id, other).code(), "no_such_album");
  EXPECT_EQ(get("/v1/albums/x").code(), "no_such_album");
}

TEST_F(Albums, WhatIsPublishedIsHeardByEverybodyTrackByTrack) {
  const auto cookie = named("kim");
  const auto id = draft(cookie);
  const auto track = get("/v1/albums/" + id, cookie).json()["tracks"][0]["id"].get<std::string>();
  const auto sound = "/v1/albums/" + id + "/tracks/" + track + "/sound";
  EXPECT_EQ(get(sound).code(), "no_such_album");
  EXPECT_EQ(state(id, "published", cookie).json(), (Json{{"state", "published"}, {"link", nullptr}}));
  const auto album = get("/v1/albums/" + id).json();
  EXPECT_EQ(album["by"], "kim");
  EXPECT_EQ(album["mine"], false);
  EXPECT_FALSE(album.contains("cover_upload"));
  EXPECT_EQ(get(sound).status, 200);
  EXPECT_EQ(get("/v1/albums/" + id + "/tracks/" + track + "/waveform").json()["seconds"], 21.5);
  EXPECT_EQ(get("/v1/recordings/" + track).code(), "no_such_recording") << "it is shown in the album alone";
  EXPECT_EQ(get("/v1/albums/" + id + "/tracks/" + completed(cookie) + "/sound").code(), "no_such_recording");
  EXPECT_EQ(get("/v1/people/kim/albums").json()["items"][0]["id"], id);
  EXPECT_EQ(state(id, "draft", cookie).status, 200);
  EXPECT_EQ(get("/v1/albums/" + id).code(), "no_such_album");
  EXPECT_EQ(get(sound).code(), "no_such_album");
  EXPECT_TRUE(get("/v1/people/kim/albums").json()["items"].empty());
}

TEST_F(Albums, ALinkOpensUntilItIsTakenBack) {
  const auto cookie = consent();
  const auto id = draft(cookie);
  const auto link = state(id, "unlisted", cookie).json()["link"].get<std::string>();
  const auto track = get("/v1/albums/" + id, cookie).json()["tracks"][0]["id"].get<std::string>();
  const auto open = [&](const std::string& with) { return get("/v1/albums/" + id + with).code(); };
  EXPECT_EQ(open("?link=" + link), "");
  EXPECT_EQ(open("/tracks/" + track + "/sound?link=" + link), "");
  EXPECT_EQ(open(""), "no_such_album");
  EXPECT_EQ(open("?link=" + people::new_token().text), "no_such_album");
  EXPECT_EQ(open("?link=x"), "no_such_album");
  EXPECT_EQ(open("/tracks/" + track + "/sound"), "no_such_album");
  const auto second = state(id, "unlisted", cookie).json()["link"].get<std::string>();
  EXPECT_EQ(open("?link=" + link), "no_such_album") << "a new link ends the old one";
  EXPECT_EQ(open("?link=" + second), "");
  EXPECT_EQ(state(id, "draft", cookie).json()["link"], nullptr);
  EXPECT_EQ(open("?link=" + second), "no_such_album");
  EXPECT_EQ(open("/tracks/" + track + "/sound?link=" + second), "no_such_album");
}

TEST_F(Albums, NobodyPublishesWithoutANickname) {
  const auto cookie = consent();
  const auto id = draft(cookie);
  EXPECT_EQ(state(id, "published", cookie).status, 403);
  EXPECT_EQ(state(id, "published", cookie).code(), "nickname_needed");
  EXPECT_EQ(state(id, "hidden", cookie).code(), "bad_field");
}

TEST_F(Albums, ComeAPageAtATimeAndGo) {
  const auto cookie = named("kim");
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.insert(ids.begin(), draft(cookie));
  const auto first = get("/v1/albums?limit=2", cookie).json();
  EXPECT_EQ(first["items"][1]["id"], ids[1]);
  const auto rest = get("/v1/albums?limit=2&cursor=" + first["next"].get<std::string>(), cookie).json();
  EXPECT_EQ(rest["items"][0]["id"], ids[2]);
  EXPECT_EQ(rest["next"], nullptr);
  EXPECT_EQ(send_as("DELETE", "/v1/albums/" + ids[0], cookie).status, 204);
  EXPECT_EQ(send_as("DELETE", "/v1/albums/" + ids[0], cookie).code(), "no_such_album");
  EXPECT_EQ(get("/v1/recordings", cookie).json()["items"].size(), 3U) << "recordings stay";
}

}  // namespace
}  // namespace orakgarak::server
