#include "app/serving.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "app/adapters.h"
#include "app/alertmanager.h"
#include "app/folders.h"
#include "app/key_file.h"
#include "app/library.h"
#include "app/memory.h"
#include "app/observing.h"
#include "app/open_files.h"
#include "app/readiness.h"
#include "app/serve_options.h"
#include "app/server_data.h"
#include "app/telling.h"
#include "app/working.h"
#include "devices/shared_device.h"
#include "http/catalogue.h"
#include "http/router.h"
#include "http/service.h"
#include "net/server.h"
#include "people/token.h"
#include "storage/local_objects/endpoint.h"
#include "uploads/upkeep.h"

namespace orakgarak::app {
namespace {

namespace fs = std::filesystem;

constexpr int handler_threads = 8;

/// By which browsers reach the files, where that is known before they ask.
std::string public_objects_url(const ServeCommand& command, const Adapters& adapters) {
  return command.public_objects_url.empty() ? adapters.objects_origin : command.public_objects_url;
}

class Running final : public Serving {
 public:
  Running(const ServeCommand& command, Adapters adapters, songs::Matcher matcher, Journal& journal)
      : command_(command),
        journal_(journal),
        telling_(std::move(adapters), journal_, meters_),
        catalogue_(std::move(matcher)),
        hub_(telling_.uploads(), {.most_per_person = command.run.limits.streams_a_person}),
        health_(store_probe(telling_.uploads())),
        service_{telling_.uploads(),
                 *telling_.adapters().objects,
                 *telling_.adapters().presigner,
                 *telling_.adapters().rows.people,
                 *telling_.adapters().rows.accounts,
                 passwords_,
                 *telling_.adapters().rows.social,
                 catalogue_,
                 hub_,
                 system_now,
                 command.run.limits,
                 ORAK_VERSION,
                 command.public_url,
                 public_objects_url(command, telling_.adapters()),
                 0,
                 command.page.empty() ? page_folder() : fs::path(command.page),
                 docs_folder(),
                 [this](const Error& error) { journal_.complain(error); },
                 &health_,
                 [this] { return events_lag(); }} {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() override { stop(std::chrono::milliseconds(0)); }

  /// Errors: of listening.
  Result<void> start(const Settings& settings);
  std::string url() const override {
    return command_.public_url.empty() ? shown_url(listen_, page_server_->port(), over_tls())
                                       : command_.public_url;
  }
  std::string metrics_url() const override {
    return observing_ ? shown_url({"127.0.0.1", 0}, observing_->port(), false) + "/metrics" : "";
  }
  std::string objects_url() const override {
    return service_.public_objects_url.empty()
               ? shown_url(objects_listen_, objects_server_->port(), over_tls())
               : service_.public_objects_url;
  }
  void drain() override { health_.stop(); }
  bool stop(std::chrono::milliseconds deadline) override;

 private:
  bool over_tls() const { return !command_.tls_certificate.empty(); }
  net::ServerOptions server_options(const Listen& listen) const;
  bool is_our_page(const net::RequestHead& head, std::string_view origin) const;
  Result<std::vector<http::EventsLag>> events_lag();
  void show_operators(const Settings& settings);
  Result<void> start_work(const Settings& settings);
  Result<void> listen(const Settings& settings);
  Result<void> start_objects();
  Result<void> start_page();
  Result<void> start_observing(const Settings& settings);
  Result<void> read_storage_keys();

  const ServeCommand command_;
  Journal& journal_;
  Listen listen_, objects_listen_;
  std::size_t most_connections_ = 0;  ///< of each of the two servers
  Meters meters_{command_.metrics_listen != "off"};
  Telling telling_;
  http::Catalogue catalogue_;
  http::EventHub hub_;
  http::Health health_;
  std::optional<Alertmanager> alertmanager_;
  people::Passwords passwords_;
  http::Service service_;
  // Each uses what stands before it, and goes first.
  std::unique_ptr<Working> working_;  ///< nothing where others work
  std::jthread hub_thread_;
  std::unique_ptr<net::Server> objects_server_;  ///< nothing where the files are in S3
  std::unique_ptr<net::Server> page_server_;
  std::unique_ptr<net::Server> observing_;    ///< nothing where none is wanted, or its port is taken
  std::atomic<std::uint16_t> page_port_ = 0;  ///< 0 until it is known: files may be sent before
  bool stopped_ = false;
};

net::ServerOptions Running::server_options(const Listen& listen) const {
  net::ServerOptions options;
  options.address = listen.address;
  options.port = listen.port;
  if (over_tls()) options.tls = net::TlsFiles{command_.tls_certificate, command_.tls_key};
  options.trusted_proxies = command_.trusted_proxies;
  options.most_connections = std::min(options.most_connections, most_connections_);
  options.most_of_one_client =
      std::min(options.most_of_one_client, std::max<std::size_t>(1, options.most_connections / 4));
  options.threw = [this](const net::RequestHead& head, const Error& error) { journal_.threw(head, error); };
  return options;
}

bool Running::is_our_page(const net::RequestHead& head, std::string_view origin) const {
  if (!command_.public_url.empty() && origin == command_.public_url) return true;
  const auto port = page_port_.load();
  return port != 0 && origin == http::own_origin(head, port);
}

Result<std::vector<http::EventsLag>> Running::events_lag() {
  const auto lag = telling_.adapters().events->lag();
  if (!lag) return std::unexpected(lag.error());
  std::vector<http::EventsLag> all;
  for (const auto& one : *lag) all.push_back({one.group, one.topic, one.partition, one.events});
  return all;
}

/// What of this machine is for operators alone.
void Running::show_operators(const Settings& settings) {
  service_.devices = [folder = devices_folder(settings)] {
    std::vector<uploads::DeviceState> states;
    for (const auto& file : devices::device_files(folder))
      if (auto state = devices::look_at_device(file)) states.push_back(*std::move(state));
    return states;
  };
  if (command_.alertmanager_url.empty()) return;
  alertmanager_.emplace(command_.alertmanager_url);
  service_.alerts = [this] { return alertmanager_->firing(); };
}

Result<void> Running::start_objects() {
  auto& adapters = telling_.adapters();
  if (adapters.objects_folder.empty()) return {};
  auto endpoint = storage::local_objects_endpoint(
      adapters.objects_folder,
      {.clock = system_now,
       .allowed_origin = [this](const net::RequestHead& head,
                                std::string_view origin) { return is_our_page(head, origin); },
       .arrived =
           [this](const std::string& key) {
             auto& uploads = telling_.uploads();
             if (const auto queued = uploads::object_arrived(uploads, key, system_now()); !queued)
               journal_.complain(queued.error());  // the reconciler finds it
             if (const auto gone = uploads::remove_unwanted(uploads, *telling_.adapters().objects, key);
                 !gone)
               journal_.complain(gone.error());  // upkeep finds it
           }});
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  auto options = server_options(objects_listen_);
  options.done = [this](const net::RequestHead& head, int status, std::chrono::microseconds took) {
    meters_.object_answered(head, status, took);
  };
  auto server = net::Server::start(options, std::move(*endpoint));
  if (!server) return std::unexpected(std::move(server.error()));
  objects_server_ = std::move(*server);
  meters_.look_at("objects", *objects_server_);
  service_.objects_port = objects_server_->port();
  return {};
}

Result<void> Running::start_page() {
  auto options = server_options(listen_);
  options.always =
      http::security_fields(options.tls.has_value() || command_.public_url.starts_with("https:"));
  options.refuse = http::refusal;
  options.handler_threads = handler_threads;
  options.done = [this](const net::RequestHead& head, int status, std::chrono::microseconds took) {
    meters_.answered(head, status, took);
    journal_.answered(head, status, took);
  };
  auto server = net::Server::start(options, http::make_handler(service_));
  if (!server) return std::unexpected(std::move(server.error()));
  page_server_ = std::move(*server);
  page_port_ = page_server_->port();
  meters_.look_at("page", *page_server_);
  return {};
}

Result<void> Running::start_observing(const Settings& settings) {
  if (command_.metrics_listen == "off") return {};
  meters_.look_at(hub_);
  meters_.look_at(journal_.log());
  if (!shares_rows(settings)) meters_.look_at_database_file(database_file(settings));
  telling_.be_asked(meters_);
  const auto after = objects_server_ ? objects_server_->port() : page_server_->port();
  const auto listen =
      parse_listen(command_.metrics_listen)
          .value_or(Listen{"127.0.0.1",
                           listen_.port == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(after + 1)});
  auto server = app::start_observing(listen, health_, meters_);
  if (server) {
    observing_ = std::move(*server);
    return {};
  }
  if (!command_.metrics_listen.empty()) return std::unexpected(std::move(server.error()));
  // Nobody has asked for it: whoever starts a second server to try it is not held up.
  server.error().detail += " Metrics are nowhere: name another port with --metrics-listen.";
  journal_.complain(server.error());
  return {};
}

Result<void> Running::start_work(const Settings& settings) {
  if (command_.no_work) return {};
  auto working = Working::start(telling_, command_.run, settings, journal_, meters_);
  if (!working) return std::unexpected(std::move(working.error()));
  working_ = std::move(*working);
  return {};
}

Result<void> Running::read_storage_keys() {
  if (command_.storage_event_keys.empty()) return {};
  const auto keys = read_key_file(command_.storage_event_keys);
  if (!keys) return std::unexpected(keys.error());
  for (const auto& key : *keys) service_.storage_event_keys.push_back(people::hash_of({key}));
  service_.bucket = telling_.adapters().bucket;
  return {};
}

Result<void> Running::listen(const Settings& settings) {
  hub_thread_ = std::jthread(
      [this](const std::stop_token& stop) { hub_.run([&] { return stop.stop_requested(); }, system_now); });
  Waiting waiting{.moved = [this](const uploads::OwnerId& owner) { hub_.wake(owner); },
                  .any_moved = [this] { hub_.wake_all(); },
                  .jobs = {}};
  if (working_) waiting.jobs = [this] { working_->wake(); };
  return telling_.listen(settings, waiting);
}

Result<void> Running::start(const Settings& settings) {
  if (auto keys = read_storage_keys(); !keys) return keys;
  show_operators(settings);
  most_connections_ = connections_of_each(allow_open_files());
  listen_ = parse_listen(command_.listen).value_or(Listen{"127.0.0.1", 8080});
  objects_listen_ = parse_listen(command_.objects_listen)
                        .value_or(Listen{listen_.address,
                                         listen_.port == 0 ? std::uint16_t{0}
                                                           : static_cast<std::uint16_t>(listen_.port + 1)});
  if (auto work = start_work(settings); !work) return work;
  if (auto heard = listen(settings); !heard) return heard;
  // Both ports are known before the page is answered for: it names the other one.
  if (auto objects = start_objects(); !objects) return objects;
  if (auto page = start_page(); !page) return page;
  return start_observing(settings);
}

bool Running::stop(std::chrono::milliseconds deadline) {
  if (std::exchange(stopped_, true)) return true;
  std::atomic<bool> all = true;
  drain();
  meters_.stop_looking();
  hub_.close_all();
  {
    const auto ends = [&](auto& part) {
      return std::jthread([&all, &part, deadline] {
        if (part && !part->stop(deadline)) all = false;
      });
    };
    const auto observing = ends(observing_), page = ends(page_server_), objects = ends(objects_server_),
               work = ends(working_);
  }
  telling_.stop_listening();
  if (hub_thread_.joinable()) {
    hub_thread_.request_stop();
    hub_thread_.join();
  }
  return all;
}

}  // namespace

Result<std::unique_ptr<Serving>> Serving::start(const ServeCommand& command, const Settings& settings,
                                                Journal& journal,
                                                std::function<bool(std::chrono::milliseconds)> pause) {
  auto library = load_library(settings);
  if (!library) return std::unexpected(std::move(library.error()));
  for (const auto& warning : library->warnings) journal.complain(rejected("song_left_out", warning).error());
  const int threads = handler_threads + (command.no_work ? 0 : worker_threads(command.run));
  auto adapters = open_adapters(settings, {.role = Role::serves,
                                           .connections = threads + connections_beside,
                                           .database_wait = std::chrono::seconds(command.run.wait_seconds),
                                           .complain = [&](const Error& error) { journal.complain(error); },
                                           .pause = std::move(pause)});
  if (!adapters) return std::unexpected(std::move(adapters.error()));
  auto running = std::make_unique<Running>(command, std::move(*adapters),
                                           songs::Matcher::create(std::move(library->songs)), journal);
  if (auto started = running->start(settings); !started) return std::unexpected(std::move(started.error()));
  return running;
}

}  // namespace orakgarak::app
