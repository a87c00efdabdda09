// Streams that stay open, and every way in which they end.
#include <gmock/gmock.h>

#include <thread>

#include "net/testing/raw_client.h"
#include "net/testing/serving.h"

namespace orakgarak::net {
namespace {

using ::testing::EndsWith;
using testing::Gate;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawClient;
using testing::serve;
using ::testing::StartsWith;
using namespace std::chrono_literals;

const std::string get = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";

/// A handler whose streams a test holds in its hand.
struct Streams {
  std::mutex mutex;
  std::vector<std::shared_ptr<StreamSink>> sinks;
  Gate opened, closed;
  std::size_t most_queued = 256U << 10;
  std::string greeting;
  Gate* hold_opened = nullptr;

  Handler handler() {
    return [this](const RequestHead&) {
      StreamBody body;
      body.opened = [this](std::shared_ptr<StreamSink> sink) {
        if (!greeting.empty()) sink->write(greeting);
        {
          const std::lock_guard lock(mutex);
          sinks.push_back(std::move(sink));
        }
        opened.open();
        if (hold_opened) hold_opened->wait();
      };
      body.closed = [this] { closed.open(); };
      body.most_queued = most_queued;
      return answer({200, {{"Content-Type", "text/event-stream"}}, std::move(body)});
    };
  }
  std::shared_ptr<StreamSink> sink(std::size_t number = 0) {
    EXPECT_TRUE(opened.wait(static_cast<int>(number) + 1));
    const std::lock_guard lock(mutex);
    return sinks.at(number);
  }
};

TEST(ServerStream, SendsWhatIsWrittenWhenItIsWritten) {
  Streams streams;
  streams.greeting = "hello\n";
  const auto server = serve(streams.handler());
  RawClient client(server->port());
  const auto head = client.request(get);
  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(client.until("hello\n\r\n"), "6\r\nhello\n\r\n");
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(streams.sink()->write("event"));
    EXPECT_EQ(client.until("event\r\n"), "5\r\nevent\r\n");
  }
  EXPECT_EQ(streams.closed.opened(), 0);
}

TEST(ServerStream, EndsAfterWhatWasWritten) {
  Streams streams;
  const auto server = serve(streams.handler());
  RawClient client(server->port());
  client.request(get);
  EXPECT_TRUE(streams.sink()->write("last"));
  streams.sink()->close();
  EXPECT_FALSE(streams.sink()->write("too late"));
  EXPECT_EQ(client.rest(), "4\r\nlast\r\n0\r\n\r\n");
  EXPECT_TRUE(client.ended());
  EXPECT_TRUE(streams.closed.wait());
  client.close();
  server->stop(1s);
  EXPECT_EQ(streams.closed.opened(), 1);
}

TEST(ServerStream, IsNotChunkedForAnOldClient) {
  Streams streams;
  streams.greeting = "hello";
  const auto server = serve(streams.handler());
  RawClient client(server->port());
  client.send("GET /events HTTP/1.0\r\nHost: x\r\n\r\n");
  streams.sink()->close();
  EXPECT_THAT(client.rest(), EndsWith("\r\n\r\nhello"));
}

TEST(ServerStream, LearnsThatItsClientHasGone) {
  Streams streams;
  const auto server = serve(streams.handler());
  {
    RawClient client(server->port());
    client.request(get);
    streams.opened.wait();
  }
  EXPECT_TRUE(streams.closed.wait());
  EXPECT_FALSE(streams.sink()->write("anybody?"));
  streams.sink()->close();
  server->stop(1s);
  EXPECT_EQ(streams.closed.opened(), 1);
}

TEST(ServerStream, LetsAClientGoThatReadsTooSlowly) {
  Streams streams;
  streams.most_queued = 100'000;
  const auto server = serve(streams.handler());
  RawClient client(server->port(), 4096);
  client.request(get);
  int written = 0;
  while (written < 10'000 && streams.sink()->write(std::string(10'000, 'x'))) ++written;
  EXPECT_LT(written, 10'000);
  EXPECT_TRUE(streams.closed.wait());
  EXPECT_LE(client.rest().size(), 10'000U * 10'100U);
}

TEST(ServerStream, LetsAClientGoWhileWhatItDoesNotReadIsOnItsWay) {
  Streams streams;
  streams.most_queued = 50'000'000;
  const auto server = serve(streams.handler());
  RawClient client(server->port(), 4096);
  client.request(get);
  EXPECT_TRUE(streams.sink()->write(std::string(40'000'000, 'x')));
  ::poll(nullptr, 0, 100);  // most of it is stuck in the connection by now; either way it must be let go
  EXPECT_FALSE(streams.sink()->write(std::string(20'000'000, 'x')));
  EXPECT_TRUE(streams.closed.wait());
}

TEST(ServerStream, LetsAClientGoThatReadsNothing) {
  Streams streams;
  streams.most_queued = 50'000'000;
  ServerOptions options;
  options.write_timeout = 100ms;
  const auto server = serve(streams.handler(), options);
  RawClient client(server->port(), 4096);
  client.request(get);
  EXPECT_TRUE(streams.sink()->write(std::string(20'000'000, 'x')));
  EXPECT_TRUE(streams.closed.wait());
}

TEST(ServerStream, StaysOpenWhereNothingHappens) {
  Streams streams;
  ServerOptions options;
  options.write_timeout = options.idle_timeout = options.body_timeout = options.head_timeout = 50ms;
  const auto server = serve(streams.handler(), options);
  RawClient client(server->port());
  client.request(get);
  streams.sink();
  ::poll(nullptr, 0, 300);
  EXPECT_TRUE(streams.sink()->write("event"));
  EXPECT_EQ(client.until("event\r\n"), "5\r\nevent\r\n");
}

TEST(ServerStream, IsTornDownOnceForHead) {
  Streams streams;
  const auto server = serve(streams.handler());
  RawClient client(server->port());
  EXPECT_THAT(client.request("HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
  EXPECT_TRUE(streams.closed.wait());
  EXPECT_EQ(streams.opened.opened(), 0);
}

TEST(ServerStream, IsNotClosedBeforeItHasOpened) {
  Streams streams;
  Gate hold;
  streams.hold_opened = &hold;
  const auto server = serve(streams.handler());
  {
    RawClient client(server->port());
    client.request(get);
    streams.sink();
  }
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (streams.sink()->write("x") && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_EQ(streams.closed.opened(), 0);
  hold.open();
  EXPECT_TRUE(streams.closed.wait());
}

TEST(ServerStream, IsClosedWhereOpeningItFails) {
  Gate closed, threw;
  ServerOptions options;
  options.threw = [&](const RequestHead&, const Error& error) {
    EXPECT_EQ(error.thrown->message, "no");
    threw.open();
  };
  const auto server = serve(
      [&](const RequestHead&) {
        StreamBody body;
        body.opened = [](const std::shared_ptr<StreamSink>&) { throw std::runtime_error("no"); };
        body.closed = [&] { closed.open(); };
        return answer({200, {}, std::move(body)});
      },
      options);
  RawClient client(server->port());
  client.request(get);
  EXPECT_EQ(client.rest(), "0\r\n\r\n");
  EXPECT_TRUE(threw.wait());
  EXPECT_TRUE(closed.wait());
}

TEST(ServerStream, BearsManyWritersAndAClientThatGoesMeanwhile) {
  Streams streams;
  const auto server = serve(streams.handler());
  for (int round = 0; round < 20; ++round) {
    RawClient client(server->port());
    client.request(get);
    const auto sink = streams.sink(static_cast<std::size_t>(round));
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i) {
      writers.emplace_back([&sink] {
        for (int n = 0; n < 50; ++n) sink->write("event");
      });
    }
    client.bytes(static_cast<std::size_t>(round) * 20);
    client.close();
    for (auto& writer : writers) writer.join();
  }
  EXPECT_TRUE(streams.closed.wait(20));
  server->stop(1s);
  EXPECT_EQ(streams.closed.opened(), 20);
}

}  // namespace
}  // namespace orakgarak::net
