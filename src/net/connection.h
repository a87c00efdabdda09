#pragma once
// One client's connection: from the handshake over one request after the other to the last byte it reads.
// Everything here runs on the thread of the connection's worker, except calls into exchanges and what belongs
// to them, which run on the pool, one at a time.
#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "net/request_head.h"
#include "net/server.h"
#include "net/stream.h"
#include "net/tls.h"
#include "net/transport.h"

namespace orakgarak::net {

class Connection;

/// One thread that runs sockets, and the connections that are its own.
struct Worker {
  boost::asio::io_context context{1};
  std::unordered_set<Connection*> connections;  ///< touched on its thread only
};

/// What all connections of a server share.
struct Serving {
  ServerOptions options;
  Handler handler;
  TrustedProxies proxies;
  TlsContext tls;
  boost::asio::thread_pool pool;
  std::atomic<bool> stopping = false;
  std::atomic<std::size_t> waiting = 0, busy = 0;  ///< calls for the pool: not begun, and under way
  std::atomic<std::uint64_t> refused = 0;          ///< connections above a limit

  std::mutex mutex;
  std::condition_variable fewer;
  std::size_t live = 0;                                            ///< connections that exist; under `mutex`
  std::map<std::array<std::uint8_t, 16>, std::size_t> of_clients;  ///< how many of each; under `mutex`

  Serving(ServerOptions given, Handler handler_given, TrustedProxies proxies_given, TlsContext tls_given)
      : options(std::move(given)),
        handler(std::move(handler_given)),
        proxies(std::move(proxies_given)),
        tls(std::move(tls_given)),
        pool(static_cast<std::size_t>(std::max(options.handler_threads, 1))) {}

  /// call must not throw.
  template <class Call>
  void post(Call call) {
    ++waiting;
    boost::asio::post(pool, [this, call = std::move(call)]() mutable {
      --waiting;
      ++busy;
      call();
      --busy;
    });
  }
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Serving& serving, Worker& worker, boost::asio::ip::tcp::socket socket, const IpAddress& peer);
  ~Connection();

  void start();
  /// Answers 503 to whatever comes, and closes.
  void start_refusing();
  /// The server stops: ends what waits for a client, lets run what runs.
  void drain();
  /// Ends now. Gives whether a request had not been answered to its end.
  bool cut();

 private:
  enum class Phase : std::uint8_t {
    handshake,  ///< TLS
    idle,       ///< before the first byte of a request
    head,       ///< within a head
    exchange,   ///< a call into the exchange runs, or waits for its turn
    interim,    ///< 100 Continue is being sent
    body,       ///< waits for bytes of a body
    answering,  ///< a response is being sent
    streaming,  ///< a stream is open
    lingering,  ///< everything is said; the client may not have read it yet
    ended,
  };
  enum class Wait : std::uint8_t { read, write };
  using Call = std::function<std::optional<Response>()>;

  // connection.cpp: waiting, requests
  void step();
  void wait(Wait what);
  /// Goes on (true), or waits for the socket, or has ended.
  bool progressed(const IoResult& result);
  void set_deadline(std::chrono::milliseconds from_now);
  void no_deadline() { deadline_ = std::chrono::steady_clock::time_point::max(); }
  void arm_timer();
  void timed_out();
  void end();

  void shake_hands();
  void next_request();
  bool fill();
  void read_head();
  void head_is_whole(std::size_t length);
  void want_body();
  void read_body();
  void give(std::string bytes);
  void call_exchange(Call call);
  std::optional<Response> guarded(const Call& call);
  void came_back(std::optional<Response> response);
  void drop_exchange();

  // connection_answer.cpp: responses
  Response refusal(int status, std::string code, std::string detail) const;
  void refuse(Refusal why);
  void redirect_to_tls();
  void respond(Response response, bool body_unread);
  void write_on();
  void written();
  void answered();
  void tell_done();
  void linger();
  void drop_on();
  void open_stream();
  void flush_stream();
  void watch_stream();
  void close_stream();
  void tell_closed();
  void drop(Response response);
  void on_pool(std::function<void()> work);

  Serving& serving_;
  Worker& worker_;
  boost::asio::ip::tcp::socket socket_;
  Transport transport_;
  IpAddress peer_;
  Phase phase_ = Phase::idle;
  bool waits_to_read_ = false, waits_to_write_ = false;
  bool first_byte_seen_ = false;  ///< of what should be a handshake
  bool redirects_ = false;        ///< it was none: a client without TLS, who is sent to https

  boost::asio::steady_timer timer_;
  bool timer_runs_ = false;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();

  // the request
  std::string in_;  ///< read and not yet understood
  std::size_t scanned_ = 0;
  std::unique_ptr<RequestParser> parser_;
  CheckedHead request_;
  std::chrono::steady_clock::time_point began_;
  std::unique_ptr<Exchange> exchange_;
  bool in_exchange_ = false;       ///< the pool has exchange_ now
  std::atomic<bool> cut_ = false;  ///< for the pool: do not begin a call

  // the response
  struct File {
    int fd = -1;
    std::uint64_t offset = 0, left = 0;
    ~File() { close(); }
    void close();
  };
  int status_ = 0;
  bool keep_alive_ = false;
  std::string out_;
  std::size_t out_at_ = 0;
  File file_;
  std::shared_ptr<Stream> stream_;
  StreamBody stream_body_;
  bool opening_ = false;  ///< the pool is in opened()
  bool chunked_ = false, last_chunk_sent_ = false;
};

}  // namespace orakgarak::net
