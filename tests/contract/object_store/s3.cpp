// The suite on an S3 server, and what S3 over a network does of its own.
#include "storage/s3_objects/s3.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "bucket.h"
#include "net/server.h"
#include "net/testing/certificate.h"
#include "net/testing/serving.h"
#include "proxy.h"
#include "storage/s3_objects/download.h"
#include "suite.h"

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;
using storage::S3Options;

class InABucket final : public ObjectPlace {
 public:
  explicit InABucket(BucketStyle style) : options_(new_bucket(style)) {}
  std::unique_ptr<ObjectStore> open() override { return storage::s3_objects(options_); }

 private:
  S3Options options_;
};

ObjectAdapter adapter(std::string name, BucketStyle style) {
  return {std::move(name), [style] { return std::make_unique<InABucket>(style); }};
}

INSTANTIATE_TEST_SUITE_P(, ObjectStoreContract,
                         testing::Values(adapter("s3", BucketStyle::in_path),
                                         adapter("s3_bucket_in_host", BucketStyle::in_host),
                                         adapter("s3_keeping_versions", BucketStyle::keeping_versions)),
                         [](const auto& info) { return info.param.name; });

std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 2'654'435'761U >> 13);
  return bytes;
}

class S3Objects : public testing::Test {
 protected:
  S3Options options = new_bucket();
  std::unique_ptr<ObjectStore> store = storage::s3_objects(options);
};

TEST_F(S3Objects, TheSameBytesPutTwiceAreOneVersionAndEmptyOnesAreAnObjectToo) {
  EXPECT_EQ(put_text(*store, "uploads/a", "sung")->version, put_text(*store, "uploads/a", "sung")->version);
  const auto empty = put_text(*store, "uploads/b", "");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->size, 0U);
  const auto file = store->open("uploads/b", empty->version);
  ASSERT_TRUE(file);
  EXPECT_EQ(read_text(*file), "");
}

TEST_F(S3Objects, AnOpenFileCanBeMappedAndHasNoName) {
  const auto facts = put_text(*store, "uploads/a", "sung");
  const auto file = store->open("uploads/a", facts->version);
  ASSERT_TRUE(file);
  struct stat seen{};
  ASSERT_EQ(::fstat(file->fd(), &seen), 0);
  EXPECT_TRUE(S_ISREG(seen.st_mode));
  EXPECT_EQ(seen.st_size, 4);
  EXPECT_EQ(seen.st_nlink, 0U);
}

TEST_F(S3Objects, AreListedOverTheEndOfAPageOfTheServer) {
  constexpr int objects = 1003, writers = 4;
  {
    std::vector<std::jthread> threads;
    for (int w = 0; w < writers; ++w)
      threads.emplace_back([&, w] {
        for (int i = w; i < objects; i += writers)
          EXPECT_TRUE(put_text(*store, "uploads/" + std::to_string(10'000 + i), "x"));
      });
  }
  const auto all = store->list("uploads/", "", 5'000);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), std::size_t{objects});
  EXPECT_TRUE(std::ranges::is_sorted(*all, {}, &ListedObject::key));
  EXPECT_EQ(store->list("uploads/", "", 1'001)->size(), 1'001U);
  EXPECT_EQ(store->list("uploads/", "uploads/11000", 5'000)->size(), 2U);
  EXPECT_LT(std::chrono::abs(all->front().changed - system_now()), 5min);
}

TEST_F(S3Objects, OfOthersInTheSameBucketAreNotListed) {
  ASSERT_TRUE(put_text(*store, "uploads/z", "ours"));
  for (const char* theirs : {"/uploads/a b+c", "/uploads/", "/uploads/.hidden", "/uploads/한"})
    ASSERT_EQ(ask_bucket(options, "PUT", theirs, "", "x"), 200) << theirs;
  const auto listed = store->list("uploads/", "", 1);
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 1U);
  EXPECT_EQ(listed->front().key, "uploads/z");
}

TEST_F(S3Objects, AreReachedWithLentKeys) {
  const auto lent = storage::s3_objects(with_lent_keys(options));
  const auto facts = put_text(*lent, "uploads/a", "sung");
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_EQ(read_text(*lent->open("uploads/a", facts->version)), "sung");
  S3Options wrong = with_lent_keys(options);
  wrong.session_token.back() ^= 1;
  EXPECT_EQ(storage::check_s3(wrong).error().code, "objects_unusable");
}

TEST_F(S3Objects, AreAskedForOverConnectionsThatAreKept) {
  CuttableLine line(options.endpoint);
  options.endpoint = line.url();
  const auto far = storage::s3_objects(options);
  for (int i = 0; i < 10; ++i) {
    const auto facts = put_text(*far, "uploads/a", "sung");
    ASSERT_TRUE(facts);
    EXPECT_TRUE(far->open("uploads/a", facts->version));
  }
  EXPECT_EQ(line.connections(), 1);
}

TEST_F(S3Objects, ADownloadThatBreaksOffGoesOnWhereItWas) {
  const std::string bytes = some_bytes(3'000'000);
  const auto facts = put_text(*store, "uploads/a", bytes);
  ASSERT_TRUE(facts);
  CuttableLine line(options.endpoint);
  options.endpoint = line.url();
  const auto far = storage::s3_objects(options);
  line.cut_answers(700'000, 3);
  const auto file = far->open("uploads/a", facts->version);
  ASSERT_TRUE(file) << file.error().detail;
  EXPECT_EQ(read_text(*file), bytes);
  EXPECT_EQ(line.connections(), 4);
}

TEST_F(S3Objects, ADownloadThatBreaksOffAgainAndAgainIsTriedLater) {
  const auto facts = put_text(*store, "uploads/a", some_bytes(3'000'000));
  CuttableLine line(options.endpoint);
  options.endpoint = line.url();
  line.cut_answers(100'000, 1'000);
  const auto file = storage::s3_objects(options)->open("uploads/a", facts->version);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, "objects_unavailable");
  EXPECT_EQ(file.error().kind, ErrorKind::retry);
  EXPECT_EQ(line.connections(), 1 + storage::s3::most_resumed);
}

TEST_F(S3Objects, ADownloadAsksWhetherItIsStillWanted) {
  const std::string bytes = some_bytes(3'000'000);
  const auto facts = put_text(*store, "uploads/a", bytes);
  int asked = 0;
  EXPECT_TRUE(store->open("uploads/a", facts->version, [&] { return ++asked > 0; }));
  EXPECT_GT(asked, 5);
  const auto stopped = store->open("uploads/a", facts->version, [] { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "job_lost");
  EXPECT_EQ(stopped.error().kind, ErrorKind::conflict);
}

TEST_F(S3Objects, OtherBytesPutWhileADownloadIsBrokenOffAreNeverInIt) {
  const auto facts = put_text(*store, "uploads/a", some_bytes(3'000'000));
  CuttableLine line(options.endpoint);
  S3Options through = options;
  through.endpoint = line.url();
  line.cut_answers(700'000, 1,
                   [&] { ASSERT_TRUE(put_text(*store, "uploads/a", std::string(3'000'000, 'x'))); });
  const auto file = storage::s3_objects(through)->open("uploads/a", facts->version);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, "object_changed");
}

TEST_F(S3Objects, AnUploadThatBreaksOffLeavesTheOldOne) {
  ASSERT_TRUE(put_text(*store, "uploads/a", "old"));
  CuttableLine line(options.endpoint);
  S3Options through = options;
  through.endpoint = line.url();
  line.cut_requests(700'000, 1'000);
  const auto broken = put_text(*storage::s3_objects(through), "uploads/a", some_bytes(3'000'000));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, "objects_unavailable");
  EXPECT_EQ(read_text(*store->open("uploads/a", store->head("uploads/a")->version)), "old");
}

TEST_F(S3Objects, AServerThatIsDownIsSaidSoAtOnceAndIsUsedAgainOnceItIsBack) {
  const auto facts = put_text(*store, "uploads/a", "sung");
  CuttableLine line(options.endpoint);
  options.endpoint = line.url();
  const auto far = storage::s3_objects(options);
  ASSERT_TRUE(far->head("uploads/a"));
  line.stop();
  const auto began = std::chrono::steady_clock::now();
  for (const auto& error : {far->head("uploads/a").error(), far->open("uploads/a", facts->version).error(),
                            put_text(*far, "uploads/b", "x").error(), far->remove("uploads/a").error(),
                            far->list("", "", 1).error(), storage::check_s3(options).error()}) {
    EXPECT_EQ(error.code, "objects_unavailable");
    EXPECT_EQ(error.kind, ErrorKind::retry);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
  line.start();
  EXPECT_TRUE(far->head("uploads/a"));
  EXPECT_TRUE(far->open("uploads/a", facts->version));
}

TEST_F(S3Objects, AServerThatFallsSilentIsWaitedForAsLongAsWasSaid) {
  CuttableLine line(options.endpoint);
  options.endpoint = line.url();
  line.swallow_answers();
  const storage::s3::Client client(options, system_now, {.stall = 1s});
  const auto began = std::chrono::steady_clock::now();
  const auto head = storage::s3::facts_of(client, "uploads/a");
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().code, "objects_unavailable");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 8s);
}

TEST_F(S3Objects, KeysThatAreRefusedAreNoFaultOfTheObjectAndSaySo) {
  ASSERT_TRUE(put_text(*store, "uploads/a", "sung"));
  S3Options wrong = options;
  wrong.secret_key = "another-secret";
  const auto other = storage::s3_objects(wrong);
  for (const auto& error : {other->head("uploads/a").error(), other->open("uploads/a", "eabc").error(),
                            put_text(*other, "uploads/a", "x").error(), other->remove("uploads/a").error(),
                            other->list("", "", 1).error()}) {
    EXPECT_EQ(error.code, "objects_unavailable");
    EXPECT_EQ(error.kind, ErrorKind::retry);
    EXPECT_NE(error.detail.find(options.bucket), std::string::npos) << error.detail;
    EXPECT_EQ(error.detail.find(wrong.secret_key), std::string::npos);
    EXPECT_EQ(error.detail.find("Signature="), std::string::npos);
  }
  const auto checked = storage::check_s3(wrong);
  EXPECT_EQ(checked.error().code, "objects_unusable");
  EXPECT_EQ(checked.error().kind, ErrorKind::rejected);
  EXPECT_TRUE(storage::check_s3(options));
}

TEST_F(S3Objects, ABucketThatIsNotThereIsNoReasonToThinkThatItsObjectsWereNeverThere) {
  S3Options wrong = options;
  wrong.bucket += "-none";
  const auto other = storage::s3_objects(wrong);
  EXPECT_EQ(other->head("uploads/a").error().code, "objects_unavailable");
  EXPECT_EQ(other->open("uploads/a", "eabc").error().code, "objects_unavailable");
  const auto checked = storage::check_s3(wrong);
  EXPECT_EQ(checked.error().code, "objects_unusable");
  EXPECT_NE(checked.error().detail.find("no bucket " + wrong.bucket), std::string::npos);
}

TEST_F(S3Objects, AClockThatIsWrongIsNamed) {
  const storage::s3::Client late(options, [] { return system_now() - 1h; });
  const auto answer = late.get({.method = "GET", .query = {{"list-type", "2"}}});
  EXPECT_NE(answer.error().detail.find("clock of this machine"), std::string::npos) << answer.error().detail;
}

TEST_F(S3Objects, MemoryDoesNotGrowWithAnObject) {
  constexpr std::size_t size = 200U << 20, step = 1U << 20, most_growth_kib = 48U << 10;
  const auto most_resident_kib = [] {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
    return 0UL;
  };
  ASSERT_TRUE(put_text(*store, "uploads/warm", some_bytes(step)));
  const std::string bytes = some_bytes(step);
  std::ofstream("/proc/self/clear_refs") << "5";  // the high-water mark begins anew
  const auto before = most_resident_kib();
  const auto facts = store->put("uploads/large", [&](const ByteSink& sink) -> Result<void> {
    for (std::size_t at = 0; at < size; at += step)
      if (auto put = sink(std::as_bytes(std::span(bytes))); !put) return put;
    return {};
  });
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_EQ(facts->size, size);
  const auto file = store->open("uploads/large", facts->version);
  ASSERT_TRUE(file);
  EXPECT_LT(most_resident_kib(), before + most_growth_kib);
  std::string last(step, '\0');
  EXPECT_EQ(::pread(file->fd(), last.data(), step, size - step), static_cast<ssize_t>(step));
  EXPECT_EQ(last, bytes);
}

TEST(S3KeepingVersions, WhatIsRemovedIsGoneInEveryVersion) {
  const S3Options options = new_bucket(BucketStyle::keeping_versions);
  const auto store = storage::s3_objects(options);
  const auto first = put_text(*store, "uploads/a", "checked");
  ASSERT_TRUE(put_text(*store, "uploads/a", "put over it"));
  ASSERT_TRUE(put_text(*store, "uploads/ab", "another"));
  ASSERT_TRUE(store->remove("uploads/a"));
  ASSERT_TRUE(store->remove("uploads/a"));
  std::string versions;
  ASSERT_EQ(ask_bucket(options, "GET", "", "versions=", "", &versions), 200);
  EXPECT_EQ(versions.find("<Key>uploads/a</Key>"), std::string::npos) << versions;
  EXPECT_NE(versions.find("<Key>uploads/ab</Key>"), std::string::npos);
  EXPECT_EQ(store->open("uploads/a", first->version).error().code, "no_such_object");
  ASSERT_TRUE(put_text(*store, "uploads/a", "new"));
  EXPECT_EQ(store->open("uploads/a", first->version).error().code, "object_changed");
}

/// A server that answers everything in one way.
class Answers : public testing::Test {
 protected:
  S3Options answering(net::Response response, const net::ServerOptions& how = {}) {
    server = net::testing::serve(net::testing::always_answering(std::move(response)), how);
    return {
        .bucket = "takes",
        .endpoint = (how.tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(server->port()),
        .path_style = true,
        .access_key = "AKID",
        .secret_key = "secret-word",
        .session_token = {}};
  }
  std::unique_ptr<net::Server> server;
};

TEST_F(Answers, OfAServerThatIsBusyAreTriedLater) {
  const auto store = storage::s3_objects(answering({503, {}, "<Error><Code>SlowDown</Code></Error>"}));
  for (const auto& error : {store->head("uploads/a").error(), store->open("uploads/a", "e1").error(),
                            put_text(*store, "uploads/a", "x").error(), store->remove("uploads/a").error(),
                            store->list("", "", 1).error()}) {
    EXPECT_EQ(error.code, "objects_unavailable");
    EXPECT_EQ(error.kind, ErrorKind::retry);
  }
  EXPECT_EQ(storage::check_s3(answering({503, {}, ""})).error().kind, ErrorKind::retry);
}

TEST_F(Answers, ThatLeadElsewhereAreNotFollowed) {
  const auto options = answering({307, {{"Location", "http://127.0.0.1:1/"}}, ""});
  const auto checked = storage::check_s3(options);
  EXPECT_EQ(checked.error().code, "objects_unusable");
  EXPECT_NE(checked.error().detail.find("name its region and endpoint"), std::string::npos);
}

TEST_F(Answers, ThatAreNotOfS3AreNoAnswers) {
  const auto store = storage::s3_objects(answering({200, {}, "<html>Welcome</html>"}));
  EXPECT_EQ(store->head("uploads/a").error().code, "objects_unavailable");
  EXPECT_EQ(put_text(*store, "uploads/a", "x").error().code, "objects_unavailable");
  EXPECT_EQ(store->list("", "", 1).error().code, "objects_unavailable");
}

TEST_F(Answers, ThatNeverEndAreCutOff) {
  const auto store = storage::s3_objects(answering({200, {}, std::string((8U << 20) + 1, ' ')}));
  const auto listed = store->list("", "", 1);
  ASSERT_FALSE(listed);
  EXPECT_NE(listed.error().detail.find("more than an answer can be"), std::string::npos);
}

TEST_F(Answers, ThatLeadInACircleEnd) {
  const auto store = storage::s3_objects(
      answering({200,
                 {},
                 "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>again"
                 "</NextContinuationToken></ListBucketResult>"}));
  EXPECT_EQ(store->list("", "", 1).error().code, "objects_unavailable");
}

TEST_F(Answers, OfAServerForWhomNobodyVouchesAreNotAskedFor) {
  const net::testing::CertificateFiles certificate;
  net::ServerOptions how;
  how.tls = certificate.files();
  std::atomic<int> asked = 0;
  how.done = [&](const auto&...) { ++asked; };
  const auto checked = storage::check_s3(answering({200, {}, "<ListBucketResult/>"}, how));
  EXPECT_EQ(checked.error().code, "objects_unavailable");
  EXPECT_EQ(asked, 0);
}

TEST_F(Answers, WithoutTheRangeThatWasAskedForBeginAnew) {
  const std::string bytes = some_bytes(2'000'000);
  auto options = answering({200, {{"ETag", "\"1\""}}, bytes});
  CuttableLine line(options.endpoint);
  options.endpoint = line.url();
  line.cut_answers(700'000, 1);
  const auto file = storage::s3_objects(options)->open("uploads/a", "e1");
  ASSERT_TRUE(file) << file.error().detail;
  EXPECT_EQ(read_text(*file), bytes);
}

}  // namespace
}  // namespace orakgarak::uploads
