// Uploads over the API: what is declared, who may see and move it, and every refusal.
#include "fixture.h"

namespace orakgarak::server {
namespace {

class Uploads : public ServerTest {
 protected:
  Uploads() : ServerTest({.uploads_an_hour = 5, .guests_bytes = 30'000'000}) {}
  std::string cookie_ = consent();
};

TEST_F(Uploads, ADeclaredTakeWaitsForItsBytes) {
  const auto reply = post("/v1/uploads", new_take(), cookie_);
  ASSERT_EQ(reply.status, 201) << reply.body;
  const auto json = reply.json();
  const auto& upload = json["upload"];
  EXPECT_EQ(reply.field("Location"), "/v1/uploads/" + upload["id"].get<std::string>());
  EXPECT_EQ(upload["state"], "PENDING");
  EXPECT_EQ(upload["file_name"], "노래.webm");
  EXPECT_EQ(upload["failure"], nullptr);
  EXPECT_TRUE(upload.contains("expires"));
  const auto& send = json["send"];
  EXPECT_EQ(send["how"], "form");
  EXPECT_TRUE(send["url"].get<std::string>().starts_with("http://localhost:8081")) << send["url"];
  EXPECT_EQ(send["fields"]["Content-Type"], "audio/webm");
}

TEST_F(Uploads, ALargeTakeGoesInParts) {
  auto take = new_take();
  take["size"] = uploads::part_bytes + 1;
  const auto reply = post("/v1/uploads", take, cookie_);
  ASSERT_EQ(reply.status, 201) << reply.body;
  const auto id = reply.json()["upload"]["id"].get<std::string>();
  EXPECT_EQ(reply.json()["send"]["how"], "parts");
  EXPECT_EQ(reply.json()["send"]["part_count"], 2);
  EXPECT_TRUE(reply.json()["send"]["parts"].empty());
  const auto part = [](int number) { return Json{{"number", number}, {"sha256", std::string(64, 'b')}}; };
  const auto signed_parts = post("/v1/uploads/" + id + "/sign", {{"parts", {part(2)}}}, cookie_);
  ASSERT_EQ(signed_parts.status, 200) << signed_parts.body;
  EXPECT_EQ(signed_parts.json()["send"]["parts"].size(), 1U);
  EXPECT_EQ(signed_parts.json()["send"]["parts"][0]["number"], 2);
  EXPECT_EQ(post("/v1/uploads/" + id + "/sign", {{"parts", {part(3)}}}, cookie_).code(), "bad_part");
  EXPECT_EQ(post("/v1/uploads/" + id + "/sign", {{"parts", {part(1), part(1)}}}, cookie_).code(), "bad_part");
  for (const auto& bad : {Json{{"parts", 1}}, Json{{"parts", nullptr}}, Json{{"parts", {part(0)}}},
                          Json{{"parts", {{{"number", 1}}}}}, Json{{"part", Json::array()}}})
    EXPECT_EQ(post("/v1/uploads/" + id + "/sign", bad, cookie_).code(), "bad_field") << bad;
  EXPECT_EQ(post("/v1/uploads/" + id + "/sent", nullptr, cookie_).code(), "part_missing");
}

TEST_F(Uploads, WhatIsWrongIsNamed) {
  const auto refused = [&](const char* field, const Json& value) {
    auto take = new_take();
    take[field] = value;
    const auto reply = post("/v1/uploads", take, cookie_);
    EXPECT_TRUE(reply.status < 500 && reply.body.contains(field)) << field << " " << reply.body;
    return std::to_string(reply.status) + " " + reply.code();
  };
  EXPECT_EQ(refused("kind", "song"), "400 bad_field");
  EXPECT_EQ(refused("size", 0), "400 bad_field");
  EXPECT_EQ(refused("size", -1), "400 bad_field");
  EXPECT_EQ(refused("size", "1000"), "400 bad_field");
  EXPECT_EQ(refused("content_type", "a"), "400 bad_field");
  EXPECT_EQ(refused("content_type", std::string(101, 'a')), "400 bad_field");
  EXPECT_EQ(refused("sha256", std::string(64, 'A')), "400 bad_field");
  EXPECT_EQ(refused("sha256", std::string(63, 'a')), "400 bad_field");
  EXPECT_EQ(refused("file_name", std::string(256, 'a')), "400 bad_field");
  EXPECT_EQ(refused("file_name", "a\nb"), "400 bad_field");
  EXPECT_EQ(refused("filename", "a"), "400 bad_field");
  EXPECT_EQ(refused("backing", 1), "400 bad_field");
  EXPECT_EQ(refused("backing", {{"sha256", std::string(64, 'a')}}), "400 bad_field");
  EXPECT_EQ(refused("backing", {{"sha256", std::string(64, 'a')}, {"started_seconds", 1201}}),
            "400 bad_field");
  auto backing = new_take();  // has no backing of its own
  backing["kind"] = "backing";
  backing["backing"] = {{"sha256", std::string(64, 'a')}, {"started_seconds", 0}};
  EXPECT_EQ(post("/v1/uploads", backing, cookie_).code(), "bad_field");
  EXPECT_EQ(get("/v1/uploads", cookie_).json()["items"].size(), 0U) << "no row was made";
}

TEST_F(Uploads, OnlyWhatIsTakenIsTaken) {
  const auto with_type = [&](const char* kind, const char* type) {
    auto take = new_take();
    take["kind"] = kind;
    take["content_type"] = type;
    return post("/v1/uploads", take, cookie_);
  };
  EXPECT_EQ(with_type("take", "audio/webm;codecs=opus").json()["upload"]["content_type"], "audio/webm");
  EXPECT_EQ(with_type("take", "Audio/MPEG").status, 201);
  EXPECT_EQ(with_type("take", "text/html").code(), "unsupported_type");
  EXPECT_EQ(with_type("take", "text/html").status, 415);
  EXPECT_EQ(with_type("take", "image/png").status, 415);
  EXPECT_EQ(with_type("profile_image", "audio/webm").status, 415);
  EXPECT_EQ(with_type("backing", "image/png").status, 415);
  EXPECT_EQ(with_type("backing", "audio/mpeg").json()["upload"]["kind"], "backing");
  EXPECT_EQ(with_type("album_cover", "image/svg+xml").status, 415);
  EXPECT_EQ(with_type("album_cover", "image/webp").status, 201);
}

TEST_F(Uploads, SizesHaveTheirLimits) {
  const auto with_size = [&](const char* kind, const char* type, std::uint64_t size) {
    auto take = new_take();
    take["kind"] = kind;
    take["content_type"] = type;
    take["size"] = size;
    return post("/v1/uploads", take, cookie_).status;
  };
  service_->limits.upload_bytes = 20'000'000;
  EXPECT_EQ(with_size("take", "audio/webm", 20'000'000), 201);
  EXPECT_EQ(with_size("take", "audio/webm", 20'000'001), 413);
  EXPECT_EQ(with_size("profile_image", "image/png", 10ULL << 20), 507) << "no room for all of it";
  EXPECT_EQ(with_size("profile_image", "image/png", (10ULL << 20) + 1), 413);
  EXPECT_EQ(with_size("take", "audio/webm", INT64_MAX), 413);
}

TEST_F(Uploads, WhenGuestsHaveFilledTheirRoomItIsSaid) {
  declare(cookie_, {{"size", 30'000'000 - 1000}});
  declare(cookie_);
  const auto reply = post("/v1/uploads", new_take(), cookie_);
  EXPECT_EQ(reply.status, 507);
  EXPECT_EQ(reply.code(), "store_full");
}

TEST_F(Uploads, APersonDeclaresOnlySoManyAnHour) {
  const auto from = [&](const std::string& address) {
    return send({.method = "POST",
                 .target = "/v1/uploads",
                 .body = new_take().dump(),
                 .cookie = cookie_,
                 .address = address});
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(from("203.0.113." + std::to_string(i)).status, 201) << i;
  const auto reply = from("203.0.113.9");
  EXPECT_EQ(reply.status, 429) << "from an address that sent none";
  EXPECT_EQ(reply.code(), "too_many_uploads");
  EXPECT_EQ(reply.field("Retry-After"), "3600");
  now_ += std::chrono::minutes(61);
  EXPECT_EQ(from("203.0.113.9").status, 201);
}

TEST_F(Uploads, AnAddressDeclaresOnlySoManyAnHour) {
  for (int i = 0; i < 5; ++i) declare(consent());
  const auto reply = post("/v1/uploads", new_take(), cookie_);
  EXPECT_EQ(reply.status, 429) << "a person that sent none";
  EXPECT_EQ(reply.field("Retry-After"), "720");
}

TEST_F(Uploads, DeletingMakesNoRoomInTheHour) {
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(send_as("DELETE", "/v1/uploads/" + declare(cookie_), cookie_).status, 204);
  EXPECT_EQ(send({.method = "POST",
                  .target = "/v1/uploads",
                  .body = new_take().dump(),
                  .cookie = cookie_,
                  .address = "203.0.113.99"})
                .status,
            429);
}

TEST_F(Uploads, NobodyReadsOrMovesAnothers) {
  const auto id = declare(cookie_);
  const auto other = consent();
  const auto base = "/v1/uploads/" + id;
  EXPECT_EQ(get("/v1/uploads", other).json()["items"].size(), 0U);
  for (const auto* path : {"", "/history", "/report"}) {
    EXPECT_EQ(get(base + path, other).code(), "no_such_upload") << path;
    EXPECT_EQ(get(base + path).code(), "no_session") << path;
  }
  EXPECT_EQ(send_as("DELETE", base, other).status, 404);
  EXPECT_EQ(send_as("PATCH", base, other, R"({"struck":[]})").status, 404);
  EXPECT_EQ(send_as("POST", base + "/sign", other, "{}").status, 404);
  EXPECT_EQ(send_as("POST", base + "/sent", other).status, 404);
  EXPECT_EQ(send_as("POST", base + "/redrive", other).status, 404);
  EXPECT_EQ(get(base, cookie_).json()["version"], 1) << "as it was";
  EXPECT_EQ(get("/v1/transitions?after=0", other).json()["items"].size(), 0U);
}

TEST_F(Uploads, AnIdThatIsNoneIsNotFound) {
  for (const auto* id : {"x", "00000000-0000-0000-0000-000000000000", "..", "%27"})
    EXPECT_EQ(get(std::string("/v1/uploads/") + id, cookie_).status, 404) << id;
}

TEST_F(Uploads, ListsNewestFirstAPageAtATime) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    now_ += std::chrono::seconds(1);
    ids.push_back(declare(cookie_));
  }
  std::vector<std::string> seen;
  std::string next;
  do {
    const auto page = get("/v1/uploads?limit=2" + (next.empty() ? "" : "&cursor=" + next), cookie_).json();
    for (const auto& item : page["items"]) seen.push_back(item["id"]);
    next = page["next"].is_null() ? "" : page["next"].get<std::string>();
  } while (!next.empty());
  std::ranges::reverse(ids);
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(get("/v1/uploads?limit=5", cookie_).json()["next"], nullptr) << "the last page says so";
  EXPECT_EQ(get("/v1/uploads?state=COMPLETED", cookie_).json()["items"].size(), 0U);
  EXPECT_EQ(get("/v1/uploads?state=PENDING&kind=take", cookie_).json()["items"].size(), 5U);
  for (const auto* bad :
       {"limit=0", "limit=101", "limit=x", "state=pending", "kind=song", "sort=asc", "limit=1&limit=2"})
    EXPECT_EQ(get(std::string("/v1/uploads?") + bad, cookie_).code(), "bad_query") << bad;
  EXPECT_EQ(get("/v1/uploads?cursor=x", cookie_).code(), "bad_cursor");
}

TEST_F(Uploads, ACompletedTakeHasItsReportAndHistory) {
  const auto id = declare(cookie_);
  EXPECT_EQ(get("/v1/uploads/" + id + "/report", cookie_).code(), "no_report");
  complete(id);
  const auto upload = get("/v1/uploads/" + id, cookie_).json();
  EXPECT_EQ(upload["state"], "COMPLETED");
  EXPECT_FALSE(upload.contains("expires"));
  EXPECT_EQ(get("/v1/uploads/" + id + "/report", cookie_).json()["curve"]["hop_seconds"], 0.05);
  const auto history = get("/v1/uploads/" + id + "/history", cookie_).json()["items"];
  ASSERT_EQ(history.size(), 8U);
  EXPECT_EQ(history[0]["from"], nullptr);
  EXPECT_EQ(history[7]["to"], "COMPLETED");
  EXPECT_EQ(post("/v1/uploads/" + id + "/sign", Json::object(), cookie_).code(), "not_pending");
}

TEST_F(Uploads, NothingHasComeIsSaid) {
  const auto id = declare(cookie_);
  const auto reply = send_as("POST", "/v1/uploads/" + id + "/sent", cookie_);
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(reply.code(), "not_arrived");
}

TEST_F(Uploads, WhatCameIsLookedAt) {
  const auto id = declare(cookie_);
  ASSERT_TRUE(objects_->put("uploads/" + id, [](const uploads::ByteSink& sink) {
    return sink(std::as_bytes(std::span("not audio")));
  }));
  EXPECT_EQ(send_as("POST", "/v1/uploads/" + id + "/sent", cookie_).status, 202);
  EXPECT_EQ(uploads_->jobs(id_of(id))->size(), 1U);
  EXPECT_EQ(send_as("POST", "/v1/uploads/" + id + "/sent", cookie_).status, 202) << "said twice";
  EXPECT_EQ(uploads_->jobs(id_of(id))->size(), 1U);
  EXPECT_EQ(post("/v1/uploads/" + id + "/sign", Json::object(), cookie_).code(), "already_sent");
}

TEST_F(Uploads, EndsCanBeStruckOutAndTakenBack) {
  const auto id = declare(cookie_);
  const auto strike = [&](const char* body) { return send_as("PATCH", "/v1/uploads/" + id, cookie_, body); };
  EXPECT_EQ(strike(R"({"struck":["highest"]})").json()["struck"], Json({"highest"}));
  EXPECT_EQ(get("/v1/uploads/" + id, cookie_).json()["struck"], Json({"highest"}));
  EXPECT_EQ(strike(R"({"struck":[]})").json()["struck"], Json::array());
  for (const auto* bad :
       {"{}", R"({"struck":null})", R"({"struck":["middle"]})", R"({"struck":["lowest","lowest"]})",
        R"({"struck":["lowest","highest","lowest"]})", R"({"struck":"lowest"})", R"({"struck":[1]})"})
    EXPECT_EQ(strike(bad).code(), "bad_field") << bad;
  const auto image = declare(cookie_, {{"kind", "profile_image"}, {"content_type", "image/png"}});
  const auto refused = send_as("PATCH", "/v1/uploads/" + image, cookie_, R"({"struck":[]})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "not_a_take");
}

TEST_F(Uploads, AFailureIsToldAndCanBeTriedAgainWhereThatHelps) {
  const auto hopeless = declare(cookie_), hopeful = declare(cookie_);
  EXPECT_EQ(send_as("POST", "/v1/uploads/" + hopeful + "/redrive", cookie_).code(), "not_failed");
  fail(hopeless, false);
  fail(hopeful, true);
  const auto failure = get("/v1/uploads/" + hopeless, cookie_).json()["failure"];
  EXPECT_EQ(failure["code"], "wrong_size");
  EXPECT_EQ(failure["can_redrive"], false);
  EXPECT_EQ(failure["trace_id"].get<std::string>().size(), 32U);
  EXPECT_EQ(send_as("POST", "/v1/uploads/" + hopeless + "/redrive", cookie_).code(), "redrive_cannot_help");
  const auto reply = send_as("POST", "/v1/uploads/" + hopeful + "/redrive", cookie_);
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(reply.json()["state"], "PENDING");
  EXPECT_EQ(reply.json()["failure"], nullptr);
}

TEST_F(Uploads, DeletingLeavesNothingInAnyState) {
  for (int state = 0; state < 3; ++state) {
    const auto id = declare(cookie_);
    if (state == 1) fail(id, true);
    if (state == 2) complete(id);
    const auto key = uploads::object_key(id_of(id));
    ASSERT_TRUE(objects_->put(key, [](const auto& out) { return out(std::array{std::byte{1}}); }));
    EXPECT_EQ(send_as("DELETE", "/v1/uploads/" + id, cookie_).status, 204);
    EXPECT_FALSE(objects_->head(key)) << "what is called deleted is gone";
    EXPECT_EQ(get("/v1/uploads/" + id, cookie_).status, 404);
    EXPECT_EQ(send_as("DELETE", "/v1/uploads/" + id, cookie_).status, 404);
  }
}

TEST_F(Uploads, TheRequestsTraceGoesIntoTheRow) {
  const auto reply =
      send({.method = "POST",
            .target = "/v1/uploads",
            .body = new_take().dump(),
            .cookie = cookie_,
            .fields = {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}});
  const auto row = uploads_->find(id_of(reply.json()["upload"]["id"]));
  EXPECT_TRUE(row->traceparent.contains("4bf92f3577b34da6a3ce929d0e0e4736")) << row->traceparent;
}

TEST_F(Uploads, BodiesAreHeldToJsonAndItsLimit) {
  const auto with = [&](std::string body, std::string type) {
    return send({.method = "POST",
                 .target = "/v1/uploads",
                 .body = std::move(body),
                 .cookie = cookie_,
                 .type = std::move(type)});
  };
  EXPECT_EQ(with("{}", "text/plain").code(), "body_not_json");
  EXPECT_EQ(with("{}", "").status, 415);
  EXPECT_EQ(send_as("POST", "/v1/uploads", cookie_).status, 415) << "no body at all";
  EXPECT_EQ(with(new_take().dump(), "application/json; charset=utf-8").status, 201);
  EXPECT_EQ(with("{", "application/json").code(), "bad_json");
  service_->limits.body_bytes = 100;
  EXPECT_EQ(with(std::string(100, ' '), "application/json").code(), "bad_json");
  EXPECT_EQ(with(std::string(101, ' '), "application/json").code(), "body_too_large");
  EXPECT_EQ(with(std::string(101, ' '), "application/json").status, 413);
}

}  // namespace
}  // namespace orakgarak::server
