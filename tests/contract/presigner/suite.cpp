#include "suite.h"

#include <unistd.h>

#include <algorithm>

namespace orakgarak::uploads {

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

PresignedForm PresignerContract::form(const Declared& declared) {
  return ok(place->presigner().form(place->base(), key, declared, now, expires));
}
std::string PresignerContract::open(std::string_view bytes) {
  return ok(place->presigner().open_parts(key, declare(bytes)));
}
PresignedPart PresignerContract::part(const std::string& multipart, int number, std::string_view bytes) {
  return ok(place->presigner().part(place->base(), key, multipart, {number, hex_of(bytes)}, bytes.size(), now,
                                    expires));
}

std::string PresignerContract::download(const Download& download) {
  return ok(place->presigner().download(place->base(), key, download, now, expires));
}

std::string PresignerContract::object() {
  const auto facts = place->objects().head(key);
  if (!facts) return "none";
  const auto file = ok(place->objects().open(key, facts->version));
  std::string bytes(facts->size, '\0');
  EXPECT_EQ(::pread(file.fd(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  return bytes;
}
std::string PresignerContract::version() { return ok(place->objects().head(key)).version; }

namespace {

constexpr std::string_view sung = "sung into the browser";
constexpr std::size_t least_part = 5U << 20;  // of S3, for every part but the last

std::string bytes_of(std::size_t size, char first) {
  std::string bytes(size, first);
  for (std::size_t i = 0; i < size; i += 251) bytes[i] = static_cast<char>(i / 251);
  return bytes;
}

std::string& value(Fields& fields, std::string_view name) {
  return std::ranges::find(fields, name, &std::pair<std::string, std::string>::first)->second;
}

TEST_P(PresignerContract, AFormBecomesTheObject) {
  const Answer answer = send_form(form(declare(sung)).url, fields_of(form(declare(sung))), sung);
  EXPECT_EQ(answer.status, 204) << answer.body;
  EXPECT_FALSE(answer.field("etag").empty());
  EXPECT_EQ(object(), sung);
}

TEST_P(PresignerContract, AFormTakesItsLengthAndNoByteMoreOrLess) {
  for (const std::size_t length : {std::size_t{1}, std::size_t{65'536}, std::size_t{1'000'000}}) {
    const std::string whole = bytes_of(length + 1, 'a');
    const std::string_view right = std::string_view(whole).substr(0, length);
    const auto presigned = form(declare(right));
    const Answer longer = send_form(presigned.url, fields_of(presigned), whole);
    EXPECT_EQ(longer.status, 400);
    EXPECT_EQ(longer.code(), "EntityTooLarge");
    const Answer shorter = send_form(presigned.url, fields_of(presigned), right.substr(1));
    EXPECT_EQ(shorter.status, 400);
    EXPECT_EQ(shorter.code(), "EntityTooSmall");
    EXPECT_EQ(object(), "none");
    EXPECT_EQ(send_form(presigned.url, fields_of(presigned), right).status, 204);
    EXPECT_EQ(object(), right);
    ok(place->objects().remove(key));
  }
}

TEST_P(PresignerContract, OtherBytesOfTheSameLengthAreRefused) {
  const auto presigned = form(declare(sung));
  std::string other(sung);
  other.back() ^= 1;
  EXPECT_EQ(send_form(presigned.url, fields_of(presigned), other).status, 400);
  EXPECT_EQ(object(), "none");
}

TEST_P(PresignerContract, AFormWithAnyFieldAlteredMissingOrAddedIsRefused) {
  const auto presigned = form(declare(sung));
  for (const auto& [name, right] : presigned.fields) {
    auto fields = fields_of(presigned);
    value(fields, name) += "x";
    EXPECT_GE(send_form(presigned.url, fields, sung).status, 400) << name;
    std::erase_if(fields, [&](const auto& field) { return field.first == name; });
    EXPECT_GE(send_form(presigned.url, fields, sung).status, 400) << name;
  }
  auto fields = fields_of(presigned);
  value(fields, "Content-Type") = "text/html";
  EXPECT_EQ(send_form(presigned.url, fields, sung).status, 403);
  fields = fields_of(presigned);
  value(fields, "key") = object_key(UploadId::make(now));
  EXPECT_EQ(send_form(presigned.url, fields, sung).status, 403);
  fields = fields_of(presigned);
  value(fields, "policy") = form(declare("something else")).fields.at("policy");
  const Answer altered = send_form(presigned.url, fields, sung);
  EXPECT_EQ(altered.status, 403);
  EXPECT_EQ(altered.code(), "SignatureDoesNotMatch");
  fields = fields_of(presigned);
  fields.emplace_back("acl", "public-read");
  EXPECT_EQ(send_form(presigned.url, fields, sung).status, 403);
  EXPECT_EQ(object(), "none");
}

TEST_P(PresignerContract, AFormEndsWhenItExpires) {
  now -= std::chrono::hours(1);
  expires = now + std::chrono::minutes(15);
  const auto presigned = form(declare(sung));
  EXPECT_EQ(send_form(presigned.url, fields_of(presigned), sung).status, 403);
  EXPECT_EQ(object(), "none");
}

TEST_P(PresignerContract, AFormWithoutALengthIsRefused) {
  const auto presigned = form(declare(sung));
  const std::string body = form_body(fields_of(presigned), sung);
  char size[32];
  static_cast<void>(std::snprintf(size, sizeof size, "%zx\r\n", body.size()));
  const Answer answer = send("POST", presigned.url,
                             {{"Content-Type", std::string(form_type)}, {"Transfer-Encoding", "chunked"}},
                             size + body + "\r\n0\r\n\r\n");
  EXPECT_EQ(answer.status / 100, 4) << answer.status;  // 411 of S3 and ours, 400 of others
  EXPECT_EQ(object(), "none");
}

TEST_P(PresignerContract, AFormThatBreaksOffLeavesNothing) {
  const auto presigned = form(declare(sung));
  const std::string body = form_body(fields_of(presigned), sung);
  {
    Connection broken(presigned.url);
    broken.send(
        request("POST", presigned.url,
                {{"Content-Type", std::string(form_type)}, {"Content-Length", std::to_string(body.size())}},
                body.substr(0, body.size() - 8)));
  }
  {
    Connection short_of_its_end(presigned.url);  // a length that ends within the file
    const std::string cut = body.substr(0, body.find(sung) + 5);
    short_of_its_end.send(request("POST", presigned.url, {{"Content-Type", std::string(form_type)}}, cut));
    EXPECT_EQ(short_of_its_end.answer().status, 400);
  }
  EXPECT_EQ(object(), "none");
}

TEST_P(PresignerContract, OnlyTheFirstFileCountsAndNothingAfterIt) {
  const auto presigned = form(declare(sung));
  std::string body = form_body(fields_of(presigned), sung);
  const std::string end = body.substr(body.rfind("\r\n--"));
  body.resize(body.size() - end.size());
  body += "\r\n" + form_body({{"key", "elsewhere"}}, "another file");
  EXPECT_EQ(send("POST", presigned.url, {{"Content-Type", std::string(form_type)}}, body).status, 204);
  EXPECT_EQ(object(), sung);
}

TEST_P(PresignerContract, TheSameFileSentTwiceIsOneVersion) {
  const auto presigned = form(declare(sung));
  ASSERT_EQ(send_form(presigned.url, fields_of(presigned), sung).status, 204);
  const std::string first = version();
  ASSERT_EQ(send_form(presigned.url, fields_of(presigned), sung).status, 204);
  EXPECT_EQ(version(), first);
}

TEST_P(PresignerContract, PartsInAnyOrderBecomeTheObject) {
  const std::string one = bytes_of(least_part, 'a'), two = bytes_of(least_part, 'b'), three = "the rest";
  const std::string multipart = open(one + two + three);
  for (const auto& [number, bytes] :
       {std::pair(3, three), {1, two}, {2, two}, {1, one}}) {  // 1 is sent again
    const Answer answer = send_part(part(multipart, number, bytes), bytes);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_FALSE(answer.field("etag").empty());
  }
  const auto have = ok(place->presigner().parts(key, multipart));
  ASSERT_EQ(have.size(), 3U);
  EXPECT_EQ(have[0].size, one.size());
  EXPECT_TRUE(have[0].sha256.empty() || have[0].sha256 == hex_of(one));
  EXPECT_EQ(have[2].number, 3);
  EXPECT_EQ(object(), "none") << "before it is completed";
  const auto facts = ok(place->presigner().complete(key, multipart, have));
  EXPECT_EQ(facts.version, version());
  EXPECT_EQ(object(), one + two + three);
  EXPECT_EQ(ok(place->presigner().complete(key, multipart, have)).version, facts.version) << "again";
}

TEST_P(PresignerContract, APartTakesItsLengthAndBytesAndNoOthers) {
  const std::string bytes = bytes_of(70'000, 'a');
  const std::string multipart = open(bytes);
  const auto presigned = part(multipart, 1, bytes);
  EXPECT_EQ(send_part(presigned, bytes + "x").status, 403);
  EXPECT_EQ(send_part(presigned, std::string_view(bytes).substr(1)).status, 403);
  EXPECT_EQ(send_part(presigned, bytes_of(70'000, 'b')).status, 400);
  EXPECT_EQ(send("PUT", presigned.url, {}, bytes).status / 100, 4) << "without its checksum";
  auto other = presigned;
  other.headers = part(multipart, 1, "other").headers;
  EXPECT_EQ(send_part(other, bytes).status, 403);
  Fields headers(presigned.headers.begin(), presigned.headers.end());
  headers.emplace_back("Transfer-Encoding", "chunked");
  EXPECT_GE(send("PUT", presigned.url, headers, "0\r\n\r\n").status, 400);
  EXPECT_TRUE(ok(place->presigner().parts(key, multipart)).empty());
  EXPECT_EQ(send_part(presigned, bytes).status, 200);
}

TEST_P(PresignerContract, AnAlteredOrExpiredUrlIsRefused) {
  const std::string multipart = open(sung);
  const auto presigned = part(multipart, 1, sung);
  const auto altered = [&](std::string_view from, std::string_view to) {
    auto wrong = presigned;
    wrong.url.replace(wrong.url.find(from), from.size(), to);
    return send_part(wrong, sung);
  };
  EXPECT_EQ(altered("partNumber=1", "partNumber=2").code(), "SignatureDoesNotMatch");
  EXPECT_EQ(altered("X-Amz-Expires=", "X-Amz-Expires=1").status, 403);
  EXPECT_EQ(altered("uploads/", "uploads/0").status, 403);
  EXPECT_EQ(altered("X-Amz-Signature=", "X-Amz-Signature=0").status, 403);
  EXPECT_GE(altered("X-Amz-Signature=", "X-Signature=").status, 400);
  now -= std::chrono::hours(1);
  expires = now + std::chrono::minutes(15);
  EXPECT_EQ(send_part(part(multipart, 1, sung), sung).status, 403);
  EXPECT_TRUE(ok(place->presigner().parts(key, multipart)).empty());
}

TEST_P(PresignerContract, APartThatBreaksOffIsNotThere) {
  const std::string bytes = bytes_of(200'000, 'a');
  const std::string multipart = open(bytes);
  const auto presigned = part(multipart, 1, bytes);
  {
    Connection broken(presigned.url);
    Fields headers(presigned.headers.begin(), presigned.headers.end());
    headers.emplace_back("Content-Length", std::to_string(bytes.size()));
    broken.send(request("PUT", presigned.url, headers, std::string_view(bytes).substr(0, 150'000)));
  }
  EXPECT_TRUE(ok(place->presigner().parts(key, multipart)).empty());
}

TEST_P(PresignerContract, OnlyPartsThatAreThereAreCompleted) {
  const std::string multipart = open(sung);
  EXPECT_EQ(place->presigner().complete(key, multipart, {}).error().code, "part_missing");
  ASSERT_EQ(send_part(part(multipart, 1, sung), sung).status, 200);
  const auto have = ok(place->presigner().parts(key, multipart));
  auto wrong = have;
  wrong.push_back({2, 1, {}, have[0].etag});
  EXPECT_EQ(place->presigner().complete(key, multipart, wrong).error().code, "part_missing");
  const std::string again = "sung again, otherwise";
  ASSERT_EQ(send_part(part(multipart, 1, again), again).status, 200);
  EXPECT_EQ(place->presigner().complete(key, multipart, have).error().code, "part_changed");
  EXPECT_EQ(object(), "none");
  ok(place->presigner().complete(key, multipart, ok(place->presigner().parts(key, multipart))));
  EXPECT_EQ(object(), again);
}

TEST_P(PresignerContract, NothingComesAfterTheEndOfAMultipartUpload) {
  const std::string thrown_away = open(sung), completed = open(sung);
  const auto to_thrown = part(thrown_away, 1, sung), to_completed = part(completed, 1, sung);
  ASSERT_EQ(send_part(to_thrown, sung).status, 200);
  ASSERT_EQ(send_part(to_completed, sung).status, 200);
  ok(place->presigner().complete(key, completed, ok(place->presigner().parts(key, completed))));
  ok(place->presigner().abort(key, thrown_away));
  ok(place->presigner().abort(key, thrown_away));
  for (const auto& late : {to_thrown, to_completed}) {
    const Answer answer = send_part(late, sung);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.code(), "NoSuchUpload");
  }
  EXPECT_EQ(place->presigner().parts(key, thrown_away).error().code, "no_such_multipart");
  EXPECT_EQ(place->presigner().parts(key, completed).error().code, "no_such_multipart");
  EXPECT_EQ(place->presigner().complete(key, thrown_away, {}).error().code, "no_such_multipart");
  EXPECT_EQ(object(), sung);
  ok(place->presigner().abort(key, completed));
  EXPECT_EQ(object(), sung);
}

TEST_P(PresignerContract, MultipartUploadsAreListedAPageAtATime) {
  std::vector<std::string> opened = {open(sung), open(sung), open(sung)}, seen;
  for (std::optional<OpenMultipart> after;;) {
    const auto page = ok(place->presigner().multiparts(after, 2));
    if (page.empty()) break;
    EXPECT_LE(page.size(), 2U);
    for (const auto& multipart : page) {
      EXPECT_EQ(multipart.key, key);
      EXPECT_LT(std::chrono::abs(multipart.opened - now), std::chrono::minutes(5));
      seen.push_back(multipart.id);
    }
    after = page.back();
  }
  std::ranges::sort(opened);
  std::ranges::sort(seen);
  EXPECT_EQ(seen, opened);
}

TEST_P(PresignerContract, AMultipartUploadIsOfOneKey) {
  const std::string multipart = open(sung);
  const std::string other = object_key(UploadId::make(now));
  EXPECT_EQ(place->presigner().parts(other, multipart).error().code, "no_such_multipart");
  const auto presigned = ok(
      place->presigner().part(place->base(), other, multipart, {1, hex_of(sung)}, sung.size(), now, expires));
  EXPECT_EQ(send_part(presigned, sung).status, 404);
  EXPECT_EQ(place->presigner().parts(key, "../../objects").error().code, "no_such_multipart");
}

TEST_P(PresignerContract, KeysThatAreNoneOfOursAreNotSigned) {
  for (const std::string bad : {"../x", "", "/x", "uploads/../../x"}) {
    EXPECT_EQ(place->presigner().form(place->base(), bad, declare(sung), now, expires).error().code,
              "bad_key");
    EXPECT_EQ(place->presigner().open_parts(bad, declare(sung)).error().code, "bad_key");
    EXPECT_EQ(
        place->presigner().part(place->base(), bad, "x", {1, hex_of(sung)}, 1, now, expires).error().code,
        "bad_key");
  }
}

TEST_P(PresignerContract, ADownloadGivesTheObjectWholeAndInRanges) {
  const std::string bytes = bytes_of(100'000, 'a');
  ASSERT_EQ(send_form(form(declare(bytes)).url, fields_of(form(declare(bytes))), bytes).status, 204);
  const std::string url = download({.content_type = "audio/webm"});
  const Answer whole = send("GET", url, {}, "");
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, bytes);
  EXPECT_EQ(whole.field("content-type"), "audio/webm");
  EXPECT_EQ(whole.field("content-disposition"), "");
  const Answer part = send("GET", url, {{"Range", "bytes=1000-1999"}}, "");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, bytes.substr(1000, 1000));
  EXPECT_EQ(part.field("content-range"), "bytes 1000-1999/100000");
  EXPECT_EQ(send("GET", url, {{"Range", "bytes=99999-"}}, "").body, bytes.substr(99'999));
  EXPECT_EQ(send("GET", url, {{"Range", "bytes=-3"}}, "").body, bytes.substr(99'997));
  EXPECT_EQ(send("GET", url, {{"Range", "bytes=100000-"}}, "").status, 416);
}

TEST_P(PresignerContract, ADownloadIsSavedUnderItsName) {
  ASSERT_EQ(send_form(form(declare(sung)).url, fields_of(form(declare(sung))), sung).status, 204);
  const Answer answer = send("GET", download({"audio/webm", "내 노래.webm"}), {}, "");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("content-disposition"),
            "attachment; filename*=utf-8''%eb%82%b4%20%eb%85%b8%eb%9e%98.webm");
}

TEST_P(PresignerContract, ADownloadIsForItsObjectAndItsTimeAlone) {
  ASSERT_EQ(send_form(form(declare(sung)).url, fields_of(form(declare(sung))), sung).status, 204);
  std::string altered = download({.content_type = "audio/webm"});
  altered.replace(altered.find("webm"), 4, "wave");
  EXPECT_GE(send("GET", altered, {}, "").status, 400);
  const std::string unsigned_url = download({.content_type = "audio/webm"});
  EXPECT_EQ(send("GET", unsigned_url.substr(0, unsigned_url.find('?')), {}, "").status, 403);
  EXPECT_GE(send("PUT", download({.content_type = "audio/webm"}), {}, "other").status, 400)
      << "it puts nothing";
  EXPECT_EQ(object(), sung);
  now -= std::chrono::hours(1);
  expires = now + std::chrono::minutes(15);
  EXPECT_EQ(send("GET", download({.content_type = "audio/webm"}), {}, "").status, 403);
  now = system_now();
  expires = now + std::chrono::minutes(15);
  ok(place->objects().remove(key));
  EXPECT_EQ(send("GET", download({.content_type = "audio/webm"}), {}, "").status, 404);
}

TEST_P(PresignerContract, NoDownloadIsSignedForWhatIsNoKey) {
  const auto made = place->presigner().download(place->base(), "../secret", {"audio/webm"}, now, expires);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "bad_key");
}

}  // namespace
}  // namespace orakgarak::uploads
