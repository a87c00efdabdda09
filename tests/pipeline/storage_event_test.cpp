// What an object store says of itself changes nothing that reading the object does not confirm.
#include "uploads/storage_event.h"

#include <fmt/format.h>

#include "pipeline.h"

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;

std::string notified(const std::string& key, const char* bucket = "takes") {
  return fmt::format(R"({{"Records":[{{"eventName":"s3:ObjectCreated:Post","s3":{{"bucket":{{"name":"{}"}},)"
                     R"("object":{{"key":"{}"}}}}}}]}})",
                     bucket, key);
}
std::string bridged(const std::string& key) {
  return fmt::format(R"({{"source":"aws.s3","detail-type":"Object Created",)"
                     R"("detail":{{"bucket":{{"name":"takes"}},"object":{{"key":"{}"}}}}}})",
                     key);
}

class StorageEvents : public Pipeline {
 protected:
  StorageEventTaken take(const std::string& event) {
    return ok(take_storage_event(*store, *objects, event, "takes", now));
  }
  bool is_kept(const std::string& key) { return objects->head(key).has_value(); }
};

TEST_F(StorageEvents, BothFormsBringAnUploadOn) {
  for (const auto& event_of : {+[](const std::string& key) { return notified(key); }, &bridged}) {
    const Upload upload = announce(Kind::take, a_recording());
    put(upload, a_recording());
    EXPECT_EQ(take(event_of(upload.object_key)).queued, 1);
    run_all();
    EXPECT_EQ(now_in(upload).state, State::completed);
  }
}

TEST_F(StorageEvents, AThousandDuplicatesAndLateOnesGiveOneTransition) {
  const Upload upload = announce(Kind::take, a_recording());
  put(upload, a_recording());
  int queued = 0;
  for (int i = 0; i < 500; ++i)
    queued += take(notified(upload.object_key)).queued + take(bridged(upload.object_key)).queued;
  EXPECT_EQ(queued, 1);
  run_all();
  const auto late = take(notified(upload.object_key));
  EXPECT_EQ(late.queued + late.removed, 0);
  EXPECT_EQ(late.ignored, 1);
  EXPECT_TRUE(is_kept(upload.object_key));
  EXPECT_EQ(effects[Stage::check], 1);
  EXPECT_EQ(now_in(upload).state, State::completed);
}

TEST_F(StorageEvents, AForgedOneOfAnUploadWhoseBytesHaveNotComeCannotEndIt) {
  const Upload upload = announce(Kind::take, a_recording());
  for (int i = 0; i < 10; ++i, now += 11min) {
    EXPECT_EQ(take(notified(upload.object_key)).ignored, 1);
    EXPECT_TRUE(run_all().empty()) << "no job looks for what is not there, and none fails";
  }
  EXPECT_EQ(now_in(upload).state, State::pending);
  put(upload, a_recording());
  EXPECT_EQ(take(notified(upload.object_key)).queued, 1);
  run_all();
  EXPECT_EQ(now_in(upload).state, State::completed);
}

TEST_F(StorageEvents, AForgedOneOfKeysThatAreNoneOfOursOrOfAnotherBucketChangesNothing) {
  const Upload upload = announce(Kind::take, a_recording());
  put(upload, a_recording());
  ok(objects->put("elsewhere", [](const ByteSink&) -> Result<void> { return {}; }));
  for (const std::string& event :
       {notified("uploads/../x"), notified("elsewhere"), notified(derived_prefix(upload.id) + "pcm"),
        notified(upload.object_key, "another"), bridged("uploads/")}) {
    const auto taken = take(event);
    EXPECT_EQ(taken.ignored, 1) << event;
    EXPECT_EQ(taken.queued + taken.removed, 0) << event;
  }
  EXPECT_TRUE(is_kept("elsewhere"));
  EXPECT_TRUE(run_all().empty());
}

TEST_F(StorageEvents, BytesOfAnErasedUploadGoAtOnceAndThoseOfAWantedOneNever) {
  const Upload erased = announce(Kind::take, a_recording()), wanted = announce(Kind::take, a_recording(1));
  put(erased, a_recording());
  put(wanted, a_recording(1));
  ok(store->erase(erased.id, now));
  EXPECT_EQ(take(notified(erased.object_key)).removed, 1);
  EXPECT_FALSE(is_kept(erased.object_key));
  EXPECT_EQ(take(notified(wanted.object_key)).removed, 0);
  EXPECT_TRUE(is_kept(wanted.object_key));
}

TEST_F(StorageEvents, ALostOneIsFoundAndItsLateOneIsIgnored) {
  const Upload upload = announce(Kind::take, a_recording());
  put(upload, a_recording());
  now += 3min;
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now)).found, 1);
  EXPECT_EQ(take(notified(upload.object_key)).ignored, 1);
  run_all();
  EXPECT_EQ(now_in(upload).state, State::completed);
}

TEST_F(StorageEvents, GarbageStaysWrongAndIsNeverARetry) {
  for (const char* event : {"", "{", "[]", R"({"Records":[7]})"}) {
    const auto taken = take_storage_event(*store, *objects, event, "takes", now);
    ASSERT_FALSE(taken) << event;
    EXPECT_EQ(taken.error().kind, ErrorKind::rejected) << event;
  }
}

}  // namespace
}  // namespace orakgarak::uploads
