#include "uploads/storage_event.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace orakgarak::uploads {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* key = "uploads/019ac5d8-7c00-7d3e-9f2b-0123456789ab";

/// As the stores sent them; those of AWS as its documentation shows them.
std::string sample(const std::string& name) {
  std::ifstream file(std::string(ORAK_SOURCE_DIR "/fuzz/seeds/storage_event/") + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

StorageEvent read(const std::string& json, std::string_view bucket = {}) {
  const auto event = read_storage_event(json, bucket);
  EXPECT_TRUE(event) << event.error().detail << "\n" << json;
  return event.value_or(StorageEvent{});
}

std::string why_not(const std::string& json) {
  const auto event = read_storage_event(json, {});
  EXPECT_FALSE(event) << json;
  if (event) return {};
  EXPECT_EQ(event.error().code, "bad_storage_event");
  EXPECT_EQ(event.error().kind, ErrorKind::rejected);
  return event.error().detail;
}

std::string record(const std::string& name, const std::string& bucket, const std::string& of) {
  return R"({"eventName":")" + name + R"(","s3":{"bucket":{"name":")" + bucket + R"("},"object":{"key":")" +
         of + R"("}}})";
}
std::string notification(const std::string& records) { return R"({"Records":[)" + records + "]}"; }

TEST(StorageEvent, WhatTheStoresSentIsRead) {
  EXPECT_THAT(read(sample("minio_post"), "takes").created, ElementsAre(key));
  EXPECT_THAT(read(sample("minio_multipart"), "takes").created, ElementsAre(key));
  EXPECT_THAT(read(sample("aws_post"), "takes").created, ElementsAre(key));
  EXPECT_THAT(read(sample("eventbridge_created"), "takes").created, ElementsAre(key));
  EXPECT_THAT(read(sample("eventbridge_multipart"), "takes").created, ElementsAre(key));
}

TEST(StorageEvent, ATestOrARemovalIsIgnoredAndCounted) {
  for (const char* name : {"aws_test", "minio_removed", "eventbridge_deleted"}) {
    const auto event = read(sample(name), "takes");
    EXPECT_THAT(event.created, IsEmpty()) << name;
    EXPECT_EQ(event.ignored, 1) << name;
  }
}

TEST(StorageEvent, AnotherBucketIsIgnoredWhereOursIsKnown) {
  for (const char* name : {"minio_post", "eventbridge_created"}) {
    EXPECT_THAT(read(sample(name), "elsewhere").created, IsEmpty()) << name;
    EXPECT_EQ(read(sample(name), "elsewhere").ignored, 1) << name;
    EXPECT_THAT(read(sample(name)).created, ElementsAre(key)) << name;
  }
}

TEST(StorageEvent, KeysOfNotificationsAreDecodedAndThoseOfEventBridgeAreNot) {
  EXPECT_THAT(read(notification(record("ObjectCreated:Put", "b", "a+%EA%B0%80%2Fb%2B"))).created,
              ElementsAre("a 가/b+"));
  EXPECT_THAT(read(R"({"source":"aws.s3","detail-type":"Object Created",)"
                   R"("detail":{"bucket":{"name":"b"},"object":{"key":"a+%2F"}}})")
                  .created,
              ElementsAre("a+%2F"));
}

TEST(StorageEvent, SeveralRecordsGiveEachKeyOnce) {
  const auto event = read(notification(record("s3:ObjectCreated:Put", "b", "1") + "," +
                                       record("s3:ObjectRemoved:Delete", "b", "2") + "," +
                                       record("ObjectCreated:CompleteMultipartUpload", "b", "3") + "," +
                                       record("s3:ObjectCreated:Post", "b", "1")));
  EXPECT_THAT(event.created, ElementsAre("1", "3"));
  EXPECT_EQ(event.ignored, 2);
}

TEST(StorageEvent, GarbageIsRejectedWithWhatIsWrong) {
  EXPECT_THAT(why_not(""), HasSubstr("not JSON"));
  EXPECT_THAT(why_not("{\"Records\":[\xff]}"), HasSubstr("not JSON"));
  EXPECT_THAT(why_not("[]"), HasSubstr("object"));
  EXPECT_THAT(why_not("{}"), HasSubstr("neither"));
  EXPECT_THAT(why_not(R"({"Event":7})"), HasSubstr("neither"));
  EXPECT_THAT(why_not(R"({"Records":{}})"), HasSubstr("list"));
  EXPECT_THAT(why_not(notification("3")), HasSubstr("eventName"));
  EXPECT_THAT(why_not(notification(R"({"eventName":"ObjectCreated:Put"})")), HasSubstr("bucket"));
  EXPECT_THAT(why_not(notification(R"({"eventName":"ObjectCreated:Put","s3":[]})")), HasSubstr("bucket"));
  EXPECT_THAT(why_not(notification(record("ObjectCreated:Put", "b", "%4"))), HasSubstr("URL"));
  EXPECT_THAT(why_not(notification(record("ObjectCreated:Put", "b", "%-1"))), HasSubstr("URL"));
  EXPECT_THAT(why_not(R"({"source":"aws.s3","detail-type":"Object Created","detail":null})"),
              HasSubstr("detail"));
}

TEST(StorageEvent, TheLimitsHoldOnTheirFarSide) {
  const auto sized = [](std::size_t bytes) {
    const std::string around = R"({"Records":[],"x":""})";
    return around.substr(0, around.size() - 2) + std::string(bytes - around.size(), 'x') + "\"}";
  };
  EXPECT_EQ(read(sized(most_storage_event_bytes)).ignored, 0);
  EXPECT_THAT(why_not(sized(most_storage_event_bytes + 1)), HasSubstr("KiB"));

  const auto records = [](std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
      all += (i ? "," : "") + record("ObjectCreated:Put", "b", std::to_string(i));
    return notification(all);
  };
  EXPECT_EQ(read(records(most_storage_event_records)).created.size(), most_storage_event_records);
  EXPECT_THAT(why_not(records(most_storage_event_records + 1)), HasSubstr("records"));

  const auto deep = [](int levels) {
    const auto inner = static_cast<std::size_t>(levels - 1);
    return R"({"Records":[],"x":)" + std::string(inner, '[') + R"("}]\"[[[")" + std::string(inner, ']') + "}";
  };
  EXPECT_EQ(read(deep(most_storage_event_depth)).ignored, 0);
  EXPECT_THAT(why_not(deep(most_storage_event_depth + 1)), HasSubstr("deep"));
  EXPECT_THAT(why_not(std::string(most_storage_event_bytes, '[')), HasSubstr("deep"));
}

}  // namespace
}  // namespace orakgarak::uploads
