#include "net/server.h"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "net/testing/raw_client.h"
#include "net/testing/serving.h"

namespace orakgarak::net {
namespace {

using testing::always_answering;
using testing::echo;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using testing::Gate;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawClient;
using testing::serve;
using ::testing::StartsWith;
using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// A file that has no name any more, with these bytes.
int file_with(std::string_view bytes) {
  std::FILE* const file = std::tmpfile();
  const int fd = ::fcntl(::fileno(file), F_DUPFD_CLOEXEC, 3);
  std::fclose(file);
  EXPECT_EQ(::pwrite(fd, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  return fd;
}

std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('a' + i % 26 + i / 4096 % 3);
  return bytes;
}

std::string body_of(const std::string& response) { return response.substr(response.find("\r\n\r\n") + 4); }

TEST(Server, AnswersOneRequestAfterTheOtherOnAConnection) {
  const auto server = serve(echo);
  RawClient client(server->port());
  for (int i = 0; i < 3; ++i) {
    const auto response = client.request("GET /a%20b?c=%20 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(response, HasSubstr("\r\n\r\nGET /a b?c=%20\n"));
  }
}

TEST(Server, AnswersRequestsThatWereSentAtOnceInTheirOrder) {
  const auto server = serve(echo);
  RawClient client(server->port());
  std::string all = "\r\n";
  for (int i = 0; i < 200; ++i)
    all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
  client.send(all);
  for (int i = 0; i < 200; ++i)
    EXPECT_THAT(client.response(), EndsWith("POST /" + std::to_string(i) + "?\nabc"));
}

TEST(Server, SendsNoBodyToHead) {
  const auto server = serve([](const RequestHead& head) {
    if (head.path == "/file") return answer({200, {}, FileBody{file_with("abcdef"), 1, 4}});
    return answer({head.path == "/gone" ? 204 : 200, {}, "abc"});
  });
  RawClient client(server->port());
  client.send(
      "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /file HTTP/1.1\r\nHost: x\r\n\r\nGET /gone HTTP/1.1\r\nHost: "
      "x\r\n\r\n" +
      get);
  EXPECT_THAT(client.until("\r\n\r\n"), HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(client.until("\r\n\r\n"), HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(client.until("\r\n\r\n"), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(client.response(), EndsWith("\r\n\r\nabc"));
}

TEST(Server, ClosesWhereTheClientDoesNotKeepTheConnection) {
  const auto server = serve(echo);
  for (const char* const request :
       {"GET / HTTP/1.0\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"}) {
    RawClient client(server->port());
    client.send(request);
    const auto response = client.rest();
    EXPECT_TRUE(client.ended());
    EXPECT_THAT(response, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(response, EndsWith("\r\n\r\nGET /?\n"));
  }
}

TEST(Server, SendsTheAskedPartOfAFile) {
  const std::string bytes = some_bytes(3'000'000);
  const auto server = serve([&](const RequestHead& head) {
    if (head.path == "/part") return answer({206, {}, FileBody{file_with("0123456789"), 2, 5}});
    if (head.path == "/empty") return answer({200, {}, FileBody{file_with(""), 0, 0}});
    return answer({200, {}, FileBody{file_with(bytes), 0, bytes.size()}});
  });
  RawClient client(server->port());
  EXPECT_EQ(body_of(client.request("GET /part HTTP/1.1\r\nHost: x\r\n\r\n")), "23456");
  EXPECT_EQ(body_of(client.request("GET /empty HTTP/1.1\r\nHost: x\r\n\r\n")), "");
  EXPECT_EQ(body_of(client.request(get)) == bytes, true);
  EXPECT_EQ(body_of(client.request("GET /part HTTP/1.1\r\nHost: x\r\n\r\n")), "23456");
}

TEST(Server, BreaksOffAFileThatIsShorterThanItWas) {
  const auto server =
      serve([](const RequestHead&) { return answer({200, {}, FileBody{file_with("0123"), 0, 10}}); });
  RawClient client(server->port());
  client.send(get);
  EXPECT_THAT(client.rest(), EndsWith("\r\n\r\n0123"));
}

TEST(Server, SendsALargeTextToASlowReader) {
  const std::string bytes = some_bytes(5'000'000);
  const auto server = serve(always_answering({200, {}, bytes}));
  RawClient client(server->port(), 4096);
  EXPECT_EQ(body_of(client.request(get)) == bytes, true);
}

TEST(Server, AddsWhatIsAlwaysSaidUnlessTheResponseSaysIt) {
  ServerOptions options;
  options.always = {{"X-A", "always"}, {"X-B", "always"}};
  options.now = [] { return Time{}; };
  const auto server = serve(always_answering({200, {{"x-a", "own"}}, ""}), options);
  RawClient client(server->port());
  const auto response = client.request(get);
  EXPECT_THAT(response, HasSubstr("x-a: own\r\n"));
  EXPECT_THAT(response, Not(HasSubstr("X-A")));
  EXPECT_THAT(response, HasSubstr("X-B: always\r\n"));
  EXPECT_THAT(response, HasSubstr("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"));
}

TEST(Server, TellsWhatWasAnswered) {
  Gate told;
  std::string path, address;
  int status = 0;
  ServerOptions options;
  options.done = [&](const RequestHead& head, int with, std::chrono::microseconds took) {
    path = head.path;
    address = head.address;
    status = with;
    EXPECT_GE(took.count(), 0);
    told.open();
  };
  const auto server = serve(always_answering({404, {}, ""}), options);
  RawClient(server->port()).request("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(told.wait());
  EXPECT_EQ(path, "/a");
  EXPECT_EQ(address, "127.0.0.1");
  EXPECT_EQ(status, 404);
}

TEST(Server, AnswersWhatAnExchangeThrowsAndGoesOn) {
  std::mutex mutex;
  std::vector<std::string> thrown;
  ServerOptions options;
  options.refuse = [](const RequestHead&, int status, const std::string& code, const std::string&) {
    return Response{status, {}, code};
  };
  options.threw = [&](const RequestHead& head, const Error& error) {
    const std::lock_guard lock(mutex);
    thrown.push_back(head.path + " " + error.thrown->message);
  };
  const auto server = serve(
      [](const RequestHead& head) -> std::unique_ptr<Exchange> {
        if (head.path == "/none") return nullptr;
        if (head.path == "/int") throw 7;  // NOLINT: what a library might throw
        return gather(
            head, 10, [](std::string) -> Response { throw std::runtime_error("disk"); },
            [] { return Response{}; });
      },
      options);
  RawClient client(server->port());
  EXPECT_THAT(client.request("GET /disk HTTP/1.1\r\nHost: x\r\n\r\n"),
              HasSubstr("500 Internal Server Error"));
  EXPECT_THAT(client.request("GET /int HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("\r\n\r\ninternal"));
  EXPECT_THAT(client.request("GET /none HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("\r\n\r\ninternal"));
  const std::lock_guard lock(mutex);
  EXPECT_THAT(thrown, ElementsAre("/disk disk", "/int ", HasSubstr("/none the handler")));
}

TEST(Server, LetsNoConnectionWaitForAnother) {
  Gate entered, go;
  ServerOptions options;
  options.handler_threads = 2;
  const auto server = serve(
      [&](const RequestHead& head) {
        if (head.path == "/slow") {
          entered.open();
          go.wait();
        }
        return echo(head);
      },
      options);
  RawClient slow(server->port()), quick(server->port());
  slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(entered.wait());
  EXPECT_THAT(quick.request(get), StartsWith("HTTP/1.1 200"));
  go.open();
  EXPECT_THAT(slow.response(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, BelievesItsProxiesAboutTheClient) {
  ServerOptions options;
  options.trusted_proxies = {"127.0.0.0/8"};
  const auto server = serve(
      [](const RequestHead& head) {
        return answer({200, {}, head.address + " " + head.host + (head.secure ? " secure" : "")});
      },
      options);
  RawClient client(server->port());
  EXPECT_THAT(client.request(
                  "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.5\r\nX-Forwarded-Proto: https\r\n"
                  "X-Forwarded-Host: y\r\n\r\n"),
              EndsWith("203.0.113.5 y secure"));
}

TEST(Server, NamesWhoHoldsItsPort) {
  const auto server = serve(echo);
  ServerOptions options;
  options.port = server->port();
  const auto second = Server::start(options, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
  EXPECT_EQ(second.error().code, "port_in_use");
  std::string name;
  std::getline(std::ifstream("/proc/self/comm"), name);
  EXPECT_THAT(second.error().detail, HasSubstr(name + " (process " + std::to_string(::getpid()) + ")"));
  EXPECT_EQ(who_listens_on(0), "");
}

TEST(Server, RefusesWhatItCannotListenOn) {
  const auto code = [](const ServerOptions& options) {
    const auto server = Server::start(options, echo);
    return server ? "" : server.error().code;
  };
  ServerOptions options;
  for (const char* const address : {"example.org", "", "203.0.113.77", "localhost"}) {
    options.address = address;
    EXPECT_EQ(code(options), "bad_address") << address;
  }
  options.address = "127.0.0.1";
  options.trusted_proxies = {"proxy"};
  EXPECT_EQ(code(options), "bad_proxy");
}

TEST(Server, ListensOnBothFamiliesAndNamesIpv4ClientsPlainly) {
  ServerOptions options;
  options.address = "::";
  auto server =
      Server::start(options, [](const RequestHead& head) { return answer({200, {}, head.address}); });
  if (!server) GTEST_SKIP() << "no IPv6 here: " << server.error().detail;
  EXPECT_THAT(RawClient((*server)->port()).request(get), EndsWith("\r\n\r\n127.0.0.1"));
}

}  // namespace
}  // namespace orakgarak::net
