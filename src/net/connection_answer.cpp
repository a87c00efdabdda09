#include <unistd.h>

#include <boost/asio/post.hpp>

#include "net/connection.h"
#include "net/response_head.h"

namespace orakgarak::net {
namespace {

constexpr int most_turns = 16;  ///< pieces for one connection before another has its turn
constexpr std::chrono::milliseconds linger_when_stopping{500};

}  // namespace

void Connection::File::close() {
  if (fd >= 0) ::close(fd);
  fd = -1;
  left = 0;
}

void Connection::on_pool(std::function<void()> work) {
  serving_.post([self = shared_from_this(), work = std::move(work)] {
    self->guarded([&]() -> std::optional<Response> {
      work();
      return std::nullopt;
    });
  });
}

Response Connection::refusal(int status, std::string code, std::string detail) const {
  if (serving_.options.refuse) {
    try {
      return serving_.options.refuse(request_.head, status, code, detail);
    } catch (...) {  // the plain answer below says it too
    }
  }
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, detail + "\n"};
}

void Connection::refuse(Refusal why) {
  if (request_.head.trace.traceparent.empty()) request_.head.trace = telemetry::begin_trace({});
  respond(refusal(why.status, std::move(why.code), std::move(why.detail)), true);
}

/// Whoever types an address without its scheme comes without TLS.
void Connection::redirect_to_tls() {
  const RequestHead& head = request_.head;
  const std::string query = head.query.empty() ? "" : "?" + head.query;
  respond({308, {{"Location", "https://" + head.host + percent_encode(head.path, true) + query}}, {}}, true);
}

void Connection::start_refusing() {
  worker_.connections.insert(this);
  if (transport_.under_tls()) return end();
  request_.head.address = to_string(peer_);
  began_ = std::chrono::steady_clock::now();
  refuse({503, "too_many_connections",
          "This server has as many connections as it bears: try again in a minute."});
}

void Connection::respond(Response response, bool body_unread) {
  drop_exchange();
  phase_ = Phase::answering;
  status_ = response.status;
  const bool bodiless = request_.head.method == Method::head || is_bodiless(status_);
  const auto* const text = std::get_if<std::string>(&response.body);
  const auto* const file = std::get_if<FileBody>(&response.body);
  auto* const stream = std::get_if<StreamBody>(&response.body);
  keep_alive_ =
      request_.keep_alive && request_.chunks_understood && !body_unread && !stream && !serving_.stopping;
  chunked_ = stream && request_.chunks_understood;
  std::optional<std::uint64_t> length;
  if (text) length = text->size();
  if (file) length = file->length;
  if (is_bodiless(status_)) length.reset();
  out_ = write_head({.status = status_,
                     .fields = response.fields,
                     .always = serving_.options.always,
                     .length = length,
                     .chunked = chunked_ && !is_bodiless(status_),
                     .keep_alive = keep_alive_,
                     .now = serving_.options.now()});
  out_at_ = 0;
  if (bodiless) {
    drop(std::move(response));
  } else if (text) {
    out_ += *text;
  } else if (file) {
    file_.fd = file->fd;
    file_.offset = file->offset;
    file_.left = file->length;
  } else {
    stream_body_ = std::move(*stream);
    stream_ = std::make_shared<Stream>(
        stream_body_.most_queued, [weak = weak_from_this(), &context = worker_.context] {
          boost::asio::post(context, [weak] {
            if (const auto self = weak.lock(); self && self->phase_ == Phase::streaming) self->flush_stream();
          });
        });
  }
  set_deadline(serving_.options.write_timeout);
  write_on();
}

void Connection::drop(Response response) {
  if (const auto* const file = std::get_if<FileBody>(&response.body); file && file->fd >= 0)
    ::close(file->fd);
  if (auto* const stream = std::get_if<StreamBody>(&response.body); stream && stream->closed)
    on_pool(std::move(stream->closed));
}

void Connection::write_on() {
  for (int turn = 0; turn < most_turns; ++turn) {
    const bool from_memory = out_at_ < out_.size();
    if (!from_memory && file_.left == 0) return written();
    const IoResult result = from_memory ? transport_.write(std::string_view(out_).substr(out_at_))
                                        : transport_.write_file(file_.fd, file_.offset, file_.left);
    if (!progressed(result)) return;
    set_deadline(serving_.options.write_timeout);
    if (from_memory) {
      out_at_ += result.bytes;
    } else {
      file_.offset += result.bytes;
      file_.left -= result.bytes;
    }
  }
  wait(Wait::write);
}

void Connection::written() {
  std::string().swap(out_);
  out_at_ = 0;
  file_.close();
  if (phase_ == Phase::interim) {
    request_.expects_continue = false;
    return want_body();
  }
  if (phase_ == Phase::streaming) {
    stream_->sent();
    // Not at once: a writer that is always quicker would keep this thread here.
    boost::asio::post(worker_.context, [self = shared_from_this()] {
      if (self->phase_ == Phase::streaming) self->flush_stream();
    });
    return;
  }
  if (stream_) return open_stream();
  answered();
}

void Connection::answered() {
  tell_done();
  parser_.reset();
  if (!keep_alive_ || serving_.stopping) return linger();
  next_request();
}

void Connection::tell_done() {
  if (!serving_.options.done) return;
  const auto took = std::chrono::steady_clock::now() - began_;
  on_pool([this, head = std::move(request_.head), status = status_,
           took = std::chrono::duration_cast<std::chrono::microseconds>(took)] {
    serving_.options.done(head, status, took);
  });
}

void Connection::linger() {
  phase_ = Phase::lingering;
  transport_.end_writing();
  set_deadline(serving_.stopping ? std::min(linger_when_stopping, serving_.options.linger_timeout)
                                 : serving_.options.linger_timeout);
  std::string().swap(in_);
  drop_on();
}

void Connection::drop_on() {
  for (int turn = 0; turn < most_turns; ++turn) {
    if (!progressed(transport_.drop())) return;
  }
  wait(Wait::read);
}

void Connection::open_stream() {
  phase_ = Phase::streaming;
  no_deadline();
  parser_.reset();
  std::string().swap(in_);
  opening_ = true;
  on_pool([this, stream = stream_, opened = std::move(stream_body_.opened)] {
    const auto back = [this] {
      opening_ = false;
      if (phase_ != Phase::streaming) tell_closed();
    };
    try {
      if (opened) opened(stream);
    } catch (...) {
      stream->close();
      boost::asio::post(worker_.context, [self = shared_from_this(), back] { back(); });
      throw;
    }
    boost::asio::post(worker_.context, [self = shared_from_this(), back] { back(); });
  });
  watch_stream();
}

void Connection::flush_stream() {
  if (stream_->ran_over()) return end();
  if (out_at_ < out_.size()) return;  // what is on its way comes back here
  auto bytes = stream_->take(chunked_);
  if (bytes.empty() && stream_->ended()) {
    if (!chunked_ || last_chunk_sent_) return close_stream();
    last_chunk_sent_ = true;
    bytes = "0\r\n\r\n";
  }
  if (bytes.empty()) return no_deadline();
  out_ = std::move(bytes);
  set_deadline(serving_.options.write_timeout);
  write_on();
}

/// A client that has gone shows in nothing but the end of what it sends.
void Connection::watch_stream() {
  if (out_at_ < out_.size()) write_on();
  for (int turn = 0; turn < most_turns; ++turn) {
    if (phase_ != Phase::streaming || !progressed(transport_.drop())) return;
  }
  wait(Wait::read);
}

void Connection::close_stream() {
  std::exchange(stream_, nullptr)->shut();
  answered();
  if (!opening_) tell_closed();
}

void Connection::tell_closed() {
  if (auto closed = std::exchange(stream_body_.closed, nullptr)) on_pool(std::move(closed));
}

}  // namespace orakgarak::net
