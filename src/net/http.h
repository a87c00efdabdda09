#pragma once
// HTTP requests and responses as plain values, and how a handler takes a request apart. Nothing of the
// library below shows here: one include of it costs half a minute of compiling.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "telemetry/trace.h"

namespace orakgarak::net {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };
std::string_view to_string(Method);  ///< "GET", "DELETE"; "?" for other

/// Fields in the order they came or go. Names compare without case.
class Fields {
 public:
  Fields() = default;
  Fields(std::initializer_list<std::pair<std::string, std::string>> all) : all_(all) {}
  void add(std::string name, std::string value) { all_.emplace_back(std::move(name), std::move(value)); }
  /// Takes the place of all of that name.
  void set(std::string_view name, std::string value);
  /// The only one of that name; nothing where there is none or there are several.
  std::optional<std::string_view> get(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return all_; }

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

/// Everything of a request but its body.
struct RequestHead {
  Method method = Method::get;
  std::string path;   ///< percent-decoded, begins with '/', no "." or ".." segment, no control character
  std::string query;  ///< as it came, without '?'
  Fields fields;
  std::string address;  ///< of the client: the peer's, or what a trusted proxy says of it
  bool secure = false;  ///< TLS here, or X-Forwarded-Proto: https of a trusted proxy
  std::string host;     ///< of the Host field, with its port; from a trusted proxy, X-Forwarded-Host
  std::optional<std::uint64_t> content_length;  ///< nothing where there is no body or it is chunked
  bool chunked = false;
  telemetry::Trace trace = {};  ///< that of the caller where it sent one, else a new one; never empty
};

/// A file that is sent in part or whole. It is closed when it has been sent.
struct FileBody {
  int fd = -1;  ///< owned by the response
  std::uint64_t offset = 0, length = 0;
};

/// One client of a stream that stays open (server-sent events). Safe from any thread.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  /// Sends, or queues it. false: it is not sent, because the client has gone or its queue is full (it is then
  /// closed: it reads too slowly, and comes back by itself).
  virtual bool write(std::string bytes) = 0;
  /// Ends it after what is queued.
  virtual void close() = 0;
};
struct StreamBody {
  /// Called at most once, when the head is on its way: not for HEAD, and not where the client is gone
  /// already. Keep the sink as long as there may be something to say.
  std::function<void(std::shared_ptr<StreamSink>)> opened;
  /// Called once, after opened() where that is called, however the response ends: the client has gone,
  /// close() was called, the server stops. From any thread.
  std::function<void()> closed;
  std::size_t most_queued = 256U << 10;  ///< bytes that wait for a slow client, at most
};

struct Response {
  int status = 200;
  Fields fields;  ///< Content-Length, Transfer-Encoding, Date and Connection are the server's
  std::variant<std::string, FileBody, StreamBody> body;
};

/// One request whose head has been read. All calls come one after the other, never two at once, from threads
/// that may block (the connection waits; no other does).
class Exchange {
 public:
  virtual ~Exchange() = default;
  /// The next bytes of the body, at most 64 KiB. Where there is a body, the first call brings none: it comes
  /// before a byte of the body is read and before the client is told to go on (100 Continue). A response ends
  /// it at once: the rest of the body is not read and the connection closes after it.
  virtual std::optional<Response> take(std::span<const std::byte> bytes) = 0;
  /// The body is whole, or there is none. Not called where the client went away: the exchange is then just
  /// destroyed. What a call throws is answered with 500.
  virtual Response finish() = 0;
};

/// What answers requests: looks at the head, before one byte of the body has been read.
using Handler = std::function<std::unique_ptr<Exchange>(const RequestHead&)>;

/// An exchange without a use for its body: answers at once.
std::unique_ptr<Exchange> answer(Response response);
/// An exchange that gathers the body and then answers; a body of more than `most` bytes gets `too_large` at
/// the byte where the limit is passed, or before the first one where Content-Length says so.
std::unique_ptr<Exchange> gather(const RequestHead& head, std::size_t most,
                                 std::function<Response(std::string body)> then,
                                 std::function<Response()> too_large);

/// "a=1&b=%20" as pairs, percent- and '+'-decoded. Errors: rejected "bad_query" (a broken %, not UTF-8).
Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);
/// The value of one cookie of a Cookie field.
std::optional<std::string_view> cookie(const RequestHead& head, std::string_view name);
/// Percent-encodes all but unreserved characters (RFC 3986); '/' stays where `keep_slash`.
std::string percent_encode(std::string_view text, bool keep_slash = false);
/// Errors: rejected "bad_encoding".
Result<std::string> percent_decode(std::string_view text);

}  // namespace orakgarak::net
