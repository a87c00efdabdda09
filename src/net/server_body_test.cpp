// Bodies: how they come, when they are refused, and what a client sees that is still sending.
#include <gmock/gmock.h>

#include "net/testing/raw_client.h"
#include "net/testing/serving.h"

namespace orakgarak::net {
namespace {

using testing::always_answering;
using testing::echo;
using ::testing::EndsWith;
using testing::Gate;
using ::testing::HasSubstr;
using testing::RawClient;
using testing::serve;
using ::testing::StartsWith;
using namespace std::chrono_literals;

const std::string post = "POST /p HTTP/1.1\r\nHost: x\r\n";

/// Counts what comes and how, and answers with it.
struct Counting : Exchange {
  std::size_t calls = 0, total = 0, largest = 0;
  Gate* taken = nullptr;
  Gate* go_on = nullptr;
  Gate* destroyed = nullptr;

  ~Counting() override {
    if (destroyed) destroyed->open();
  }
  std::optional<Response> take(std::span<const std::byte> bytes) override {
    ++calls;
    total += bytes.size();
    largest = std::max(largest, bytes.size());
    if (calls == 1 && !bytes.empty()) return Response{500, {}, "the first call brings nothing"};
    if (taken && !bytes.empty()) taken->open();
    if (go_on && !bytes.empty()) go_on->wait();
    return std::nullopt;
  }
  Response finish() override {
    return {200, {}, std::to_string(total) + " " + (largest <= 65536 ? "fits" : "too large")};
  }
};

TEST(ServerBody, IsGatheredHoweverItIsCut) {
  const auto server = serve(echo);
  RawClient client(server->port());
  client.send(post + "Content-Length: 5\r\n\r\nab");
  EXPECT_THAT(client.request("cde"), EndsWith("POST /p?\nabcde"));
  const std::string chunked =
      post + "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n";
  for (const char byte : chunked) ASSERT_TRUE(client.send({&byte, 1}));
  EXPECT_THAT(client.response(), EndsWith("POST /p?\nabc0123456789"));
}

TEST(ServerBody, ComesInPiecesOfAtMost64KiB) {
  const auto server = serve([](const RequestHead&) { return std::make_unique<Counting>(); });
  RawClient client(server->port());
  client.send(post + "Content-Length: 3000000\r\n\r\n");
  client.send(std::string(3'000'000, 'x'));
  EXPECT_THAT(client.response(), EndsWith("\r\n\r\n3000000 fits"));
  client.send(post + "Transfer-Encoding: chunked\r\n\r\n2DC6C0\r\n");
  client.send(std::string(3'000'000, 'x'));
  EXPECT_THAT(client.request("\r\n0\r\n\r\n"), EndsWith("\r\n\r\n3000000 fits"));
}

TEST(ServerBody, IsNotReadAheadOfTheExchange) {
  Gate taken, go_on;
  const auto server = serve([&](const RequestHead&) {
    auto exchange = std::make_unique<Counting>();
    exchange->taken = &taken;
    exchange->go_on = &go_on;
    return exchange;
  });
  RawClient client(server->port());
  const timeval patience{0, 200'000};
  ::setsockopt(client.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  client.send(post + "Content-Length: 100000000\r\n\r\n");
  EXPECT_FALSE(client.send(std::string(100'000'000, 'x')))
      << "the buffers of the system fill up, none of ours";
  EXPECT_TRUE(taken.wait());
  EXPECT_EQ(taken.opened(), 1);
  go_on.open();
}

TEST(ServerBody, IsAskedForWhereTheClientWaitsToBeAsked) {
  const auto server = serve(echo);
  RawClient client(server->port());
  client.send(post + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(client.request("abc"), EndsWith("POST /p?\nabc"));
  EXPECT_THAT(client.request(post + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"),
              StartsWith("HTTP/1.1 200"))
      << "it did not wait";
}

TEST(ServerBody, IsNotAskedForWhereTheAnswerIsNo) {
  const auto server = serve(echo);
  RawClient client(server->port());
  client.send(post + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 413 "));
  EXPECT_TRUE(client.ended());
}

TEST(ServerBody, IsRefusedAtTheByteWhereTheLimitIsPassed) {
  const auto server = serve(echo);
  RawClient fits(server->port());
  fits.send(post + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n");
  EXPECT_THAT(fits.response(), StartsWith("HTTP/1.1 200 "));
  RawClient exceeds(server->port());
  exceeds.send(post + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x'));
  EXPECT_THAT(exceeds.rest(), StartsWith("HTTP/1.1 413 "));
}

TEST(ServerBody, ThatIsRefusedDoesNotResetAClientThatIsStillSending) {
  const auto server = serve(always_answering({401, {}, "who are you?"}));
  RawClient client(server->port());
  client.send(post + "Content-Length: 20000000\r\n\r\n");
  EXPECT_TRUE(client.send(std::string(20'000'000, 'x')));
  client.end_sending();
  const auto response = client.rest();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(response, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(response, EndsWith("who are you?"));
  EXPECT_TRUE(client.ended());
  EXPECT_FALSE(client.was_reset());
}

TEST(ServerBody, IsNotDroppedForEver) {
  ServerOptions options;
  options.linger_timeout = 200ms;
  const auto server = serve(always_answering({401, {}, ""}), options);
  RawClient client(server->port());
  client.send(post + "Content-Length: 20000000\r\n\r\n");
  EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 401 "));
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (client.send("x") && std::chrono::steady_clock::now() < until) {
  }
  EXPECT_LT(std::chrono::steady_clock::now(), until);
}

TEST(ServerBody, ThatBreaksOffIsNeverFinished) {
  Gate destroyed;
  bool finished = false;
  struct Watching : Counting {
    bool* finished = nullptr;
    Response finish() override {
      *finished = true;
      return {};
    }
  };
  const auto server = serve([&](const RequestHead&) {
    auto exchange = std::make_unique<Watching>();
    exchange->finished = &finished;
    exchange->destroyed = &destroyed;
    return exchange;
  });
  RawClient client(server->port());
  client.send(post + "Content-Length: 10\r\n\r\nabc");
  client.close();
  EXPECT_TRUE(destroyed.wait());
  EXPECT_FALSE(finished);
}

TEST(ServerBody, ThatComesTooSlowlyIsRefused) {
  ServerOptions options;
  options.body_timeout = 100ms;
  const auto server = serve(echo, options);
  RawClient client(server->port());
  client.send(post + "Content-Length: 10\r\n\r\nabc");
  EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 408 "));
}

TEST(ServerBody, IsRefusedWhereItsChunksAreBroken) {
  ServerOptions options;
  options.head_bytes = 1024;
  const auto server = serve(echo, options);
  const auto answer_to = [&](const std::string& raw) {
    RawClient client(server->port());
    client.send(post + "Transfer-Encoding: chunked\r\n\r\n" + raw);
    return client.rest();
  };
  EXPECT_THAT(answer_to("x\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer_to("1;" + std::string(2000, 'x')), StartsWith("HTTP/1.1 400 "))
      << "an endless extension";
  EXPECT_THAT(answer_to("0\r\n" + std::string(2000, 'x')), StartsWith("HTTP/1.1 400 "))
      << "an endless trailer";
}

TEST(ServerBody, NeverBecomesARequest) {
  const auto server = serve(echo);
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const std::string& lengths :
       {std::string("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        std::string("Content-Length: 5\r\nContent-Length: 6\r\n"),
        std::string("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"),
        std::string("Transfer-Encoding: x\r\n"),
        std::string("Transfer-Encoding:\x0b"
                    "chunked\r\n"),
        std::string("Transfer-Encoding : chunked\r\n"),
        std::string("X: y\r\n Transfer-Encoding: chunked\r\n"), std::string("Content-Length: 0x5\r\n"),
        std::string("Content-Length: 5, 5\r\n")}) {
    RawClient client(server->port());
    client.send(post + lengths + "\r\n0\r\n\r\n" + smuggled);
    const auto all = client.rest();
    EXPECT_THAT(all, ::testing::AnyOf(StartsWith("HTTP/1.1 400 "), StartsWith("HTTP/1.1 501 "))) << lengths;
    EXPECT_EQ(all.find("smuggled"), std::string::npos) << lengths;
    EXPECT_EQ(all.find("HTTP/1.1", 1), std::string::npos) << "one answer: " << lengths;
  }
}

}  // namespace
}  // namespace orakgarak::net
