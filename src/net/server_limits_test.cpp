// The far side of each limit that a client can reach by its head, its slowness or its number.
#include <dlfcn.h>
#include <gmock/gmock.h>

#include <atomic>
#include <cerrno>

#include "net/testing/raw_client.h"
#include "net/testing/serving.h"

namespace {

std::atomic<bool> accepts_fail = false;
std::atomic<int> accepts_that_failed = 0;

}  // namespace

/// The system's, in whose place it stands in this program: real descriptors cannot be used up here, because
/// the sanitizers need some.
extern "C" int accept(int fd, sockaddr* peer, socklen_t* size) {
  if (accepts_fail) {
    ++accepts_that_failed;
    errno = EMFILE;
    return -1;
  }
  static const auto real = reinterpret_cast<decltype(&accept)>(::dlsym(RTLD_NEXT, "accept"));
  return real(fd, peer, size);
}

namespace orakgarak::net {
namespace {

using testing::always_answering;
using testing::echo;
using ::testing::EndsWith;
using testing::RawClient;
using testing::serve;
using ::testing::StartsWith;
using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

ServerOptions refusing_with_codes() {
  ServerOptions options;
  options.refuse = [](const RequestHead& head, int status, const std::string& code,
                      const std::string& detail) {
    EXPECT_EQ(head.trace.id().size(), 32U);
    EXPECT_EQ(detail.back(), '.');
    return Response{status, {}, code};
  };
  return options;
}

std::string answer_to(const Server& server, std::string_view bytes) {
  RawClient client(server.port());
  client.send(bytes);
  const auto all = client.rest();
  EXPECT_TRUE(client.ended()) << bytes;
  return all;
}

TEST(ServerLimits, AHeadIsAsLongAsItMayBeAndNotOneByteMore) {
  auto options = refusing_with_codes();
  options.head_bytes = 2000;
  const auto server = serve(echo, options);
  const auto head = [](std::size_t size) {
    const std::string begin = "GET / HTTP/1.1\r\nHost: x\r\nA: ";
    return begin + std::string(size - begin.size() - 4, 'a') + "\r\n\r\n";
  };
  EXPECT_THAT(RawClient(server->port()).request(head(2000)), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer_to(*server, head(2001)), EndsWith("head_too_large"));
  EXPECT_THAT(answer_to(*server, "GET /" + std::string(100'000, 'a')), EndsWith("head_too_large"));
}

TEST(ServerLimits, AHeadThatIsNoneIsAnsweredAndTheConnectionClosed) {
  const auto server = serve(echo, refusing_with_codes());
  EXPECT_THAT(answer_to(*server, "GET / HTTP/1.1\r\n\r\n"), EndsWith("bad_host"));
  EXPECT_THAT(answer_to(*server, "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"), EndsWith("bad_host"));
  EXPECT_THAT(answer_to(*server, "GET /../etc HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("bad_path"));
  EXPECT_THAT(answer_to(*server, "GET / HTTP/2.0\r\nHost: x\r\n\r\n"), EndsWith("http_version"));
  EXPECT_THAT(answer_to(*server, "\x16\x03\x01\x02"), EndsWith("bad_head"));
  EXPECT_THAT(answer_to(*server, "GET / HTTP/1.1\nHost: x\n\n"), EndsWith("bad_head"));
}

TEST(ServerLimits, AHeadThatComesTooSlowlyIsRefused) {
  auto options = refusing_with_codes();
  options.head_timeout = 100ms;
  options.linger_timeout = 100ms;
  const auto server = serve(echo, options);
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\n");
  const auto begin = std::chrono::steady_clock::now();
  while (client.send("A: b\r\n") && std::chrono::steady_clock::now() - begin < 5s) ::poll(nullptr, 0, 10);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s) << "a byte now and then does not move the limit";
  EXPECT_THAT(answer_to(*server, "GET / HTTP/1.1\r\nHost: x\r\n"), EndsWith("too_slow"));
}

TEST(ServerLimits, AConnectionWithoutARequestIsClosed) {
  ServerOptions options;
  options.idle_timeout = 100ms;
  const auto server = serve(echo, options);
  EXPECT_EQ(answer_to(*server, ""), "");
  EXPECT_EQ(answer_to(*server, "\r\n\r"), "");
  RawClient client(server->port());
  client.request(get);
  EXPECT_EQ(client.rest(), "");
  EXPECT_TRUE(client.ended());
}

TEST(ServerLimits, AClientThatDoesNotReadIsLetGo) {
  ServerOptions options;
  options.write_timeout = 100ms;
  testing::Gate done;
  options.done = [&](const RequestHead&, int, std::chrono::microseconds) { done.open(); };
  const auto server = serve(always_answering({200, {}, std::string(20'000'000, 'x')}), options);
  RawClient client(server->port(), 4096);
  client.send(get);
  ASSERT_TRUE(done.wait());
  EXPECT_LT(client.rest().size(), 20'000'000U);
}

TEST(ServerLimits, OneConnectionTooManyIsToldSo) {
  auto options = refusing_with_codes();
  options.most_connections = 2;
  const auto server = serve(echo, options);
  RawClient first(server->port()), second(server->port());
  EXPECT_THAT(first.request(get), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(second.request(get), StartsWith("HTTP/1.1 200 "));
  {
    RawClient third(server->port());
    third.send(get);
    const auto all = third.rest();
    EXPECT_THAT(all, StartsWith("HTTP/1.1 503 "));
    EXPECT_THAT(all, EndsWith("too_many_connections"));
    EXPECT_FALSE(third.was_reset());
  }
  first.close();
  const auto until = std::chrono::steady_clock::now() + 10s;
  std::string answer;
  while (!answer.starts_with("HTTP/1.1 200 ") && std::chrono::steady_clock::now() < until)
    answer = RawClient(server->port()).request(get);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
}

TEST(ServerLimits, OneClientDoesNotHoldAllConnections) {
  auto options = refusing_with_codes();
  options.most_of_one_client = 2;
  options.this_machine_is_many = false;
  const auto server = serve(echo, options);
  RawClient first(server->port()), second(server->port());
  EXPECT_THAT(first.request(get), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(second.request(get), StartsWith("HTTP/1.1 200 "));
  {
    RawClient third(server->port());
    third.send(get);
    EXPECT_THAT(third.rest(), EndsWith("too_many_connections"));
  }
  EXPECT_THAT(RawClient(server->port(), 0, "127.0.0.2").request(get), StartsWith("HTTP/1.1 200 "))
      << "another one comes in";
  first.close();
  const auto until = std::chrono::steady_clock::now() + 10s;
  std::string answer;
  while (!answer.starts_with("HTTP/1.1 200 ") && std::chrono::steady_clock::now() < until)
    answer = RawClient(server->port()).request(get);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 ")) << "and a new one once another has gone";
}

TEST(ServerLimits, WithoutDescriptorsItWaitsAndThenGoesOn) {
  const auto server = serve(echo);
  accepts_that_failed = 0;
  accepts_fail = true;
  RawClient waiting(server->port());
  waiting.send(get);
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (accepts_that_failed == 0 && std::chrono::steady_clock::now() < until) ::poll(nullptr, 0, 1);
  ::poll(nullptr, 0, 300);
  accepts_fail = false;
  EXPECT_GE(accepts_that_failed, 1);
  EXPECT_LE(accepts_that_failed, 20) << "it does not spin";
  EXPECT_THAT(waiting.response(), StartsWith("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace orakgarak::net
