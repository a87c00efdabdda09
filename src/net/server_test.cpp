#include "net/server.h"

#include <gmock/gmock.h>

#include "net/testing/raw_client.h"

namespace orakgarak::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawClient;
using ::testing::StartsWith;

std::unique_ptr<Server> serve(Handler handler, ServerOptions options = {}) {
  auto server = Server::start(options, std::move(handler));
  EXPECT_TRUE(server) << (server ? "" : server.error().detail);
  return std::move(*server);
}

/// Answers with the method, path and query; a body of at most 1000 bytes comes back too.
std::unique_ptr<Exchange> echo(const RequestHead& head) {
  const std::string line = std::string(to_string(head.method)) + " " + head.path + "?" + head.query + "\n";
  return gather(
      head, 1000, [line](std::string body) { return Response{200, {}, line + body}; },
      [] { return Response{413, {}, "too large"}; });
}

TEST(Server, AnswersOneRequestAfterTheOtherOnAConnection) {
  const auto server = serve(echo);
  RawClient client(server->port());
  for (int i = 0; i < 3; ++i) {
    const auto response = client.request("GET /a%20b?c=%20 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(response, HasSubstr("\r\n\r\nGET /a b?c=%20\n"));
  }
}

TEST(Server, GathersABodyHoweverItIsCut) {
  const auto server = serve(echo);
  RawClient client(server->port());
  client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_THAT(client.request("cde"), HasSubstr("POST /p?\nabcde"));
  const std::string_view chunked =
      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n";
  for (const char byte : chunked) ASSERT_TRUE(client.send({&byte, 1}));
  EXPECT_THAT(client.response(), HasSubstr("POST /p?\nabc0123456789"));
}

TEST(Server, StopsWithAnIdleConnectionAtOnce) {
  const auto server = serve(echo);
  RawClient client(server->port());
  client.request("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(server->stop(std::chrono::seconds(10)));
  EXPECT_EQ(client.rest(), "");
  EXPECT_TRUE(client.ended());
  EXPECT_TRUE(server->stop(std::chrono::seconds(10)));
  EXPECT_FALSE(RawClient(server->port()).connected());
}

}  // namespace
}  // namespace orakgarak::net
