#include <fcntl.h>
#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <fstream>

#include "net/testing/certificate.h"
#include "net/testing/raw_client.h"
#include "net/testing/serving.h"

namespace orakgarak::net {
namespace {

using testing::CertificateFiles;
using testing::echo;
using ::testing::EndsWith;
using testing::Gate;
using ::testing::HasSubstr;
using testing::RawClient;
using testing::serve;
using ::testing::StartsWith;
using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// A client that believes exactly this certificate.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, const TlsFiles& files, int newest = TLS1_3_VERSION)
      : tcp_(port), context_(::SSL_CTX_new(::TLS_client_method())), tls_(nullptr) {
    ::SSL_CTX_load_verify_locations(context_, files.certificate.c_str(), nullptr);
    ::SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    ::SSL_CTX_set_security_level(context_, 0);
    ::SSL_CTX_set_min_proto_version(context_, 0);
    ::SSL_CTX_set_max_proto_version(context_, newest);
    tls_ = ::SSL_new(context_);
    ::SSL_set_fd(tls_, tcp_.fd());
    ::SSL_set1_host(tls_, "localhost");
    connected_ = ::SSL_connect(tls_) == 1;
  }
  ~TlsClient() {
    ::SSL_free(tls_);
    ::SSL_CTX_free(context_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool connected() const { return connected_; }
  std::string version() const { return ::SSL_get_version(tls_); }
  RawClient& tcp() { return tcp_; }
  bool send(std::string_view bytes) {
    return ::SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  std::string until(std::string_view words) {
    while (received_.find(words) == std::string::npos && more()) {
    }
    const auto at = received_.find(words);
    const std::string taken = received_.substr(0, at == std::string::npos ? at : at + words.size());
    received_.erase(0, taken.size());
    return taken;
  }
  std::string bytes(std::size_t count) {
    while (received_.size() < count && more()) {
    }
    return received_.substr(0, count);
  }
  std::string rest() {
    while (more()) {
    }
    return received_;
  }
  /// Whether the server said that it ends (close_notify), and did not just break off.
  bool ended() const { return ended_; }

 private:
  bool more() {
    std::array<char, 16384> piece;
    const int got = ::SSL_read(tls_, piece.data(), piece.size());
    if (got <= 0) {
      ended_ = ::SSL_get_error(tls_, got) == SSL_ERROR_ZERO_RETURN;
      return false;
    }
    received_.append(piece.data(), static_cast<std::size_t>(got));
    return true;
  }
  RawClient tcp_;
  SSL_CTX* context_;
  SSL* tls_;
  bool connected_ = false, ended_ = false;
  std::string received_;
};

class ServerTls : public ::testing::Test {
 protected:
  ServerOptions options() const {
    ServerOptions options;
    options.tls = certificate_.files();
    return options;
  }
  std::string refused(const TlsFiles& files) const {
    ServerOptions options;
    options.tls = files;
    const auto server = Server::start(options, echo);
    if (server) return "";
    EXPECT_EQ(server.error().code, "bad_certificate");
    return server.error().detail;
  }
  const CertificateFiles certificate_;
};

TEST_F(ServerTls, ServesWhatItServesWithoutAndSaysSo) {
  const auto server = serve(
      [](const RequestHead& head) { return answer({200, {}, head.secure ? "secure" : "open"}); }, options());
  TlsClient client(server->port(), certificate_.files());
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.version(), "TLSv1.3");
  for (int i = 0; i < 3; ++i) {
    client.send(get);
    EXPECT_THAT(client.until("secure"), StartsWith("HTTP/1.1 200 OK"));
  }
}

TEST_F(ServerTls, SpeaksTls12AndNothingOlder) {
  const auto server = serve(echo, options());
  TlsClient twelve(server->port(), certificate_.files(), TLS1_2_VERSION);
  EXPECT_TRUE(twelve.connected());
  EXPECT_EQ(twelve.version(), "TLSv1.2");
  EXPECT_FALSE(TlsClient(server->port(), certificate_.files(), TLS1_1_VERSION).connected());
}

TEST_F(ServerTls, TakesAndSendsWhatIsLarge) {
  const std::string bytes(3'000'000, 'x');
  const auto server = serve(
      [&](const RequestHead& head) {
        return gather(
            head, 4'000'000,
            [](std::string body) {
              std::FILE* const file = std::tmpfile();
              const int fd = ::fcntl(::fileno(file), F_DUPFD_CLOEXEC, 3);
              std::fclose(file);
              EXPECT_EQ(::pwrite(fd, body.data(), body.size(), 0), static_cast<ssize_t>(body.size()));
              return Response{200, {}, FileBody{fd, 1, body.size() - 1}};
            },
            [] { return Response{413, {}, ""}; });
      },
      options());
  TlsClient client(server->port(), certificate_.files());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
  for (std::size_t at = 0; at < bytes.size(); at += 10'000)
    ASSERT_TRUE(client.send(bytes.substr(at, 10'000)));
  EXPECT_THAT(client.until("\r\n\r\n"), HasSubstr("Content-Length: 2999999\r\n"));
  EXPECT_EQ(client.bytes(2'999'999) == bytes.substr(1), true);
}

TEST_F(ServerTls, EndsAConnectionSoThatItsClientKnowsItIsWhole) {
  const auto server = serve(echo, options());
  TlsClient client(server->port(), certificate_.files());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.rest(), EndsWith("GET /?\n"));
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTls, SendsStreamsAndSeesTheirClientsGo) {
  Gate opened, closed;
  std::shared_ptr<StreamSink> sink;
  const auto server = serve(
      [&](const RequestHead&) {
        StreamBody body;
        body.opened = [&](std::shared_ptr<StreamSink> one) {
          sink = std::move(one);
          opened.open();
        };
        body.closed = [&] { closed.open(); };
        return answer({200, {}, std::move(body)});
      },
      options());
  {
    TlsClient client(server->port(), certificate_.files());
    client.send(get);
    ASSERT_TRUE(opened.wait());
    EXPECT_TRUE(sink->write("event"));
    EXPECT_THAT(client.until("event\r\n"), HasSubstr("5\r\nevent"));
  }
  EXPECT_TRUE(closed.wait());
}

TEST_F(ServerTls, GivesAHandshakeItsTimeAndNoMore) {
  auto slow = options();
  slow.head_timeout = 100ms;
  const auto server = serve(echo, slow);
  RawClient client(server->port());
  client.send("\x16\x03\x01");
  EXPECT_EQ(client.rest(), "");
}

TEST_F(ServerTls, TellsAClientWithoutTlsWhereToGo) {
  const auto server = serve(echo, options());
  RawClient client(server->port());
  client.send("GET /a?b=c HTTP/1.1\r\nHost: sing.example:8080\r\n\r\n");
  const auto response = client.rest();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 308 "));
  EXPECT_THAT(response, HasSubstr("Location: https://sing.example:8080/a?b=c\r\n"));
}

TEST_F(ServerTls, StopsWithConnectionsInEveryState) {
  const auto server = serve(echo, options());
  TlsClient idle(server->port(), certificate_.files());
  RawClient shaking(server->port());
  shaking.send("\x16\x03\x01");
  EXPECT_TRUE(server->stop(10s));
  EXPECT_EQ(idle.rest(), "");
}

TEST_F(ServerTls, SaysWhichFileIsWrongAndHow) {
  const auto files = certificate_.files();
  const CertificateFiles other;
  const auto write = [&](const char* name, std::string_view text) {
    const auto path = std::filesystem::path(files.key).parent_path() / name;
    std::ofstream(path) << text;
    return path.string();
  };
  const auto nonsense = write("nonsense.pem", "nonsense"), empty = write("empty.pem", "");
  EXPECT_THAT(refused({"/nowhere/c.pem", files.key}),
              HasSubstr("certificate file /nowhere/c.pem cannot be read (No such"));
  EXPECT_THAT(refused({files.certificate, "/nowhere/k.pem"}),
              HasSubstr("key file /nowhere/k.pem cannot be read (No such"));
  EXPECT_THAT(refused({empty, files.key}), HasSubstr("empty.pem cannot be read (it is empty)"));
  EXPECT_THAT(refused({nonsense, files.key}), HasSubstr("nonsense.pem holds no certificate"));
  EXPECT_THAT(refused({files.certificate, nonsense}), HasSubstr("nonsense.pem holds no private key"));
  EXPECT_THAT(refused({files.certificate, other.files().key}),
              HasSubstr("does not belong to the certificate"));
  EXPECT_THAT(refused({files.key, files.certificate}), HasSubstr("holds no certificate"));
}

}  // namespace
}  // namespace orakgarak::net
