#include "proxy.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace orakgarak::uploads {
namespace {

sockaddr_in here(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool send_all(int to, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(to, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

/// Some bytes from one side to the other, as long as `left` (0: without end) lasts. What happened to the
/// line.
enum class Moved { some, end, cut };
Moved move_some(int from, int to, std::int64_t& left, bool swallow) {
  std::array<char, 65'536> buffer;
  const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
  if (got <= 0) return Moved::end;
  const bool cuts = left > 0 && got >= left;
  const auto size = static_cast<std::size_t>(cuts ? left : got);
  if (!swallow && !send_all(to, buffer.data(), size)) return Moved::end;
  if (cuts) return Moved::cut;
  if (left > 0) left -= got;
  return Moved::some;
}

}  // namespace

CuttableLine::CuttableLine(const std::string& to)
    : to_port_(static_cast<std::uint16_t>(std::stoi(to.substr(to.rfind(':') + 1)))) {
  start();
}

CuttableLine::~CuttableLine() { stop(); }

void CuttableLine::start() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address = here(port_);
  socklen_t length = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    throw std::runtime_error("no port for a line that can be cut");
  port_ = ntohs(address.sin_port);
  accepting_ = std::jthread([this] { accept(); });
}

void CuttableLine::stop() {
  if (listener_ < 0) return;
  ::shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  ::close(std::exchange(listener_, -1));
  drop_open();
  threads_.clear();
}

void CuttableLine::drop_open() {
  const std::scoped_lock lock(mutex_);
  for (const int client : open_) ::shutdown(client, SHUT_RDWR);
}

void CuttableLine::cut_answers(std::int64_t after_bytes, int times, std::function<void()> when_cut) {
  {
    const std::scoped_lock lock(mutex_);
    cut_ = {.answers = after_bytes};
    cuts_left_ = times;
    when_cut_ = std::move(when_cut);
  }
  drop_open();
}

void CuttableLine::cut_requests(std::int64_t after_bytes, int times) {
  {
    const std::scoped_lock lock(mutex_);
    cut_ = {.requests = after_bytes};
    cuts_left_ = times;
  }
  drop_open();
}

CuttableLine::Cut CuttableLine::next_cut() {
  if (cuts_left_ == 0) return {};
  --cuts_left_;
  return cut_;
}

void CuttableLine::accept() {
  for (int client; (client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    ++connections_;
    const std::scoped_lock lock(mutex_);
    open_.push_back(client);
    threads_.emplace_back([this, client, cut = next_cut()] { carry(client, cut); });
  }
}

void CuttableLine::carry(int client, Cut cut) {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = here(to_port_);
  bool was_cut = false;
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    std::array<pollfd, 2> sides{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    for (Moved moved = Moved::some; moved == Moved::some && ::poll(sides.data(), sides.size(), -1) > 0;) {
      moved = sides[0].revents != 0 ? move_some(client, server, cut.requests, false)
                                    : move_some(server, client, cut.answers, swallows_);
      was_cut = moved == Moved::cut;
    }
  }
  std::function<void()> when_cut;
  {
    const std::scoped_lock lock(mutex_);
    if (was_cut) when_cut = when_cut_;
  }
  if (when_cut) when_cut();
  const std::scoped_lock lock(mutex_);
  std::erase(open_, client);
  ::close(client);
  ::close(server);
}

}  // namespace orakgarak::uploads
