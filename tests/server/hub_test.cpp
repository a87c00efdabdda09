// Streams of transitions: to whom, in which order, until when.
#include <gmock/gmock.h>

#include "fixture.h"
#include "http/events.h"

namespace orakgarak::server {
namespace {

using std::chrono::seconds;

/// A client that keeps what it was sent.
struct FakeSink final : net::StreamSink {
  explicit FakeSink(std::function<void()> closed) : on_closed(std::move(closed)) {}
  bool write(std::string bytes) override {
    if (full) {
      close();
      return false;
    }
    text += bytes;
    return true;
  }
  void close() override {
    if (!std::exchange(closed, true)) on_closed();
  }
  std::string text;
  bool full = false, closed = false;
  std::function<void()> on_closed;
};

class Events : public ServerTest {
 protected:
  std::shared_ptr<FakeSink> connect(const uploads::OwnerId& owner, std::int64_t after = 0,
                                    const std::string& session = "s", std::optional<Time> expires = {}) {
    auto stream = hub.open(owner, session, expires.value_or(now_ + std::chrono::hours(1)), after);
    if (!stream) return nullptr;
    auto sink = std::make_shared<FakeSink>(stream->closed);
    stream->opened(sink);
    return sink;
  }
  /// The ids that a client got, in order.
  static std::vector<int> ids(const FakeSink& sink) {
    std::vector<int> found;
    for (std::size_t at = 0; (at = sink.text.find("id: ", at)) != std::string::npos; ++at)
      found.push_back(std::stoi(sink.text.substr(at + 4)));
    return found;
  }

  http::EventHub hub{*uploads_, {.most_per_person = 2, .at_once = 3}};
  void add_upload(const uploads::OwnerId& owner) {
    const auto id = uploads::UploadId::make(now_);
    ASSERT_TRUE(uploads_->insert({.id = id,
                                  .owner = owner,
                                  .declared = {"audio/webm", 10, std::string(64, 'a'), ""},
                                  .object_key = uploads::object_key(id),
                                  .now = now_,
                                  .expires = now_ + std::chrono::hours(1),
                                  .traceparent = ""}));
  }
  const uploads::OwnerId singer = uploads::OwnerId::make(now_);
};

TEST_F(Events, EveryTransitionComesOnceAndInOrder) {
  for (int i = 0; i < 7; ++i) add_upload(singer);
  const auto sink = connect(singer);
  hub.step(now_);
  EXPECT_THAT(ids(*sink), testing::ElementsAre(1, 2, 3, 4, 5, 6, 7)) << "more than one read has";
  add_upload(singer);
  hub.wake(singer);
  hub.wake(singer);
  hub.step(now_);
  hub.step(now_);
  EXPECT_THAT(ids(*sink), testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
}

TEST_F(Events, GoesOnAfterTheLastOneSeen) {
  for (int i = 0; i < 4; ++i) add_upload(singer);
  const auto late = connect(singer, 3), early = connect(singer, 1);
  hub.step(now_);
  EXPECT_THAT(ids(*late), testing::ElementsAre(4));
  EXPECT_THAT(ids(*early), testing::ElementsAre(2, 3, 4));
}

TEST_F(Events, NobodyGetsAnothersTransitions) {
  const auto other = uploads::OwnerId::make(now_);
  const auto sink = connect(other);
  add_upload(singer);
  hub.wake(singer);
  hub.step(now_);
  EXPECT_TRUE(ids(*sink).empty());
}

TEST_F(Events, WhereWakeUpsMayBeLostEverybodyIsReadFor) {
  const auto other = uploads::OwnerId::make(now_);
  const auto sink = connect(singer), others = connect(other);
  hub.step(now_);
  add_upload(singer);
  hub.step(now_);
  EXPECT_TRUE(ids(*sink).empty()) << "nobody said so";
  hub.wake_all();
  hub.step(now_);
  EXPECT_THAT(ids(*sink), testing::ElementsAre(1));
  EXPECT_TRUE(ids(*others).empty());
}

TEST_F(Events, APersonHasSoManyStreamsAndNoMore) {
  const auto first = connect(singer), second = connect(singer);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(hub.open(singer, "s", now_, 0).error().code, "too_many_streams");
  first->close();
  EXPECT_EQ(hub.clients(), 1U);
  EXPECT_TRUE(connect(singer));
}

TEST_F(Events, BeatsOnlyWhereNothingElseIsSaid) {
  const auto sink = connect(singer);
  hub.step(now_);
  const auto said = sink->text.size();
  hub.step(now_ + seconds(14));
  EXPECT_EQ(sink->text.size(), said);
  hub.step(now_ + seconds(15));
  EXPECT_TRUE(sink->text.ends_with("\n:\n\n")) << sink->text;
  add_upload(singer);
  hub.wake(singer);
  hub.step(now_ + seconds(29));
  const auto then = sink->text.size();
  hub.step(now_ + seconds(31));
  EXPECT_EQ(sink->text.size(), then) << "an event 2 s ago says as much as a beat";
}

TEST_F(Events, EndsWithTheSession) {
  const auto sink = connect(singer, 0, "s", now_ + seconds(60));
  hub.step(now_ + seconds(59));
  EXPECT_FALSE(sink->closed);
  hub.step(now_ + seconds(60));
  EXPECT_TRUE(sink->closed);
  EXPECT_EQ(hub.clients(), 0U);
}

TEST_F(Events, SignOutEndsTheStreamsOfThatSessionAlone) {
  const auto here = connect(singer, 0, "here"), there = connect(singer, 0, "there");
  hub.close_session("here");
  EXPECT_TRUE(here->closed);
  EXPECT_FALSE(there->closed);
  hub.close_person(singer);
  EXPECT_TRUE(there->closed);
}

TEST_F(Events, AStreamThatOpensAfterSignOutIsClosed) {
  auto stream = hub.open(singer, "s", now_ + seconds(60), 0);
  ASSERT_TRUE(stream);
  hub.close_session("s");
  const auto sink = std::make_shared<FakeSink>(stream->closed);
  stream->opened(sink);
  EXPECT_TRUE(sink->closed);
  EXPECT_EQ(hub.clients(), 0U);
}

TEST_F(Events, AClientThatDoesNotReadIsLetGoAndComesBackWhereItWas) {
  const auto slow = connect(singer), quick = connect(singer);
  hub.step(now_);
  slow->full = true;
  add_upload(singer);
  hub.wake(singer);
  hub.step(now_);
  EXPECT_TRUE(slow->closed);
  EXPECT_THAT(ids(*quick), testing::ElementsAre(1));
  const auto again = connect(singer, 0);
  hub.step(now_);
  EXPECT_THAT(ids(*again), testing::ElementsAre(1));
}

TEST_F(Events, TheRouteGoesOnAfterTheFieldThenTheParameterThenFromNow) {
  const auto cookie = consent();
  declare(cookie);
  declare(cookie);
  const auto begins = [&](const std::string& query, net::Fields fields) {
    auto reply = send({.target = "/v1/events" + query, .cookie = cookie, .fields = std::move(fields)});
    EXPECT_EQ(reply.field("Content-Type"), "text/event-stream");
    const auto sink = std::make_shared<FakeSink>(reply.stream->closed);
    reply.stream->opened(sink);
    hub_->step(now_);
    sink->close();
    return ids(*sink);
  };
  EXPECT_THAT(begins("", {}), testing::ElementsAre());
  EXPECT_THAT(begins("?after=0", {}), testing::ElementsAre(1, 2));
  EXPECT_THAT(begins("?after=0", {{"Last-Event-ID", "1"}}), testing::ElementsAre(2));
  EXPECT_EQ(get("/v1/events?after=-1", cookie).code(), "bad_query");
  EXPECT_EQ(send({.target = "/v1/events", .cookie = cookie, .fields = {{"Last-Event-ID", "x"}}}).code(),
            "bad_request");
  EXPECT_EQ(get("/v1/events").code(), "no_session");
}

TEST_F(Events, TheFifthStreamOfAPersonIsRefused) {
  const auto cookie = consent();
  std::vector<Reply> open;
  for (int i = 0; i < 4; ++i) open.push_back(get("/v1/events", cookie));
  const auto reply = get("/v1/events", cookie);
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.code(), "too_many_streams");
  EXPECT_FALSE(reply.field("Retry-After").empty());
  EXPECT_EQ(get("/v1/events", consent()).status, 200);
}

TEST_F(Events, SigningOutAndDeletingEverythingEndStreams) {
  for (const auto* target : {"/v1/session", "/v1/me"}) {
    const auto cookie = consent();
    auto reply = get("/v1/events", cookie);
    const auto sink = std::make_shared<FakeSink>(reply.stream->closed);
    reply.stream->opened(sink);
    EXPECT_EQ(send_as("DELETE", target, cookie).status, 204);
    EXPECT_TRUE(sink->closed) << target;
  }
}

TEST_F(Events, CanBePolledInstead) {
  const auto cookie = consent();
  const auto id = declare(cookie);
  complete(id);
  const auto all = get("/v1/transitions?after=0", cookie).json()["items"];
  ASSERT_EQ(all.size(), 8U);
  EXPECT_EQ(all[0]["sequence"], 1);
  EXPECT_EQ(all[0]["upload"], id);
  EXPECT_EQ(get("/v1/transitions?after=6&limit=1", cookie).json()["items"][0]["sequence"], 7);
  EXPECT_EQ(get("/v1/transitions", cookie).code(), "bad_query");
}

TEST_F(Events, AnEventIsOneLineOfJson) {
  EXPECT_TRUE(http::event_text({7,
                                uploads::UploadId::make(now_),
                                {2, uploads::State::pending, uploads::State::uploaded, 1, "check", now_}})
                  .starts_with("id: 7\nevent: transition\ndata: {\"sequence\":7,"));
}

}  // namespace
}  // namespace orakgarak::server
