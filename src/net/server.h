#pragma once
// An HTTP/1.1 server on one address: TLS when given a certificate, limits on everything that a client can
// make long, graceful shutdown. Boost.Beast underneath.
//
// What a handler never sees: a head that is too long (431), a request without a valid Host (400), lengths
// that contradict each other (400), an unknown transfer encoding (501), a path that climbs or does not decode
// (400), a client that is too slow (408, or just closed). These are answered through ServerOptions::refuse,
// so that they look like every other error.
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

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
  std::size_t head_bytes = 16U << 10;
  std::chrono::seconds head_timeout{15};     ///< for a whole head, and for the TLS handshake
  std::chrono::seconds body_timeout{30};     ///< for any next byte of a body
  std::chrono::seconds idle_timeout{60};     ///< between requests
  std::chrono::seconds write_timeout{30};    ///< for any next byte that a client takes
  std::vector<std::string> trusted_proxies;  ///< addresses or CIDR blocks whose X-Forwarded-* are believed
  Fields always;                             ///< added to every response that does not set them
  /// Makes the body of an error that the server itself answers with. code: "head_too_large"; detail: a
  /// sentence.
  std::function<Response(int status, std::string code, std::string detail)> refuse;
  /// Called after every response, for logs and metrics: no sensitive value is handed to it.
  std::function<void(const RequestHead&, int status, std::chrono::microseconds)> done;
};

class Server {
 public:
  /// Listens at once; serves from now on in threads of its own.
  /// Errors: conflict "port_in_use" (names the process that holds it, where the system lets us see it);
  /// rejected "bad_address", "no_permission" (a port below 1024), "bad_certificate" (file, what is wrong);
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler handler);

  virtual ~Server() = default;  ///< as stop() with no time to finish
  virtual std::uint16_t port() const = 0;
  /// Takes no new connection, closes idle ones and streams, waits for running exchanges until the deadline,
  /// then closes the rest. Gives whether all had finished.
  virtual bool stop(std::chrono::milliseconds deadline) = 0;
};

/// "nginx (process 123)" for who listens on this TCP port here, from /proc; empty where it cannot be seen.
std::string who_listens_on(std::uint16_t port);

}  // namespace orakgarak::net
