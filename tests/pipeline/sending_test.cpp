// From what a page is told to send, over the endpoint that takes it, to the job that looks at it.
#include "uploads/sending.h"

#include <algorithm>

#include "net/http.h"
#include "pipeline.h"
#include "storage/local_objects/endpoint.h"
#include "uploads/sha256.h"

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view base = "http://localhost:8081";

/// Longer than a part, and a recording by its first bytes.
std::string a_long_recording() {
  std::string bytes = a_recording();
  bytes.resize(part_bytes + 1000, 'x');
  return bytes;
}

class SendingAFile : public Pipeline {
 protected:
  int put_part(const PresignedPart& part, std::string_view bytes) {
    const auto target = part.url.substr(base.size());
    const auto question = target.find('?');
    net::RequestHead head{.method = net::Method::put,
                          .path = target.substr(0, question),
                          .query = target.substr(question + 1),
                          .fields = {},
                          .address = {},
                          .host = "localhost:8081",
                          .content_length = bytes.size()};
    for (const auto& [name, value] : part.headers) head.fields.add(name, value);
    return exchange(head, bytes);
  }
  int post_form(const PresignedForm& form, std::string_view bytes) {
    std::string body;
    for (const auto& [name, value] : form.fields)
      body += "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    body +=
        "--B\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" + std::string(bytes) + "\r\n--B--\r\n";
    return exchange({.method = net::Method::post,
                     .path = "/",
                     .query = {},
                     .fields = {{"Content-Type", "multipart/form-data; boundary=B"}},
                     .address = {},
                     .host = "localhost:8081",
                     .content_length = body.size()},
                    body);
  }
  /// The upload's first signing, as when it was made.
  SendParts parts_of(const Upload& upload, std::span<const PartWanted> wanted = {}) {
    return std::get<SendParts>(ok(sign(sending, now_in(upload), std::string(base), wanted, now)).how);
  }
  PartWanted wanted(const std::string& bytes, int number) {
    return {number, to_hex(sha256(part(bytes, number)))};
  }
  static std::string_view part(std::string_view bytes, int number) {
    return bytes.substr(static_cast<std::size_t>(number - 1) * part_bytes, part_length(bytes.size(), number));
  }
  void send_all(const Upload& upload, const std::string& bytes) {
    const std::array both{wanted(bytes, 1), wanted(bytes, 2)};
    for (const PresignedPart& presigned : parts_of(upload, both).parts)
      EXPECT_EQ(put_part(presigned, part(bytes, presigned.number)), 200);
  }

  Sending sending{*store, *objects, *presigner};
  net::Handler endpoint = ok(storage::local_objects_endpoint(
      folder, {.clock = [this] { return now; },
               .allowed_origin = {},
               .arrived = [this](const std::string& key) { ok(object_arrived(*store, key, now)); }}));

 private:
  int exchange(const net::RequestHead& head, std::string_view body) {
    const auto one = endpoint(head);
    if (const auto early = one->take({})) return early->status;
    for (std::size_t at = 0; at < body.size(); at += 65'536)
      if (const auto early = one->take(std::as_bytes(std::span(body.substr(at, 65'536)))))
        return early->status;
    return one->finish().status;
  }
};

TEST_F(SendingAFile, ASmallOneIsOneFormAndIsLookedAtOnceItIsThere) {
  const Upload take = announce(Kind::take, a_recording());
  const Send send = ok(sign(sending, take, std::string(base), {}, now));
  EXPECT_EQ(send.expires, now + 15min);
  EXPECT_EQ(finish_sending(sending, take, now).error().code, "not_arrived");
  EXPECT_EQ(post_form(std::get<PresignedForm>(send.how), a_recording()), 204);
  run_all();
  EXPECT_EQ(now_in(take).state, State::completed);
}

TEST_F(SendingAFile, ALargeOneGoesInPartsAndIsPutTogetherHere) {
  const std::string bytes = a_long_recording();
  const Upload take = announce(Kind::take, bytes);
  const SendParts first = parts_of(take);
  EXPECT_EQ(first.part_count, 2);
  EXPECT_TRUE(first.have.empty());
  EXPECT_TRUE(first.parts.empty());
  const auto signed_one = parts_of(take, std::array{wanted(bytes, 2)}).parts;
  ASSERT_EQ(signed_one.size(), 1U);
  EXPECT_EQ(put_part(signed_one[0], part(bytes, 2)), 200);
  const auto missing = finish_sending(sending, now_in(take), now);
  EXPECT_EQ(missing.error().code, "part_missing");
  EXPECT_EQ(missing.error().detail, "send these parts first: 1");
  EXPECT_EQ(parts_of(take).have.size(), 1U) << "a page that comes back sends the other one only";
  send_all(take, bytes);
  EXPECT_EQ(ok(finish_sending(sending, now_in(take), now)).state, State::pending);
  EXPECT_EQ(sign(sending, now_in(take), std::string(base), {}, now).error().code, "already_sent");
  ok(finish_sending(sending, now_in(take), now));
  run_all();
  EXPECT_EQ(now_in(take).state, State::completed);
  EXPECT_EQ(effects[Stage::convert], 1);
  EXPECT_EQ(ok(finish_sending(sending, now_in(take), now)).state, State::completed) << "said again, late";
}

TEST_F(SendingAFile, TheWholeFileAgainAfterItWasCheckedHarmsNothing) {
  const Upload take = announce(Kind::take, a_recording());
  const auto form = std::get<PresignedForm>(ok(sign(sending, take, std::string(base), {}, now)).how);
  EXPECT_EQ(post_form(form, a_recording()), 204);
  const std::array check{Stage::check};
  ok(run_one(worker(*store, *objects), check));
  EXPECT_EQ(post_form(form, a_recording()), 204);
  run_all();
  EXPECT_EQ(now_in(take).state, State::completed);
}

TEST_F(SendingAFile, IsSignedAgainAfterTheSignatureExpired) {
  const Upload take = announce(Kind::take, a_recording());
  const auto old = std::get<PresignedForm>(ok(sign(sending, take, std::string(base), {}, now)).how);
  now += 15min;
  EXPECT_EQ(post_form(old, a_recording()), 403);
  const auto fresh = std::get<PresignedForm>(ok(sign(sending, take, std::string(base), {}, now)).how);
  EXPECT_EQ(post_form(fresh, a_recording()), 204);
}

TEST_F(SendingAFile, NoSignatureOutlivesTheUpload) {
  const Upload take = announce(Kind::take, a_recording());
  now = take.expires - 1min;
  EXPECT_EQ(ok(sign(sending, take, std::string(base), {}, now)).expires, take.expires);
  now = take.expires;
  EXPECT_EQ(sign(sending, take, std::string(base), {}, now).error().code, "not_pending");
  ok(keep_up(*store, *objects, *presigner, now));
  EXPECT_EQ(sign(sending, now_in(take), std::string(base), {}, now).error().code, "not_pending");
  EXPECT_EQ(finish_sending(sending, now_in(take), now).error().code, "not_pending");
}

TEST_F(SendingAFile, SignsOnlyPartsThatThereAre) {
  const std::string bytes = a_long_recording();
  const Upload large = announce(Kind::take, bytes), small = announce(Kind::take, a_recording());
  const auto code = [&](const Upload& upload, std::vector<PartWanted> parts) {
    const auto signed_parts = sign(sending, upload, std::string(base), parts, now);
    return signed_parts ? "" : signed_parts.error().code;
  };
  const std::string sha(64, 'a');
  EXPECT_EQ(code(large, {{0, sha}}), "bad_part");
  EXPECT_EQ(code(large, {{3, sha}}), "bad_part");
  EXPECT_EQ(code(large, {{1, sha}, {1, sha}}), "bad_part");
  EXPECT_EQ(code(large, {{1, "aa"}}), "bad_part");
  EXPECT_EQ(code(large, {{1, std::string(64, 'A')}}), "bad_part");
  EXPECT_EQ(code(small, {{1, sha}}), "bad_part");
  EXPECT_EQ(code(large, {{1, sha}, {2, sha}}), "");
}

TEST_F(SendingAFile, TwoThatAskAtOnceSendToTheSameMultipartUpload) {
  const Upload take = announce(Kind::take, a_long_recording());
  const auto first = parts_of(take, std::array{wanted(a_long_recording(), 1)}).parts[0];
  // The second saw the row before the first had opened anything.
  const auto second =
      std::get<SendParts>(
          ok(sign(sending, take, std::string(base), std::array{wanted(a_long_recording(), 1)}, now)).how)
          .parts[0];
  EXPECT_EQ(first.url, second.url);
  EXPECT_EQ(ok(presigner->multiparts({}, 10)).size(), 1U);
}

TEST_F(SendingAFile, PartsOfWhatExpiresOrIsErasedAreThrownAway) {
  now = system_now();  // multipart uploads carry the time of the machine
  const std::string bytes = a_long_recording();
  const Upload expires = announce(Kind::take, bytes), erased = announce(Kind::take, bytes),
               lost = announce(Kind::take, bytes), waits = announce(Kind::take, bytes);
  for (const Upload& upload : {expires, erased, lost, waits}) static_cast<void>(parts_of(upload));
  ok(abort_sending(*presigner, now_in(erased)));
  ok(store->erase(erased.id, now));
  ok(store->erase(lost.id, now));  // and the process died before it could throw them away
  ok(store->move({expires.id, expires.version, State::pending, State::expired, now, "expired"}));
  EXPECT_EQ(ok(presigner->multiparts({}, 10)).size(), 3U);
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now)).aborted, 1)
      << "a row of the other may be about to come";
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now + 2h)).aborted, 1);
  const auto left = ok(presigner->multiparts({}, 10));
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].key, waits.object_key);
}

}  // namespace
}  // namespace orakgarak::uploads
