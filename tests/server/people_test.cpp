// What people's pages show, and what their recordings let others hear.
#include <algorithm>

#include "fixture.h"

namespace orakgarak::server {
namespace {

class People : public ServerTest {
 protected:
  People() : ServerTest({.uploads_an_hour = 1000, .sessions_an_hour = 1000}) {}

  std::string completed(const std::string& cookie) {
    now_ += std::chrono::milliseconds(1);  // ids sort by it
    auto id = declare(cookie);
    complete(id);
    return id;
  }
  void show(const std::string& cookie, const Json& shows, const std::string& nickname = "kim") {
    EXPECT_EQ(put("/v1/me/profile", {{"nickname", nickname}, {"shows", shows}}, cookie).status, 200);
  }
};

TEST_F(People, TakeANicknameAndSayWhatTheirPageShows) {
  const auto cookie = consent();
  EXPECT_EQ(get("/v1/me/profile", cookie).code(), "no_profile");
  const auto made = put("/v1/me/profile",
                        {{"nickname",
                          "\u1100\u1175\u11b7"
                          "ab"},
                         {"introduction", " 노래해요 \n"},
                         {"shows", {{"range", true}}}},
                        cookie);
  EXPECT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(made.json()["nickname"], "김ab") << "composed";
  EXPECT_EQ(made.json()["introduction"], "노래해요");
  EXPECT_EQ(made.json()["shows"],
            (Json{{"range", true}, {"tessitura", false}, {"colour", false}, {"recordings", false}}));
  EXPECT_EQ(get("/v1/me/profile", cookie).json(), made.json());
}

TEST_F(People, WhatIsWrongInAProfileIsNamed) {
  const auto cookie = consent();
  for (const auto& bad :
       {Json::object(), Json{{"nickname", "a"}}, Json{{"nickname", "a b"}}, Json{{"nickname", 12}},
        Json{{"nickname", std::string(21, 'a')}},
        Json{{"nickname", "kim"}, {"introduction", std::string(301, 'a')}},
        Json{{"nickname", "kim"}, {"shows", true}}, Json{{"nickname", "kim"}, {"shows", nullptr}},
        Json{{"nickname", "kim"}, {"shows", {{"range", nullptr}}}},
        Json{{"nickname", "kim"}, {"shows", {{"range", 1}}}},
        Json{{"nickname", "kim"}, {"shows", {{"songs", true}}}}, Json{{"nickname", "kim"}, {"photo", "x"}}})
    EXPECT_EQ(put("/v1/me/profile", bad, cookie).code(), "bad_field") << bad;
  EXPECT_EQ(put("/v1/me/profile", {{"nickname", "Admin"}}, cookie).code(), "nickname_taken");
  EXPECT_EQ(put("/v1/me/profile", {{"nickname", "kim"}}, "").code(), "no_session");
  named("kim");
  EXPECT_EQ(put("/v1/me/profile", {{"nickname", "ＫＩＭ"}}, cookie).code(), "nickname_taken");
}

TEST_F(People, APageShowsNothingUntilItsOwnerSaysSo) {
  const auto cookie = named("kim");
  const auto take = completed(cookie);
  EXPECT_EQ(patch("/v1/recordings/" + take, {{"shown", true}}, cookie).status, 200);
  const auto page = get("/v1/people/kim").json();
  EXPECT_EQ(page["nickname"], "kim");
  for (const auto* item : {"range", "seconds_per_semitone", "colour"}) EXPECT_EQ(page[item], nullptr) << item;
  EXPECT_EQ(page["shows_recordings"], false);
  EXPECT_TRUE(get("/v1/people/kim/recordings").json()["items"].empty());
  EXPECT_EQ(get("/v1/recordings/" + take).code(), "no_such_recording");
}

TEST_F(People, APageShowsItemByItem) {
  const auto cookie = named("kim");
  completed(cookie);
  const std::vector<std::string> items{"range", "tessitura", "colour"};
  for (const auto& shown : items) {
    show(cookie, {{shown, true}});
    const auto page = get("/v1/people/KIM").json();
    EXPECT_EQ(page["range"].is_null(), shown != "range");
    EXPECT_EQ(page["seconds_per_semitone"].is_null(), shown != "tessitura");
    EXPECT_EQ(page["colour"].is_null(), shown != "colour");
  }
  show(cookie, {{"range", true}, {"tessitura", true}, {"colour", true}});
  const auto page = get("/v1/people/kim", cookie).json();
  EXPECT_EQ(page["range"]["highest"]["midi"], 70.0);
  EXPECT_EQ(page["seconds_per_semitone"]["60"], 12.5);
  EXPECT_EQ(page["colour"], Json::parse(R"([{"word":"bright","z":1.5}])"));
  EXPECT_EQ(page["mine"], true);
  EXPECT_EQ(get("/v1/people/kim", consent()).json()["mine"], false);
  EXPECT_FALSE(get("/v1/people/kim").body.contains("owner"));
}

TEST_F(People, AreFoundByTheirNicknameAlone) {
  named("김노래");
  EXPECT_EQ(get("/v1/people/김노래").status, 200);
  for (const auto* nobody : {"lee", "x", "a b", "김"})
    EXPECT_EQ(get(std::string("/v1/people/") + nobody).code(), "no_such_person") << nobody;
}

TEST_F(People, RecordingsAreTheirSingersUntilShown) {
  const auto cookie = named("kim"), stranger = consent();
  show(cookie, {{"recordings", true}});
  const auto take = completed(cookie);
  declare(cookie);
  const auto own = get("/v1/recordings", cookie).json()["items"];
  ASSERT_EQ(own.size(), 1U) << "takes that are not finished are none";
  EXPECT_EQ(own[0],
            (Json{{"id", take}, {"title", ""}, {"shown", false}, {"mine", true}, {"sung", own[0]["sung"]}}));
  const auto paths = [&](const std::string& more) { return "/v1/recordings/" + take + more; };
  for (const auto* more : {"", "/sound", "/waveform"}) {
    EXPECT_EQ(get(paths(more), cookie).status, 200) << more;
    EXPECT_EQ(get(paths(more), stranger).code(), "no_such_recording") << more;
    EXPECT_EQ(get(paths(more)).code(), "no_such_recording") << more;
  }
  EXPECT_EQ(patch(paths(""), {{"title", "mine"}}, stranger).code(), "no_such_recording");
  EXPECT_EQ(patch(paths(""), {{"title", " 봄 "}, {"shown", true}}, cookie).json()["title"], "봄");
  for (const auto* more : {"", "/sound", "/waveform"}) EXPECT_EQ(get(paths(more)).status, 200) << more;
  EXPECT_EQ(get(paths("/waveform")).json(), Json::parse(R"({"seconds":21.5,"peaks":[0,128,255]})"));
  EXPECT_EQ(get("/v1/people/kim/recordings").json()["items"][0]["title"], "봄");
  EXPECT_EQ(get(paths("")).json()["mine"], false);
  EXPECT_EQ(send_as("DELETE", "/v1/uploads/" + take, cookie).status, 204);
  EXPECT_EQ(get(paths("")).code(), "no_such_recording");
}

TEST_F(People, WhatIsWrongInARecordingIsNamed) {
  const auto cookie = consent();
  const auto take = completed(cookie);
  for (const auto& bad : {Json{{"title", std::string(61, 'a')}}, Json{{"title", "a\nb"}},
                          Json{{"title", nullptr}}, Json{{"shown", "yes"}}, Json{{"name", "x"}}})
    EXPECT_EQ(patch("/v1/recordings/" + take, bad, cookie).code(), "bad_field") << bad;
  EXPECT_EQ(patch("/v1/recordings/" + take, {{"shown", true}}, cookie).status, 403) << "who is it from?";
  EXPECT_EQ(patch("/v1/recordings/" + take, {{"shown", true}}, cookie).code(), "nickname_needed");
  EXPECT_EQ(patch("/v1/recordings/x", {{"title", "a"}}, cookie).code(), "no_such_recording");
  EXPECT_EQ(get("/v1/recordings/" + take + "/sound?download=maybe", cookie).code(), "bad_query");
}

TEST_F(People, ASoundIsGivenByTheObjectsPortUnderItsTitle) {
  const auto cookie = consent();
  const auto take = completed(cookie);
  patch("/v1/recordings/" + take, {{"title", "a/b"}}, cookie);
  const auto sound = get("/v1/recordings/" + take + "/sound", cookie).json();
  const auto url = sound["url"].get<std::string>();
  EXPECT_TRUE(url.starts_with("http://localhost:8081/uploads/" + take + "?")) << url;
  EXPECT_FALSE(url.contains("disposition"));
  EXPECT_EQ(sound["content_type"], "audio/webm");
  EXPECT_EQ(sound["expires"], to_rfc3339(now_ + std::chrono::minutes(15)));
  const auto saved =
      get("/v1/recordings/" + take + "/sound?download=true", cookie).json()["url"].get<std::string>();
  EXPECT_TRUE(saved.contains("a_b.webm")) << saved;
}

TEST_F(People, RecordingsComeAPageAtATime) {
  const auto cookie = consent();
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.insert(ids.begin(), completed(cookie));
  std::vector<std::string> seen;
  std::string next;
  do {
    const auto page = get("/v1/recordings?limit=2" + (next.empty() ? "" : "&cursor=" + next), cookie).json();
    for (const auto& item : page["items"]) seen.push_back(item["id"]);
    next = page["next"].is_null() ? "" : page["next"].get<std::string>();
  } while (!next.empty());
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(get("/v1/recordings?cursor=1", cookie).code(), "bad_cursor");
  EXPECT_EQ(get("/v1/recordings").code(), "no_session");
}

TEST_F(People, WhoIsDeletedIsNobody) {
  const auto cookie = named("kim");
  EXPECT_EQ(send_as("DELETE", "/v1/me", cookie).status, 204);
  EXPECT_EQ(get("/v1/people/kim").code(), "no_such_person");
  named("kim");
}

}  // namespace
}  // namespace orakgarak::server
