#include "net/server.h"

#include <fmt/format.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <latch>
#include <thread>

#include "net/connection.h"

namespace orakgarak::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Connections above the limit that are told so; those above this are closed without a word.
constexpr std::size_t most_refused = 256;
constexpr std::chrono::milliseconds accept_pause{100};  ///< when there are no descriptors left

/// Threads that are started meanwhile get no signal: those are for the program's own threads, and a client
/// that has gone (SIGPIPE) is an error value here. A fault of the thread itself still reaches its handler.
class SignalsHeldBack {
 public:
  SignalsHeldBack() {
    sigset_t all;
    sigfillset(&all);
    for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) sigdelset(&all, own);
    ::pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsHeldBack() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeldBack(const SignalsHeldBack&) = delete;
  SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

 private:
  sigset_t before_{};
};

std::unexpected<Error> cannot_listen(const error_code& error, const ServerOptions& options) {
  const std::string at = fmt::format("{} port {}", options.address, options.port);
  if (error == asio::error::address_in_use) {
    const std::string holder = who_listens_on(options.port);
    return fail(ErrorKind::conflict, "port_in_use",
                fmt::format("{} is taken{}: stop what holds it, or choose another port.", at,
                            holder.empty() ? "" : " by " + holder));
  }
  if (error == asio::error::access_denied)
    return rejected("no_permission",
                    fmt::format("This user may not listen on {}: choose a port from 1024 on.", at));
  return rejected("bad_address", fmt::format("Cannot listen on {} ({}): name an address of this machine.", at,
                                             error.message()));
}

Result<tcp::acceptor> listen(asio::io_context& context, const ServerOptions& options) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error)
    return rejected("bad_address",
                    fmt::format("\"{}\" is no address to listen on: write an IP address, such as "
                                "127.0.0.1, or 0.0.0.0 for all.",
                                options.address));
  const tcp::endpoint endpoint(address, options.port);
  tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) return cannot_listen(error, options);
  return acceptor;
}

IpAddress to_ip(const asio::ip::address& address) {
  const auto six =
      address.is_v6() ? address.to_v6() : asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4());
  return {six.to_bytes()};
}

class BeastServer : public Server {
 public:
  BeastServer(std::unique_ptr<Serving> serving, std::vector<std::unique_ptr<Worker>> workers,
              tcp::acceptor acceptor)
      : serving_(std::move(serving)),
        workers_(std::move(workers)),
        acceptor_(std::move(acceptor)),
        pause_(workers_[0]->context),
        port_(acceptor_.local_endpoint().port()) {
    const SignalsHeldBack held;
    accept();
    for (auto& worker : workers_) {
      guards_.push_back(asio::make_work_guard(worker->context));
      threads_.emplace_back([&context = worker->context] { context.run(); });
    }
  }
  ~BeastServer() override { stop({}); }

  std::uint16_t port() const override { return port_; }
  ServerLoad load() const override;
  bool stop(std::chrono::milliseconds deadline) override;

 private:
  void accept();
  void accepted(tcp::socket socket, Worker& worker);
  std::size_t connections_over(const IpAddress& address) const;
  void on_every_worker(const std::function<void(Worker&)>& call);
  bool wait_for_the_end(std::chrono::milliseconds deadline);

  std::unique_ptr<Serving> serving_;
  std::vector<std::unique_ptr<Worker>> workers_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  const std::uint16_t port_;
  std::size_t next_worker_ = 0;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards_;
  std::vector<std::thread> threads_;

  std::mutex stop_mutex_;
  std::optional<bool> stopped_;  ///< what stop() gave; under stop_mutex_
};

ServerLoad BeastServer::load() const {
  const std::lock_guard lock(serving_->mutex);
  return {.connections = serving_->live,
          .handlers = static_cast<std::size_t>(std::max(serving_->options.handler_threads, 1)),
          .busy = serving_->busy,
          .waiting = serving_->waiting,
          .refused = serving_->refused,
          .certificate_end = certificate_end(serving_->tls)};
}

void BeastServer::accept() {
  Worker& worker = *workers_[next_worker_++ % workers_.size()];
  acceptor_.async_accept(worker.context, [this, &worker](const error_code& error, tcp::socket socket) {
    if (serving_->stopping) return;
    if (!error) accepted(std::move(socket), worker);
    const bool exhausted = error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
                           error == asio::error::no_memory || error.value() == ENFILE;
    if (!exhausted) return accept();
    pause_.expires_after(accept_pause);
    pause_.async_wait([this](const error_code& cancelled) {
      if (!cancelled && !serving_->stopping) accept();
    });
  });
}

/// How far one more of this address passes a limit: 0 where it does not.
std::size_t BeastServer::connections_over(const IpAddress& address) const {
  const auto& options = serving_->options;
  const auto over = [](std::size_t with_this_one, std::size_t most) {
    return with_this_one > most ? with_this_one - most : 0;
  };
  const std::lock_guard lock(serving_->mutex);
  const std::size_t over_all = over(serving_->live + 1, options.most_connections);
  const bool many =
      serving_->proxies.trusts(address) || (options.this_machine_is_many && is_loopback(address));
  const auto found = serving_->of_clients.find(client_of(address).bytes);
  if (many || found == serving_->of_clients.end()) return over_all;
  return std::max(over_all, over(found->second + 1, options.most_of_one_client));
}

void BeastServer::accepted(tcp::socket socket, Worker& worker) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (!error) socket.native_non_blocking(true, error);
  if (!error) socket.set_option(tcp::no_delay(true), error);
  if (error) return;  // it has gone already
  const IpAddress address = to_ip(peer.address());
  const std::size_t over = connections_over(address);
  if (over > 0) ++serving_->refused;
  if (over > most_refused) return;
  auto connection = std::make_shared<Connection>(*serving_, worker, std::move(socket), address);
  asio::post(worker.context, [connection = std::move(connection), refuse = over > 0] {
    refuse ? connection->start_refusing() : connection->start();
  });
}

void BeastServer::on_every_worker(const std::function<void(Worker&)>& call) {
  std::latch called(static_cast<std::ptrdiff_t>(workers_.size()));
  for (auto& worker : workers_) {
    asio::post(worker->context, [&, &worker = *worker] {
      call(worker);
      called.count_down();
    });
  }
  called.wait();
}

bool BeastServer::wait_for_the_end(std::chrono::milliseconds deadline) {
  std::unique_lock lock(serving_->mutex);
  return serving_->fewer.wait_for(lock, deadline, [&] { return serving_->live == 0; });
}

bool BeastServer::stop(std::chrono::milliseconds deadline) {
  const std::lock_guard lock(stop_mutex_);
  if (stopped_) return *stopped_;
  serving_->stopping = true;
  on_every_worker([this](Worker& worker) {
    if (&worker == workers_[0].get()) {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
    }
    const auto connections = worker.connections;  // it changes as they end
    for (Connection* connection : connections) connection->drain();
  });
  std::atomic<bool> all_answered = true;
  if (!wait_for_the_end(deadline)) {
    on_every_worker([&](Worker& worker) {
      const auto connections = worker.connections;
      for (Connection* connection : connections) {
        if (connection->cut()) all_answered = false;
      }
    });
    std::unique_lock live(serving_->mutex);
    serving_->fewer.wait(live, [&] { return serving_->live == 0; });
  }
  serving_->pool.join();
  guards_.clear();
  for (auto& worker : workers_) worker->context.stop();
  for (auto& thread : threads_) thread.join();
  return stopped_.emplace(all_answered);
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler) {
  auto proxies = TrustedProxies::parse(options.trusted_proxies);
  if (!proxies) return std::unexpected(std::move(proxies.error()));
  TlsContext tls;
  if (options.tls) {
    auto loaded = load_tls(*options.tls);
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    tls = std::move(*loaded);
  }
  std::vector<std::unique_ptr<Worker>> workers(static_cast<std::size_t>(std::max(options.io_threads, 1)));
  for (auto& worker : workers) worker = std::make_unique<Worker>();
  auto acceptor = listen(workers[0]->context, options);
  if (!acceptor) return std::unexpected(std::move(acceptor.error()));
  std::unique_ptr<Serving> serving;
  {
    const SignalsHeldBack held;  // the pool starts its threads
    serving = std::make_unique<Serving>(options, std::move(handler), std::move(*proxies), std::move(tls));
  }
  return std::make_unique<BeastServer>(std::move(serving), std::move(workers), std::move(*acceptor));
}

}  // namespace orakgarak::net
