#include "net/connection.h"

#include <array>
#include <boost/asio/post.hpp>
#include <span>
#include <stdexcept>

#include "telemetry/stack.h"

namespace orakgarak::net {
namespace {

constexpr std::size_t most_read = 64U << 10;  ///< what Exchange::take is promised

/// Where a thread reads into: a connection keeps only what came.
std::span<char> scratch() {
  thread_local std::array<char, most_read> bytes;
  return bytes;
}

}  // namespace

Connection::Connection(Serving& serving, Worker& worker, boost::asio::ip::tcp::socket socket,
                       const IpAddress& peer)
    : serving_(serving),
      worker_(worker),
      socket_(std::move(socket)),
      transport_(socket_.native_handle(), serving.tls.get()),
      peer_(peer),
      timer_(worker.context) {
  const std::lock_guard lock(serving_.mutex);
  ++serving_.live;
  ++serving_.of_clients[client_of(peer).bytes];
}

Connection::~Connection() {
  const std::lock_guard lock(serving_.mutex);
  --serving_.live;
  if (const auto mine = serving_.of_clients.find(client_of(peer_).bytes); --mine->second == 0)
    serving_.of_clients.erase(mine);
  serving_.fewer.notify_all();
}

void Connection::start() {
  worker_.connections.insert(this);
  if (serving_.stopping) return end();
  if (!transport_.under_tls()) return next_request();
  phase_ = Phase::handshake;
  set_deadline(serving_.options.head_timeout);
  shake_hands();
}

void Connection::step() {
  switch (phase_) {
    case Phase::handshake:
      return shake_hands();
    case Phase::idle:
    case Phase::head:
      return read_head();
    case Phase::body:
      return read_body();
    case Phase::interim:
    case Phase::answering:
      return write_on();
    case Phase::streaming:
      return watch_stream();
    case Phase::lingering:
      return drop_on();
    case Phase::exchange:
    case Phase::ended:
      return;
  }
}

void Connection::wait(Wait what) {
  bool& waits = what == Wait::read ? waits_to_read_ : waits_to_write_;
  if (waits) return;
  waits = true;
  socket_.async_wait(
      what == Wait::read ? boost::asio::ip::tcp::socket::wait_read : boost::asio::ip::tcp::socket::wait_write,
      [self = shared_from_this(), &waits](const boost::system::error_code&) {
        waits = false;
        self->step();
      });
}

bool Connection::progressed(const IoResult& result) {
  switch (result.state) {
    case IoState::done:
      return true;
    case IoState::want_read:
      wait(Wait::read);
      return false;
    case IoState::want_write:
      wait(Wait::write);
      return false;
    case IoState::ended:
    case IoState::failed:
      end();
      return false;
  }
  return false;
}

// Most deadlines are moved on long before they come: the timer is left as it is and looks again when it
// fires.
void Connection::set_deadline(std::chrono::milliseconds from_now) {
  const auto before = deadline_;
  deadline_ = std::chrono::steady_clock::now() + from_now;
  if (!timer_runs_ || deadline_ < before) arm_timer();
}

void Connection::arm_timer() {
  if (timer_runs_ && timer_.expiry() <= deadline_) return;
  timer_runs_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || self->phase_ == Phase::ended) return;  // armed anew for an earlier time, or over
    self->timer_runs_ = false;
    if (self->deadline_ <= std::chrono::steady_clock::now()) return self->timed_out();
    if (self->deadline_ != std::chrono::steady_clock::time_point::max()) self->arm_timer();
  });
}

void Connection::timed_out() {
  no_deadline();
  if (phase_ == Phase::head || phase_ == Phase::body)
    return refuse({408, "too_slow", "The request did not come in time: send it again over a steadier line."});
  end();
}

void Connection::end() {
  if (phase_ == Phase::ended) return;
  if (phase_ == Phase::answering || phase_ == Phase::streaming) tell_done();
  phase_ = Phase::ended;
  cut_ = true;
  worker_.connections.erase(this);
  boost::system::error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  file_.close();
  if (stream_) stream_->shut();
  if (!opening_) tell_closed();
  if (!in_exchange_) drop_exchange();
}

void Connection::drain() {
  switch (phase_) {
    case Phase::handshake:
    case Phase::idle:
    case Phase::head:
      return end();
    case Phase::streaming:
      return stream_->close();
    case Phase::lingering:
      return linger();
    default:
      return;
  }
}

bool Connection::cut() {
  const bool unanswered = phase_ == Phase::exchange || phase_ == Phase::interim || phase_ == Phase::body ||
                          phase_ == Phase::answering;
  end();
  return unanswered;
}

void Connection::shake_hands() {
  if (!first_byte_seen_) {
    const IoResult first = transport_.peek_is_plain(redirects_);
    if (!progressed(first)) return;
    first_byte_seen_ = true;
    if (redirects_) {
      transport_ = Transport(socket_.native_handle(), nullptr);
      return next_request();
    }
  }
  if (!progressed(transport_.handshake())) return;
  next_request();
}

void Connection::next_request() {
  phase_ = Phase::idle;
  scanned_ = 0;
  request_ = {};
  request_.head.address = to_string(peer_);
  if (in_.empty()) std::string().swap(in_);
  set_deadline(serving_.options.idle_timeout);
  read_head();
}

bool Connection::fill() {
  const auto room = scratch().first(most_read - in_.size());
  const IoResult result = transport_.read(room);
  if (!progressed(result)) return false;
  in_.append(room.data(), result.bytes);
  return true;
}

void Connection::read_head() {
  const std::size_t most = serving_.options.head_bytes;
  for (;;) {
    while (in_.starts_with("\r\n")) in_.erase(0, 2);  // some clients end a body with a line too many
    if (!in_.empty() && in_ != "\r") {
      if (phase_ == Phase::idle) {
        phase_ = Phase::head;
        began_ = std::chrono::steady_clock::now();
        set_deadline(serving_.options.head_timeout);
      }
      const auto found = find_head_end(std::string_view(in_).substr(0, most), scanned_);
      if (!found) return refuse(found.error());
      if (*found) return head_is_whole(**found);
      if (in_.size() >= most)
        return refuse({431, "head_too_large",
                       "The head of the request is longer than this server reads: send less "
                       "in the address and in fields."});
    }
    if (!fill()) return;
  }
}

void Connection::head_is_whole(std::size_t length) {
  parser_ = std::make_unique<RequestParser>();
  auto raw = parser_->head(std::string_view(in_).substr(0, length));
  in_.erase(0, length);
  if (!raw) return refuse(raw.error());
  auto checked = check_head(std::move(*raw), peer_, transport_.under_tls(), serving_.proxies);
  if (!checked) return refuse(checked.error());
  request_ = std::move(*checked);
  if (redirects_) return redirect_to_tls();
  call_exchange([this]() -> std::optional<Response> {
    exchange_ = serving_.handler(request_.head);
    if (!exchange_) throw std::logic_error("the handler gave no exchange");
    if (parser_->whole()) return exchange_->finish();
    return exchange_->take({});
  });
}

void Connection::want_body() {
  no_deadline();
  if (request_.expects_continue && in_.empty()) {
    phase_ = Phase::interim;
    out_ = "HTTP/1.1 100 Continue\r\n\r\n";
    set_deadline(serving_.options.write_timeout);
    return write_on();
  }
  phase_ = Phase::body;
  set_deadline(serving_.options.body_timeout);
  read_body();
}

void Connection::read_body() {
  for (;;) {
    if (!in_.empty()) {
      std::string bytes;
      const auto used = parser_->body(in_, bytes);
      if (!used) return refuse(used.error());
      in_.erase(0, *used);
      if (!bytes.empty() || parser_->whole()) return give(std::move(bytes));
      if (in_.size() > serving_.options.head_bytes)
        return refuse(
            {400, "bad_chunk", "A chunk of the request's body begins with more than this server reads."});
    }
    if (!fill()) return;
  }
}

void Connection::give(std::string bytes) {
  call_exchange([this, bytes = std::move(bytes)]() -> std::optional<Response> {
    if (!bytes.empty()) {
      if (auto early = exchange_->take(std::as_bytes(std::span(bytes)))) return early;
    }
    return parser_->whole() ? std::optional(exchange_->finish()) : std::nullopt;
  });
}

void Connection::call_exchange(Call call) {
  phase_ = Phase::exchange;
  in_exchange_ = true;
  no_deadline();
  serving_.post([self = shared_from_this(), call = std::move(call)]() mutable {
    auto response = self->cut_ ? std::nullopt : self->guarded(call);
    auto& context = self->worker_.context;
    boost::asio::post(context, [self = std::move(self), response = std::move(response)]() mutable {
      self->came_back(std::move(response));
    });
  });
}

std::optional<Response> Connection::guarded(const Call& call) {
  try {
    return call();
  } catch (...) {
    auto error = telemetry::thrown_error(ErrorKind::retry, "internal",
                                         "The server could not answer this request: try again later.");
    if (serving_.options.threw) serving_.options.threw(request_.head, error);
    return refusal(500, std::move(error.code), std::move(error.detail));
  }
}

void Connection::came_back(std::optional<Response> response) {
  in_exchange_ = false;
  if (phase_ == Phase::ended) {
    if (response) drop(std::move(*response));
    return drop_exchange();
  }
  if (response) return respond(std::move(*response), !parser_->whole());
  want_body();
}

void Connection::drop_exchange() {
  if (!exchange_) return;
  // Destroying it may remove files: not on this thread.
  on_pool([gone = std::shared_ptr<Exchange>(std::move(exchange_))]() mutable { gone.reset(); });
}

}  // namespace orakgarak::net
