// LISTEN on a connection of its own, made anew with longer and longer waits while the server is away.
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "storage/postgres/connection.h"

namespace orakgarak::storage {

using namespace postgres;

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_wait{100}, longest_wait{5000};

/// Wakes who waits on a file descriptor, once and for all.
class Ending {
 public:
  Ending() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;
  ~Ending() { close(fd_); }

  void begin() const { (void)eventfd_write(fd_, 1); }
  /// Waits until `other` (-1: none) can be read, for `most` (negative: without end). False: the end has
  /// begun.
  bool wait(int other, milliseconds most) const {
    pollfd ready[] = {{fd_, POLLIN, 0}, {other, POLLIN, 0}};
    (void)poll(ready, 2, static_cast<int>(most.count()));  // interrupted: the caller comes back
    return ready[0].revents == 0;
  }

 private:
  const int fd_;
};

class WatchingThread final : public PostgresWatching {
 public:
  WatchingThread(PostgresOptions options, PostgresWatch watch)
      : options_(std::move(options)), watch_(std::move(watch)), thread_([this] { run(); }) {}
  WatchingThread(const WatchingThread&) = delete;
  WatchingThread& operator=(const WatchingThread&) = delete;
  ~WatchingThread() override {
    ending_.begin();
    thread_.join();
  }

 private:
  void run() {
    const auto address = Address::parse(options_.url);
    if (!address) return;  // open_postgres() has said so
    std::minstd_rand random(std::random_device{}());
    std::uniform_real_distribution<double> part(0.5, 1.0);
    milliseconds wait{0};
    while (ending_.wait(
        -1, milliseconds(static_cast<milliseconds::rep>(static_cast<double>(wait.count()) * part(random))))) {
      try {
        Connection connection(*address, options_);
        connection.execute("LISTEN orakgarak_moved; LISTEN orakgarak_outbox");
        wait = milliseconds{0};
        watch_.missed();  // also the first time: what was committed since the program looked last is not told
        while (ending_.wait(connection.socket(), milliseconds{-1})) tell(connection.told());
        return;
      } catch (const std::runtime_error&) {
        // Whoever uses the store is told that the server is away; here it is only waited for.
        wait = std::clamp(2 * wait, first_wait, longest_wait);
      }
    }
  }

  /// Each person once, whatever has come.
  void tell(const std::vector<Connection::Told>& told) const {
    std::set<uploads::OwnerId> moved;
    bool outbox = false;
    for (const auto& [channel, payload] : told) {
      outbox = outbox || channel == "orakgarak_outbox";
      if (channel != "orakgarak_moved") continue;
      if (auto owner = uploads::OwnerId::parse(payload)) moved.insert(*std::move(owner));
    }
    for (const auto& owner : moved) watch_.moved(owner);
    if (outbox) watch_.outbox();
  }

  const PostgresOptions options_;
  const PostgresWatch watch_;
  Ending ending_;
  std::thread thread_;  // the last: it uses all of the above
};

}  // namespace

std::unique_ptr<PostgresWatching> watch_postgres(const PostgresOptions& options, PostgresWatch watch) {
  return std::make_unique<WatchingThread>(options, std::move(watch));
}

}  // namespace orakgarak::storage
