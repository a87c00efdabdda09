#include "net/transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace orakgarak::net {
namespace {

constexpr std::size_t most_at_once = 1U << 20;  ///< of a file in one call: other connections wait meanwhile

IoResult from_errno(IoState waiting) {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {waiting, 0};
  return {IoState::failed, 0};
}

int as_int(std::size_t size) { return static_cast<int>(std::min(size, most_at_once)); }

}  // namespace

void Transport::FreeTls::operator()(ssl_st* tls) const { ::SSL_free(tls); }

Transport::Transport(int fd, ssl_ctx_st* tls) : fd_(fd), tls_(tls ? ::SSL_new(tls) : nullptr) {
  if (!tls_) return;
  ::SSL_set_fd(tls_.get(), fd);
  ::SSL_set_accept_state(tls_.get());
}

IoResult Transport::tls_result(int result) const {
  if (result > 0) return {IoState::done, static_cast<std::size_t>(result)};
  switch (::SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {IoState::want_read, 0};
    case SSL_ERROR_WANT_WRITE:
      return {IoState::want_write, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {IoState::ended, 0};
    default:
      return {IoState::failed, 0};
  }
}

IoResult Transport::peek_is_plain(bool& plain) const {
  char first = 0;
  const ssize_t got = ::recv(fd_, &first, 1, MSG_PEEK);
  if (got < 0) return from_errno(IoState::want_read);
  if (got == 0) return {IoState::ended, 0};
  plain = first >= 'A' && first <= 'Z';
  return {IoState::done, 1};
}

IoResult Transport::handshake() {
  ::ERR_clear_error();
  return tls_result(::SSL_do_handshake(tls_.get()));
}

IoResult Transport::read(std::span<char> to) {
  if (tls_) {
    ::ERR_clear_error();
    return tls_result(::SSL_read(tls_.get(), to.data(), as_int(to.size())));
  }
  const ssize_t got = ::recv(fd_, to.data(), to.size(), 0);
  if (got > 0) return {IoState::done, static_cast<std::size_t>(got)};
  return got == 0 ? IoResult{IoState::ended, 0} : from_errno(IoState::want_read);
}

IoResult Transport::write(std::string_view bytes) {
  if (tls_) {
    ::ERR_clear_error();
    return tls_result(::SSL_write(tls_.get(), bytes.data(), as_int(bytes.size())));
  }
  const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return sent >= 0 ? IoResult{IoState::done, static_cast<std::size_t>(sent)}
                   : from_errno(IoState::want_write);
}

IoResult Transport::write_file(int file, std::uint64_t offset, std::uint64_t length) {
  auto from = static_cast<off_t>(offset);
  if (tls_) {
    thread_local std::array<char, 16384> piece;  // one TLS record
    const ssize_t got = ::pread(file, piece.data(), std::min<std::uint64_t>(length, piece.size()), from);
    if (got == 0) return {IoState::ended, 0};
    if (got < 0) return {IoState::failed, 0};
    return write({piece.data(), static_cast<std::size_t>(got)});
  }
  const ssize_t sent = ::sendfile(fd_, file, &from, std::min<std::uint64_t>(length, most_at_once));
  if (sent > 0) return {IoState::done, static_cast<std::size_t>(sent)};
  return sent == 0 ? IoResult{IoState::ended, 0} : from_errno(IoState::want_write);
}

void Transport::end_writing() {
  if (writing_ended_) return;
  writing_ended_ = true;
  if (tls_) {
    ::ERR_clear_error();
    ::SSL_shutdown(tls_.get());
  }
  ::shutdown(fd_, SHUT_WR);
}

IoResult Transport::drop() {
  thread_local std::array<char, 16384> dropped;
  if (!writing_ended_) return read(dropped);
  const ssize_t got = ::recv(fd_, dropped.data(), dropped.size(), 0);
  if (got > 0) return {IoState::done, static_cast<std::size_t>(got)};
  return got == 0 ? IoResult{IoState::ended, 0} : from_errno(IoState::want_read);
}

}  // namespace orakgarak::net
