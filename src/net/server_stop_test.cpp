// How a server stops: what it waits for, what it cuts, and that nothing is left.
#include <gmock/gmock.h>

#include <filesystem>
#include <thread>

#include "net/testing/raw_client.h"
#include "net/testing/serving.h"

namespace orakgarak::net {
namespace {

using testing::echo;
using ::testing::EndsWith;
using testing::Gate;
using ::testing::HasSubstr;
using testing::RawClient;
using testing::serve;
using ::testing::StartsWith;
using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

std::ptrdiff_t entries(const char* folder) {
  return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

TEST(ServerStop, ClosesIdleConnectionsAtOnceAndTakesNoNewOne) {
  const auto server = serve(echo);
  RawClient client(server->port()), silent(server->port()), half(server->port());
  client.request(get);
  half.send("GET / HT");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(server->stop(10s));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_EQ(client.rest() + silent.rest() + half.rest(), "");
  EXPECT_TRUE(client.ended());
  EXPECT_FALSE(RawClient(server->port()).connected());
  EXPECT_TRUE(server->stop(10s)) << "a second time does nothing";
}

TEST(ServerStop, WaitsForTheAnswerToWhatRuns) {
  Gate entered, go;
  const auto server = serve([&](const RequestHead& head) {
    entered.open();
    go.wait();
    return echo(head);
  });
  RawClient client(server->port());
  client.send(get);
  ASSERT_TRUE(entered.wait());
  bool all_answered = false;
  std::thread stopping([&] { all_answered = server->stop(10s); });
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (RawClient(server->port()).connected() && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
  go.open();
  const auto response = client.rest();
  EXPECT_THAT(response, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(response, EndsWith("GET /?\n"));
  stopping.join();
  EXPECT_TRUE(all_answered);
}

TEST(ServerStop, LetsABodyComeThatHasBegun) {
  const auto server = serve(echo);
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  client.until("\r\n\r\n");
  bool all_answered = false;
  std::thread stopping([&] { all_answered = server->stop(10s); });
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (RawClient(server->port()).connected() && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
  client.send("abc");
  EXPECT_THAT(client.rest(), EndsWith("POST /?\nabc"));
  stopping.join();
  EXPECT_TRUE(all_answered);
}

TEST(ServerStop, CutsAtTheDeadlineWhatHasNotComeToItsEnd) {
  const auto server = serve(echo);
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  client.until("\r\n\r\n");
  EXPECT_FALSE(server->stop(100ms));
  EXPECT_EQ(client.rest(), "");
  EXPECT_FALSE(server->stop(10s)) << "what it gave the first time";
}

TEST(ServerStop, WaitsForACallThatRunsAndBeginsNoOther) {
  Gate entered, go;
  std::atomic<int> entered_in_vain = 0;
  ServerOptions options;
  options.handler_threads = 1;
  const auto server = serve(
      [&](const RequestHead& head) {
        if (head.path == "/second") ++entered_in_vain;
        entered.open();
        go.wait();
        return echo(head);
      },
      options);
  RawClient first(server->port()), second(server->port());
  first.send(get);
  ASSERT_TRUE(entered.wait());
  second.send("GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
  std::atomic<bool> stopped = false;
  std::thread stopping([&] {
    EXPECT_FALSE(server->stop(200ms));
    stopped = true;
  });
  EXPECT_EQ(first.rest(), "") << "it is cut though its call still runs";
  EXPECT_EQ(second.rest(), "");
  EXPECT_FALSE(stopped);
  go.open();
  stopping.join();
  EXPECT_EQ(entered_in_vain, 0);
}

TEST(ServerStop, EndsStreams) {
  Gate opened, closed;
  const auto server = serve([&](const RequestHead&) {
    StreamBody body;
    body.opened = [&](const std::shared_ptr<StreamSink>& sink) {
      sink->write("event");
      opened.open();
    };
    body.closed = [&] { closed.open(); };
    return answer({200, {}, std::move(body)});
  });
  RawClient client(server->port()), deaf(server->port());
  client.request(get);
  deaf.request(get);
  ASSERT_TRUE(opened.wait(2));
  EXPECT_TRUE(server->stop(10s));
  EXPECT_EQ(closed.opened(), 2) << "stop() returns after the last closed()";
  EXPECT_EQ(client.rest(), "5\r\nevent\r\n0\r\n\r\n");
}

TEST(ServerStop, LeavesNoThreadAndNoDescriptor) {
  const auto run = [] {
    ServerOptions options;
    options.io_threads = 3;
    const auto server = serve(echo, options);
    RawClient one(server->port()), two(server->port()), three(server->port()), four(server->port());
    for (RawClient* client : {&one, &two, &three})
      EXPECT_THAT(client->request(get), StartsWith("HTTP/1.1 200 "));
    four.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na");
  };
  run();  // what the sanitizers start by themselves is there from now on
  const auto threads = entries("/proc/self/task"), descriptors = entries("/proc/self/fd");
  run();
  EXPECT_EQ(entries("/proc/self/task"), threads);
  EXPECT_EQ(entries("/proc/self/fd"), descriptors);
}

TEST(ServerStop, MayBeCalledFromSeveralThreads) {
  const auto server = serve(echo);
  RawClient client(server->port());
  client.request(get);
  std::vector<std::thread> stopping;
  for (int i = 0; i < 4; ++i) stopping.emplace_back([&] { EXPECT_TRUE(server->stop(10s)); });
  for (auto& thread : stopping) thread.join();
}

}  // namespace
}  // namespace orakgarak::net
