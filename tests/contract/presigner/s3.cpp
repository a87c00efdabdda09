// The suite on an S3 server, and what S3 over a network does of its own.
#include "storage/s3_objects/s3.h"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "bucket.h"
#include "net/server.h"
#include "net/testing/serving.h"
#include "proxy.h"
#include "suite.h"

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;
using storage::S3Options;

constexpr std::string_view sung = "sung into the browser";

class S3Place final : public PresignerPlace {
 public:
  explicit S3Place(BucketStyle style) : options_(new_bucket(style)) {}
  Presigner& presigner() override { return *presigner_; }
  ObjectStore& objects() override { return *objects_; }
  std::string base() const override { return storage::s3_origin(options_); }
  const S3Options& options() const { return options_; }

 private:
  S3Options options_;
  std::unique_ptr<Presigner> presigner_ = storage::s3_presigner(options_);
  std::unique_ptr<ObjectStore> objects_ = storage::s3_objects(options_);
};

PresignerAdapter adapter(std::string name, BucketStyle style) {
  return {std::move(name), [style] { return std::make_unique<S3Place>(style); }};
}

INSTANTIATE_TEST_SUITE_P(, PresignerContract,
                         testing::Values(adapter("s3", BucketStyle::in_path),
                                         adapter("s3_bucket_in_host", BucketStyle::in_host)),
                         [](const auto& info) { return info.param.name; });

class S3Presigner : public testing::Test {
 protected:
  std::string open(std::string_view bytes = sung) {
    return *place.presigner().open_parts(key, declare(bytes));
  }
  void send_bytes(const std::string& multipart, int number, std::string_view bytes) {
    const auto part = place.presigner().part(place.base(), key, multipart, {number, hex_of(bytes)},
                                             bytes.size(), now, now + 15min);
    ASSERT_TRUE(part);
    ASSERT_EQ(send_part(*part, bytes).status, 200);
  }
  S3Place place{BucketStyle::in_path};
  Time now = system_now();
  std::string key = object_key(UploadId::make(now));
};

TEST_F(S3Presigner, AFormOfOneBucketIsNotTakenByAnother) {
  const auto form = *place.presigner().form(place.base(), key, declare(sung), now, now + 15min);
  const S3Options other = new_bucket();
  const Answer answer = send_form(other.endpoint + "/" + other.bucket + "/", fields_of(form), sung);
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(storage::s3_objects(other)->head(key).error().code, "no_such_object");
}

TEST_F(S3Presigner, LentKeysSignFormsAndParts) {
  const S3Options lent = with_lent_keys(place.options());
  const auto signs = storage::s3_presigner(lent);
  const auto form = *signs->form(place.base(), key, declare(sung), now, now + 15min);
  EXPECT_EQ(send_form(form.url, fields_of(form), sung).status, 204);
  const std::string multipart = open();
  const auto part =
      *signs->part(place.base(), key, multipart, {1, hex_of(sung)}, sung.size(), now, now + 15min);
  EXPECT_EQ(send_part(part, sung).status, 200);
}

TEST_F(S3Presigner, CompletedTwiceIsTheSameOnlyWhereTheObjectIsStillThatOne) {
  const std::string multipart = open();
  send_bytes(multipart, 1, sung);
  const auto have = *place.presigner().parts(key, multipart);
  const auto made = place.presigner().complete(key, multipart, have);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->size, sung.size());
  ASSERT_TRUE(place.objects().put(
      key, [](const ByteSink& sink) { return sink(std::as_bytes(std::span(std::string_view("others")))); }));
  EXPECT_EQ(place.presigner().complete(key, multipart, have).error().code, "no_such_multipart");
  ASSERT_TRUE(place.objects().remove(key));
  EXPECT_EQ(place.presigner().complete(key, multipart, have).error().code, "no_such_multipart");
}

TEST_F(S3Presigner, CompletingWhoseAnswerIsLostIsDoneAgain) {
  CuttableLine line(place.options().endpoint);
  S3Options through = place.options();
  through.endpoint = line.url();
  const std::string multipart = open();
  send_bytes(multipart, 1, sung);
  const auto have = *place.presigner().parts(key, multipart);
  const auto far = storage::s3_presigner(through);
  line.cut_answers(1, 1);
  EXPECT_EQ(far->complete(key, multipart, have).error().code, "objects_unavailable");
  const auto made = far->complete(key, multipart, have);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->version, place.objects().head(key)->version);
}

TEST_F(S3Presigner, APartThatIsTooShortMakesNoObject) {
  const std::string multipart = open();
  send_bytes(multipart, 1, sung);
  send_bytes(multipart, 2, sung);
  EXPECT_FALSE(place.presigner().complete(key, multipart, *place.presigner().parts(key, multipart)));
  EXPECT_EQ(place.objects().head(key).error().code, "no_such_object");
}

TEST_F(S3Presigner, PartsAreListedOverTheEndOfAPageOfTheServer) {
  const std::string multipart = open();
  constexpr int parts = 1'003;
  for (int number = 1; number <= parts; ++number) send_bytes(multipart, number, "x");
  const auto have = place.presigner().parts(key, multipart);
  ASSERT_TRUE(have);
  ASSERT_EQ(have->size(), std::size_t{parts});
  EXPECT_EQ(have->back().number, parts);
}

TEST_F(S3Presigner, OpenMultipartUploadsOfManyKeysAreEachListedOnce) {
  std::vector<std::string> opened, seen;
  for (int i = 0; i < 7; ++i)
    opened.push_back(*place.presigner().open_parts(object_key(UploadId::make(now)), declare(sung)));
  for (std::optional<OpenMultipart> after;;) {
    const auto page = place.presigner().multiparts(after, 3);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    after = page->back();
    for (const OpenMultipart& multipart : *page) seen.push_back(multipart.id);
    ASSERT_TRUE(place.presigner().abort(after->key, after->id)) << "what we go on after need not be there";
  }
  std::ranges::sort(opened);
  std::ranges::sort(seen);
  EXPECT_EQ(seen, opened);
}

TEST_F(S3Presigner, AServerThatIsDownIsTriedLater) {
  CuttableLine line(place.options().endpoint);
  S3Options through = place.options();
  through.endpoint = line.url();
  const auto far = storage::s3_presigner(through);
  line.stop();
  const std::vector<StoredPart> parts{{1, 1, {}, "e"}};
  for (const auto& error : {far->open_parts(key, declare(sung)).error(), far->parts(key, "x").error(),
                            far->complete(key, "x", parts).error(), far->abort(key, "x").error(),
                            far->multiparts({}, 1).error()}) {
    EXPECT_EQ(error.code, "objects_unavailable");
    EXPECT_EQ(error.kind, ErrorKind::retry);
  }
  EXPECT_TRUE(far->form("http://localhost", key, declare(sung), now, now + 1min)) << "signing asks nobody";
}

/// A server that pages through open multipart uploads as AWS does: by key and, within one, by id.
class PagingServer : public testing::Test {
 protected:
  static std::string list(const net::RequestHead& head) {
    const auto query = *net::parse_query(head.query);
    const auto value = [&](std::string_view name) {
      const auto found = std::ranges::find(query, name, [](const auto& pair) { return pair.first; });
      return found == query.end() ? std::string() : found->second;
    };
    const std::pair after(value("key-marker"), value("upload-id-marker"));
    const auto limit = std::stoul(value("max-uploads"));
    std::string text, next;
    std::size_t told = 0;
    for (const auto& [key, id] : all()) {
      if (std::pair(key, id) <= after) continue;
      if (told++ == limit) {
        text += "<IsTruncated>true</IsTruncated>" + next;
        break;
      }
      text += "<Upload><Key>" + key + "</Key><UploadId>" + id +
              "</UploadId><Initiated>2026-11-24T12:00:00.000Z</Initiated></Upload>";
      next = "<NextKeyMarker>" + key + "</NextKeyMarker><NextUploadIdMarker>" + id + "</NextUploadIdMarker>";
    }
    return "<ListMultipartUploadsResult>" + text + "</ListMultipartUploadsResult>";
  }
  static std::vector<std::pair<std::string, std::string>> all() {
    return {
        {"others key", "9"}, {"uploads/a", "1"}, {"uploads/a", "2"}, {"uploads/b", "1"}, {"uploads/c", "1"}};
  }
};

TEST_F(PagingServer, IsReadAPageAtATime) {
  const auto server =
      net::testing::serve([](const net::RequestHead& head) { return net::answer({200, {}, list(head)}); });
  const auto presigner =
      storage::s3_presigner({.bucket = "takes",
                             .endpoint = "http://127.0.0.1:" + std::to_string(server->port()),
                             .path_style = true,
                             .access_key = "AKID",
                             .secret_key = "word",
                             .session_token = {}});
  for (const std::size_t limit : {1U, 2U, 3U, 9U}) {
    std::string seen;
    for (std::optional<OpenMultipart> after;;) {
      const auto page = presigner->multiparts(after, limit);
      ASSERT_TRUE(page);
      ASSERT_LE(page->size(), limit);
      if (page->empty()) break;
      for (const OpenMultipart& multipart : *page) seen += multipart.key + ":" + multipart.id + " ";
      after = page->back();
    }
    EXPECT_EQ(seen, "uploads/a:1 uploads/a:2 uploads/b:1 uploads/c:1 ") << limit;
  }
}

TEST(S3Answers, OfACompletionThatFailedUnderStatus200AreNoSuccess) {
  const auto server = net::testing::serve(
      net::testing::always_answering({200, {}, "<Error><Code>InternalError</Code></Error>"}));
  const auto presigner =
      storage::s3_presigner({.bucket = "takes",
                             .endpoint = "http://127.0.0.1:" + std::to_string(server->port()),
                             .path_style = true,
                             .access_key = "AKID",
                             .secret_key = "word",
                             .session_token = {}});
  const std::vector<StoredPart> parts{{1, 1, {}, "e"}};
  const auto made = presigner->complete("uploads/a", "x", parts);
  EXPECT_EQ(made.error().code, "objects_unavailable");
  EXPECT_NE(made.error().detail.find("InternalError"), std::string::npos);
}

}  // namespace
}  // namespace orakgarak::uploads
