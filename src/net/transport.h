#pragma once
// A connected socket, plain or under TLS, that never blocks: each call does what can be done now, or says
// what to wait for. So a connection that waits holds no buffer.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace orakgarak::net {

enum class IoState : std::uint8_t { done, want_read, want_write, ended, failed };

struct IoResult {
  IoState state = IoState::done;
  std::size_t bytes = 0;  ///< where done: at least one, except of a handshake
};

class Transport {
 public:
  /// fd: connected, non-blocking; stays the caller's. tls: nothing for plain HTTP.
  Transport(int fd, ssl_ctx_st* tls);

  bool under_tls() const { return tls_ != nullptr; }
  /// done: `plain` says whether what comes looks like HTTP instead of a handshake; it stays to be read.
  IoResult peek_is_plain(bool& plain) const;
  IoResult handshake();
  /// ended: the client sends no more.
  IoResult read(std::span<char> to);
  /// A call after want_read or want_write repeats the same bytes.
  IoResult write(std::string_view bytes);
  /// ended: the file has fewer bytes than that.
  IoResult write_file(int file, std::uint64_t offset, std::uint64_t length);
  /// Says that nothing more will come; reading goes on.
  void end_writing();
  /// Reads and forgets. After end_writing() without decrypting.
  IoResult drop();

 private:
  struct FreeTls {
    void operator()(ssl_st* tls) const;
  };
  IoResult tls_result(int result) const;

  int fd_;
  bool writing_ended_ = false;
  std::unique_ptr<ssl_st, FreeTls> tls_;
};

}  // namespace orakgarak::net
