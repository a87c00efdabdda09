#pragma once
// Thousands of clients that hear of transitions, in one loop: each on an event stream, or each asking for
// what is new once a second.
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace orakgarak::bench {

enum class Way : std::uint8_t { streams, polls };

struct Client {
  std::string cookie;
  std::int64_t after = 0;  ///< the last sequence number that was seen
  int fd = -1;
  bool open = false;  ///< the stream has begun
  std::string in{};   ///< read and not yet understood
};

/// What came, by the clients' own check: an owner's transitions are numbered without a gap.
struct Heard {
  /// From the time that a transition carries, taken before its commit, to its arrival.
  std::vector<double> milliseconds;
  std::int64_t lost = 0;      ///< left out
  std::int64_t repeated = 0;  ///< or out of order
  std::int64_t broken = 0;    ///< connections that ended
};

class EventClients {
 public:
  /// Connects all of `clients`, who go on from their `after`; streams are open when this returns.
  EventClients(std::uint16_t port, Way way, std::vector<Client>& clients);
  ~EventClients();
  EventClients(const EventClients&) = delete;
  EventClients& operator=(const EventClients&) = delete;

  void run(std::chrono::milliseconds duration);
  const Heard& heard() const { return heard_; }

 private:
  using Steady = std::chrono::steady_clock;
  struct Turn {
    Steady::time_point due;
    Client* client;
  };

  void connect(Client& client);
  void ask(const Client& client, const std::string& target) const;
  void read(Client& client);
  void take_lines(Client& client);
  void take_answer(Client& client);
  void take(Client& client, std::string_view transition);
  void ask_those_due();

  const std::uint16_t port_;
  const Way way_;
  std::vector<Client>& clients_;
  int epoll_;
  std::size_t open_ = 0;
  std::deque<Turn> turns_;  ///< of polls, the next one first
  Heard heard_;
};

}  // namespace orakgarak::bench
