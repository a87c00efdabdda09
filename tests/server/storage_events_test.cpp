// What EventBridge tells over HTTP: only with a key, and nothing that the row and the object do not confirm.
#include "fixture.h"
#include "people/token.h"
#include "uploads/storage_event.h"

namespace orakgarak::server {
namespace {

constexpr const char *old_key = "a key that is replaced", *new_key = "and the one after it";

class StorageEvents : public ServerTest {
 protected:
  StorageEvents() {
    for (const char* key : {old_key, new_key}) service_->storage_event_keys.push_back(people::hash_of({key}));
    service_->bucket = "takes";
  }
  Reply tell(std::string body, const char* key = new_key, net::Fields beside = {}) {
    beside.set("X-Api-Key", key);
    return send({.method = "POST",
                 .target = "/v1/storage-events",
                 .body = std::move(body),
                 .fields = std::move(beside),
                 .type = "application/json; charset=utf-8"});
  }
  static std::string created(const std::string& key, const char* bucket = "takes") {
    return Json{{"version", "0"},
                {"detail-type", "Object Created"},
                {"source", "aws.s3"},
                {"detail", {{"bucket", {{"name", bucket}}}, {"object", {{"key", key}, {"size", 1000}}}}}}
        .dump();
  }
  std::string key_of(const std::string& id) { return uploads::object_key(id_of(id)); }
  void put(const std::string& id) {
    ASSERT_TRUE(objects_->put(
        key_of(id), [](const uploads::ByteSink& sink) { return sink(std::as_bytes(std::span("bytes"))); }));
  }
  std::size_t jobs_of(const std::string& id) { return uploads_->jobs(id_of(id))->size(); }

  std::string cookie_ = consent();
  std::string id_ = declare(cookie_);
};

TEST_F(StorageEvents, TheObjectThatIsThereIsLookedAtOnceHoweverOftenItIsTold) {
  put(id_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(tell(created(key_of(id_))).status, 204);
  EXPECT_EQ(jobs_of(id_), 1U);
}

TEST_F(StorageEvents, AForgedOneOfAnObjectThatIsNotThereChangesNothing) {
  EXPECT_EQ(tell(created(key_of(id_))).status, 204);
  EXPECT_EQ(jobs_of(id_), 0U);
  EXPECT_EQ(get("/v1/uploads/" + id_, cookie_).json()["state"], "PENDING");
}

TEST_F(StorageEvents, WhatComesLateOrOutOfOrderChangesNothing) {
  put(id_);
  complete(id_);
  const auto before = get("/v1/uploads/" + id_, cookie_).body;
  EXPECT_EQ(tell(created(key_of(id_))).status, 204);
  EXPECT_EQ(get("/v1/uploads/" + id_, cookie_).body, before);
  EXPECT_EQ(jobs_of(id_), 0U);
  EXPECT_TRUE(objects_->head(key_of(id_)));
}

TEST_F(StorageEvents, ALostOneIsMadeUpForByTheOwnersWord) {
  put(id_);
  EXPECT_EQ(send_as("POST", "/v1/uploads/" + id_ + "/sent", cookie_).status, 202);
  EXPECT_EQ(jobs_of(id_), 1U);
  EXPECT_EQ(tell(created(key_of(id_))).status, 204);
  EXPECT_EQ(jobs_of(id_), 1U);
}

TEST_F(StorageEvents, AnotherBucketAnotherKeyAndAnotherTypeAreTakenAndIgnored) {
  put(id_);
  EXPECT_EQ(tell(created(key_of(id_), "elsewhere")).status, 204);
  EXPECT_EQ(tell(created("../" + key_of(id_))).status, 204);
  EXPECT_EQ(tell(R"({"source":"aws.ec2","detail-type":"x"})").status, 204);
  EXPECT_EQ(tell(R"({"Service":"Amazon S3","Event":"s3:TestEvent"})").status, 204);
  EXPECT_EQ(jobs_of(id_), 0U);
}

TEST_F(StorageEvents, EachKeyOfTheFileOpensAndNoOther) {
  put(id_);
  EXPECT_EQ(tell(created(key_of(id_)), "").code(), "no_api_key");
  EXPECT_EQ(tell(created(key_of(id_)), "a key that is made up").status, 401);
  EXPECT_EQ(send({.method = "POST", .target = "/v1/storage-events", .body = "{}", .cookie = cookie_}).status,
            401)
      << "a session is none";
  EXPECT_EQ(tell(created(key_of(id_)), new_key, {{"X-Api-Key", new_key}}).status, 204);
  net::Fields twice;
  twice.add("X-Api-Key", new_key);
  twice.add("X-Api-Key", new_key);
  EXPECT_EQ(send({.method = "POST", .target = "/v1/storage-events", .body = "{}", .fields = twice}).status,
            401);
  EXPECT_EQ(tell(created(key_of(id_)), old_key).status, 204);
}

TEST_F(StorageEvents, WithoutKeysThereIsNoSuchAddress) {
  service_->storage_event_keys.clear();
  EXPECT_EQ(tell(created(key_of(id_))).code(), "not_found");
  EXPECT_EQ(tell(created(key_of(id_))).status, 404);
}

TEST_F(StorageEvents, GarbageStaysWrongAndIsNotSentAgain) {
  for (const auto* bad : {"{", "[]", "{}", R"({"Records":7})"}) {
    EXPECT_EQ(tell(bad).status, 400) << bad;
    EXPECT_EQ(tell(bad).code(), "bad_storage_event") << bad;
  }
  EXPECT_EQ(send({.method = "POST",
                  .target = "/v1/storage-events",
                  .body = "x=1",
                  .fields = {{"X-Api-Key", new_key}},
                  .type = "application/x-www-form-urlencoded"})
                .status,
            415);
}

TEST_F(StorageEvents, TheBodyHasALimit) {
  const auto sized = [](std::size_t bytes) {
    std::string text = R"({"Records":[]})";
    return text + std::string(bytes - text.size(), ' ');
  };
  EXPECT_EQ(tell(sized(uploads::most_storage_event_bytes)).status, 204);
  EXPECT_EQ(tell(sized(uploads::most_storage_event_bytes + 1)).code(), "body_too_large");
}

TEST_F(StorageEvents, AStoreThatIsAwayIsAskedAgainLater) {
  const auto file = folder_ / "objects/objects" / key_of(id_);
  std::filesystem::create_directories(file.parent_path());
  std::filesystem::create_symlink(file, file);  // stat() says ELOOP
  const auto reply = tell(created(key_of(id_)));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.code(), "objects_unavailable");
  EXPECT_NE(reply.field("Retry-After"), "");
  std::filesystem::remove(file);
  put(id_);
  EXPECT_EQ(tell(created(key_of(id_))).status, 204);
  EXPECT_EQ(jobs_of(id_), 1U);
}

}  // namespace
}  // namespace orakgarak::server
