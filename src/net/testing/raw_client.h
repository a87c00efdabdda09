#pragma once
// A client that sends whatever bytes a test likes, and waits for what comes back.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace orakgarak::net::testing {

class RawClient {
 public:
  /// receive_buffer: bytes that the system keeps for a client that does not
  /// read; 0: its own choice. from: an address of this machine.
  explicit RawClient(std::uint16_t port, int receive_buffer = 0, const char* from = "127.0.0.1")
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    ::inet_pton(AF_INET, from, &own.sin_addr);
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~RawClient() { close(); }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        connected_(other.connected_),
        received_(std::move(other.received_)) {}
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient& operator=(RawClient&&) = delete;

  bool connected() const { return connected_; }
  int fd() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  void end_sending() { ::shutdown(fd_, SHUT_WR); }

  /// false: the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Reads until all of `words` has come, and gives everything up to its end; what came when the server
  /// closed or patience ended before.
  std::string until(std::string_view words) {
    while (received_.find(words) == std::string::npos && more()) {
    }
    const auto at = received_.find(words);
    return take(at == std::string::npos ? received_.size() : at + words.size());
  }
  /// Exactly so many bytes, or fewer.
  std::string bytes(std::size_t count) {
    while (received_.size() < count && more()) {
    }
    return take(std::min(count, received_.size()));
  }
  /// Everything until the server closes. ended() says whether it did, and how.
  std::string rest() {
    while (more()) {
    }
    return take(received_.size());
  }
  /// A head, and the body that its Content-Length announces.
  std::string response() {
    std::string head = until("\r\n\r\n");
    const std::string name = "Content-Length: ";
    const auto at = head.find(name);
    if (at != std::string::npos) head += bytes(std::stoul(head.substr(at + name.size())));
    return head;
  }
  std::string request(std::string_view bytes) {
    send(bytes);
    return response();
  }

  bool ended() const { return ended_; }
  bool was_reset() const { return reset_; }

 private:
  std::string take(std::size_t count) {
    std::string taken = received_.substr(0, count);
    received_.erase(0, count);
    return taken;
  }
  bool more() {
    pollfd waited{fd_, POLLIN, 0};
    if (::poll(&waited, 1, 10'000) <= 0) return false;
    std::array<char, 65536> piece;
    const ssize_t got = ::recv(fd_, piece.data(), piece.size(), 0);
    if (got <= 0) {
      ended_ = got == 0;
      reset_ = got < 0;
      return false;
    }
    received_.append(piece.data(), static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  bool connected_ = false, ended_ = false, reset_ = false;
  std::string received_;
};

}  // namespace orakgarak::net::testing
