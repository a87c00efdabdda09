#include "event_clients.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace orakgarak::bench {
namespace {

constexpr std::chrono::seconds between_polls{1};
constexpr std::chrono::seconds patience{60};  ///< until all streams are open

/// "2026-11-24T18:21:55.000123Z"
std::chrono::system_clock::time_point time_of(const std::string& text) {
  using namespace std::chrono;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, us = 0;
  if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d.%dZ", &y, &mo, &d, &h, &mi, &s, &us) != 7)
    throw std::runtime_error("no time: " + text);
  return sys_days{year{y} / mo / d} + hours{h} + minutes{mi} + seconds{s} + microseconds{us};
}

}  // namespace

EventClients::EventClients(std::uint16_t port, Way way, std::vector<Client>& clients)
    : port_(port), way_(way), clients_(clients), epoll_(::epoll_create1(0)) {
  const auto begun = Steady::now();
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    connect(clients_[i]);
    if (way_ == Way::streams)
      ask(clients_[i], fmt::format("/v1/events?after={}", clients_[i].after));
    else  // spread over the second
      turns_.push_back({begun + between_polls * i / clients_.size(), &clients_[i]});
  }
  while (way_ == Way::streams && open_ < clients_.size()) {
    if (Steady::now() > begun + patience || heard_.broken > 0)
      throw std::runtime_error(
          fmt::format("{} of {} streams open, {} ended", open_, clients_.size(), heard_.broken));
    run(std::chrono::milliseconds(10));
  }
  heard_ = {};
}

EventClients::~EventClients() {
  for (auto& client : clients_) {
    if (client.fd >= 0) ::close(client.fd);
    client = {.cookie = client.cookie, .after = client.after};
  }
  ::close(epoll_);
}

void EventClients::connect(Client& client) {
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(port_);
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  client.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (client.fd < 0 || ::connect(client.fd, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
    throw std::runtime_error("cannot connect");
  ::fcntl(client.fd, F_SETFL, O_NONBLOCK);
  epoll_event event{.events = EPOLLIN, .data = {.ptr = &client}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.fd, &event);
}

void EventClients::ask(const Client& client, const std::string& target) const {
  const auto request = fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\n\r\n", target,
                                   port_, client.cookie);
  if (::send(client.fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    throw std::runtime_error("cannot ask");
}

void EventClients::run(std::chrono::milliseconds duration) {
  const auto until = Steady::now() + duration;
  for (auto now = Steady::now(); now < until; now = Steady::now()) {
    ask_those_due();
    auto wake = until;
    if (!turns_.empty()) wake = std::min(wake, turns_.front().due);
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(wake - Steady::now()).count();
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), std::max(0, static_cast<int>(wait)));
    for (int i = 0; i < count; ++i) read(*static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr));
  }
}

void EventClients::ask_those_due() {
  const auto now = Steady::now();
  for (; !turns_.empty() && turns_.front().due <= now; turns_.pop_front()) {
    const Client& client = *turns_.front().client;
    if (client.fd >= 0) ask(client, fmt::format("/v1/transitions?after={}", client.after));
  }
}

void EventClients::read(Client& client) {
  std::array<char, 16384> bytes;
  const ssize_t got = ::recv(client.fd, bytes.data(), bytes.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    ++heard_.broken;
    ::close(std::exchange(client.fd, -1));
    return;
  }
  client.in.append(bytes.data(), static_cast<std::size_t>(got));
  way_ == Way::streams ? take_lines(client) : take_answer(client);
}

/// Lines of the head and of the chunks' framing pass by; an event's line never goes over two chunks.
void EventClients::take_lines(Client& client) {
  std::size_t begin = 0;
  for (auto end = client.in.find('\n'); end != std::string::npos; end = client.in.find('\n', begin)) {
    const auto line = std::string_view(client.in).substr(begin, end - begin);
    if (line.starts_with("data: ")) take(client, line.substr(6));
    if (line.starts_with("retry: ") && !std::exchange(client.open, true)) ++open_;
    begin = end + 1;
  }
  client.in.erase(0, begin);
}

void EventClients::take_answer(Client& client) {
  const auto head = client.in.find("\r\n\r\n"), length = client.in.find("Content-Length: ");
  if (head == std::string::npos) return;
  if (length > head || !client.in.starts_with("HTTP/1.1 200"))
    throw std::runtime_error("a poll was answered: " + client.in);
  const auto size = std::stoul(client.in.substr(length + 16, 20));
  if (client.in.size() < head + 4 + size) return;
  const auto body = nlohmann::json::parse(client.in.substr(head + 4, size));
  for (const auto& transition : body.at("items")) take(client, transition.dump());
  client.in.clear();
  turns_.push_back({Steady::now() + between_polls, &client});
}

void EventClients::take(Client& client, std::string_view transition) {
  const auto now = std::chrono::system_clock::now();
  const auto json = nlohmann::json::parse(transition);
  const auto sequence = json.at("sequence").get<std::int64_t>();
  const std::chrono::duration<double, std::milli> took = now - time_of(json.at("at"));
  heard_.milliseconds.push_back(took.count());
  if (sequence <= client.after) {
    ++heard_.repeated;
  } else {
    heard_.lost += sequence - client.after - 1;
    client.after = sequence;
  }
}

}  // namespace orakgarak::bench
