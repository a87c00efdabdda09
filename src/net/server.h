#pragma once
// An HTTP/1.1 server on one address: TLS when given a certificate, limits on everything that a client can
// make long, graceful shutdown. Boost.Beast underneath.
//
// What a handler never sees: a head that is too long (431), a request without a valid Host (400), lengths
// that contradict each other (400), an unknown transfer encoding (501), a path that climbs or does not decode
// (400), a client that is too slow (408, or just closed). These are answered through ServerOptions::refuse,
// so that they look like every other error. Under TLS, a client that comes without is sent to https (308).
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"

namespace orakgarak::net {

struct TlsFiles {
  std::string certificate;  ///< PEM file: the certificate, then its chain
  std::string key;          ///< PEM file
};

struct ServerOptions {
  std::string address = "127.0.0.1";  ///< to listen on; "::" and "0.0.0.0" for all
  std::uint16_t port = 0;             ///< 0: any free one
  std::optional<TlsFiles> tls;
  int io_threads = 1;
  int handler_threads = 4;  ///< where exchanges run
  std::size_t most_connections = 8192;
  /// Connections of one client (an IPv4 address, the first 64 bits of an IPv6 address), so that one alone
  /// cannot hold them all. Trusted proxies and this machine itself stand for many and are not held to it.
  std::size_t most_of_one_client = 1024;
  bool this_machine_is_many = true;
  std::size_t head_bytes = 16U << 10;
  std::chrono::milliseconds head_timeout{15'000};   ///< for a whole head, and for the TLS handshake
  std::chrono::milliseconds body_timeout{30'000};   ///< for any next byte of a body
  std::chrono::milliseconds idle_timeout{60'000};   ///< between requests
  std::chrono::milliseconds write_timeout{30'000};  ///< for any next byte that a client takes
  /// After the last answer on a connection: what the client still sends is read and dropped for this long, so
  /// that it sees the answer and not a reset.
  std::chrono::milliseconds linger_timeout{5'000};
  std::vector<std::string> trusted_proxies;  ///< addresses or CIDR blocks whose X-Forwarded-* are believed
  Fields always;                             ///< added to every response that does not set them
  Clock now = system_now;                    ///< for the Date field
  /// Makes the answer where the server itself refuses or fails. code: "head_too_large"; detail: a sentence.
  /// Of the head, only the trace is sure to be there. From any thread; must not block. Without it: the detail
  /// as plain text.
  std::function<Response(const RequestHead&, int status, std::string code, std::string detail)> refuse;
  /// Called after every response (a stream: when it has ended) from a handler thread, for logs and metrics.
  /// The head of a request that was refused may hold nothing but the address and the trace.
  std::function<void(const RequestHead&, int status, std::chrono::microseconds)> done;
  /// What an exchange threw, for the log; the client gets 500 "internal".
  std::function<void(const RequestHead&, const Error&)> threw;
};

/// What a server is doing at a moment.
struct ServerLoad {
  std::size_t connections = 0;
  std::size_t handlers = 0, busy = 0;   ///< threads where exchanges run, and of them those that do
  std::size_t waiting = 0;              ///< calls into exchanges that wait for a thread
  std::uint64_t refused = 0;            ///< connections above a limit, since the start
  std::optional<Time> certificate_end;  ///< under TLS
};

class Server {
 public:
  /// Listens at once; serves from now on in threads of its own.
  /// Errors: conflict "port_in_use" (names the process that holds it, where the system lets us see it);
  /// rejected "bad_address", "no_permission" (a port below 1024), "bad_certificate" (file, what is wrong),
  /// "bad_proxy" (an entry of trusted_proxies that is no address and no CIDR block).
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler handler);

  virtual ~Server() = default;  ///< as stop() with no time to finish
  virtual std::uint16_t port() const = 0;
  virtual ServerLoad load() const = 0;
  /// Takes no new connection, closes idle ones and streams, waits for running exchanges until the deadline,
  /// then closes the rest; a call into an exchange that runs even then is waited for. Afterwards no thread of
  /// the server is left. Gives whether all exchanges had been answered. May be called again; not from a
  /// handler.
  virtual bool stop(std::chrono::milliseconds deadline) = 0;
};

/// "nginx (process 123)" for who listens on this TCP port here, from /proc; empty where it cannot be seen.
std::string who_listens_on(std::uint16_t port);

}  // namespace orakgarak::net
