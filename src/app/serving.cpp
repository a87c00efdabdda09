#include "app/serving.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "app/folders.h"
#include "app/library.h"
#include "app/open_files.h"
#include "app/serve_options.h"
#include "app/server_data.h"
#include "app/stages/stages.h"
#include "events/dispatcher.h"
#include "events/relay.h"
#include "events/workers.h"
#include "http/catalogue.h"
#include "http/router.h"
#include "http/service.h"
#include "net/server.h"
#include "people/forget.h"
#include "storage/local_objects/endpoint.h"
#include "storage/local_objects/objects.h"
#include "storage/local_objects/presign.h"
#include "storage/sqlite/people.h"
#include "storage/sqlite/uploads.h"
#include "uploads/admission.h"
#include "uploads/upkeep.h"

namespace orakgarak::app {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes upkeep_every{1};

/// The adapters, opened.
struct Stores {
  uploads::OpenFile lock;  ///< the last to go
  std::unique_ptr<uploads::UploadStore> uploads{};
  std::unique_ptr<people::PeopleStore> people{};
  std::unique_ptr<uploads::ObjectStore> objects{};
  std::unique_ptr<uploads::Presigner> presigner{};
  fs::path objects_folder{};
};

Result<Stores> open_stores(const Settings& settings) {
  if (auto made = make_data_folder(settings); !made) return std::unexpected(std::move(made.error()));
  auto lock = lock_for_serving(settings);
  if (!lock) return std::unexpected(std::move(lock.error()));
  Stores stores{.lock = std::move(*lock)};
  const auto rows = database_file(settings);
  stores.objects_folder = objects_folder(settings);
  const auto keep = [](auto& place, auto opened) -> Result<void> {
    if (!opened) return std::unexpected(std::move(opened.error()));
    place = std::move(*opened);
    return {};
  };
  if (auto kept = keep(stores.uploads, storage::open_sqlite_uploads(rows)); !kept)
    return std::unexpected(std::move(kept.error()));
  if (auto kept = keep(stores.people, storage::open_sqlite_people(rows)); !kept)
    return std::unexpected(std::move(kept.error()));
  if (auto kept = keep(stores.objects, storage::open_local_objects(stores.objects_folder)); !kept)
    return std::unexpected(std::move(kept.error()));
  if (auto kept = keep(stores.presigner, storage::open_local_presigner(stores.objects_folder)); !kept)
    return std::unexpected(std::move(kept.error()));
  return stores;
}

StageOptions stage_options(const ServeCommand& command) {
  StageOptions options;
  auto& decode = options.decode.limits;
  decode.file_bytes = command.limits.upload_bytes;
  decode.take = Seconds(static_cast<double>(command.limits.take.count()));
  decode.memory_bytes = command.decoder_bytes;
  decode.cpu = Seconds(command.decoder_cpu_seconds);
  options.picture.limits.file_bytes = command.limits.image_bytes;
  options.picture.limits.pixels = command.limits.image_pixels;
  return options;
}

/// "http://localhost:8080": an address that only means "all" or "here" is shown as this machine.
std::string shown_url(const ServeCommand& command, const Listen& listen, std::uint16_t port) {
  const bool here = listen.address == "127.0.0.1" || listen.address == "::1" || listen.address == "0.0.0.0" ||
                    listen.address == "::";
  const auto name = here                           ? std::string("localhost")
                    : listen.address.contains(':') ? fmt::format("[{}]", listen.address)
                                                   : listen.address;
  return fmt::format("{}://{}:{}", command.tls_certificate.empty() ? "http" : "https", name, port);
}

/// The person whose upload moved; nothing for an envelope of another shape.
std::optional<uploads::OwnerId> owner_of(const events::Event& event) {
  const auto json = nlohmann::json::parse(event.envelope, nullptr, false);
  if (!json.is_object() || !json.contains("data") || !json["data"].is_object()) return std::nullopt;
  const auto owner = json["data"].find("owner");
  if (owner == json["data"].end() || !owner->is_string()) return std::nullopt;
  return uploads::OwnerId::parse(owner->get<std::string>());
}

double chance() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

class Running final : public Serving {
 public:
  Running(const ServeCommand& command, Stores stores, songs::Matcher matcher,
          std::function<void(const std::string&)> say)
      : command_(command),
        say_(std::move(say)),
        stores_(std::move(stores)),
        told_(events::tell_changes(*stores_.uploads,
                                   [this] {
                                     if (relay_) relay_->wake();
                                   })),
        catalogue_(std::move(matcher)),
        hub_(*told_, {.most_per_person = command.limits.streams_a_person}),
        admission_(uploads::default_budget_bytes()),
        dispatcher_(events::in_process_events()),
        service_{*told_,
                 *stores_.objects,
                 *stores_.presigner,
                 *stores_.people,
                 catalogue_,
                 hub_,
                 system_now,
                 command.limits,
                 ORAK_VERSION,
                 command.public_url,
                 command.public_objects_url,
                 0,
                 command.page.empty() ? page_folder() : fs::path(command.page),
                 docs_folder(),
                 [this](const Error& error) { complain(error); }} {}
  ~Running() override { stop(std::chrono::milliseconds(0)); }

  /// Errors: of listening.
  Result<void> start();
  std::string url() const override {
    return command_.public_url.empty() ? shown_url(command_, listen_, page_server_->port())
                                       : command_.public_url;
  }
  std::string objects_url() const override {
    return command_.public_objects_url.empty() ? shown_url(command_, objects_listen_, objects_server_->port())
                                               : command_.public_objects_url;
  }
  bool stop(std::chrono::milliseconds deadline) override;

 private:
  void complain(const Error& error) const { say_(fmt::format("{}: {}", error.code, error.detail)); }
  net::ServerOptions server_options(const Listen& listen) const;
  bool is_our_page(const net::RequestHead& head, std::string_view origin) const;
  Result<void> start_objects();
  Result<void> start_page();
  Result<void> start_work();
  void keep_up();

  const ServeCommand command_;
  const std::function<void(const std::string&)> say_;
  Listen listen_, objects_listen_;
  std::size_t most_connections_ = 0;  ///< of each of the two servers
  Stores stores_;
  std::unique_ptr<uploads::UploadStore> told_;  ///< stores_.uploads, which wakes the relay
  http::Catalogue catalogue_;
  http::EventHub hub_;
  uploads::Admission admission_;
  std::unique_ptr<events::Events> dispatcher_;
  http::Service service_;
  // Each uses what stands before it, and goes first.
  std::unique_ptr<events::Relay> relay_;
  std::unique_ptr<events::Workers> workers_;
  std::unique_ptr<events::Subscription> to_pages_, to_work_;
  std::unique_ptr<events::Periodic> upkeep_;
  std::jthread hub_thread_;
  std::unique_ptr<net::Server> objects_server_, page_server_;
  std::atomic<std::uint16_t> page_port_ = 0;  ///< 0 until it is known: files may be sent before
  bool stopped_ = false;
};

net::ServerOptions Running::server_options(const Listen& listen) const {
  net::ServerOptions options;
  options.address = listen.address;
  options.port = listen.port;
  if (!command_.tls_certificate.empty())
    options.tls = net::TlsFiles{command_.tls_certificate, command_.tls_key};
  options.trusted_proxies = command_.trusted_proxies;
  options.most_connections = std::min(options.most_connections, most_connections_);
  options.most_of_one_client =
      std::min(options.most_of_one_client, std::max<std::size_t>(1, options.most_connections / 4));
  options.threw = [this](const net::RequestHead& head, const std::string& what) {
    say_(fmt::format("{} {} failed: {}", net::to_string(head.method), head.path, what));
  };
  return options;
}

bool Running::is_our_page(const net::RequestHead& head, std::string_view origin) const {
  if (!command_.public_url.empty() && origin == command_.public_url) return true;
  const auto port = page_port_.load();
  return port != 0 && origin == http::own_origin(head, port);
}

Result<void> Running::start_objects() {
  auto endpoint = storage::local_objects_endpoint(
      stores_.objects_folder,
      {.clock = system_now,
       .allowed_origin = [this](const net::RequestHead& head,
                                std::string_view origin) { return is_our_page(head, origin); },
       .arrived =
           [this](const std::string& key) {
             if (const auto queued = uploads::object_arrived(*told_, key, system_now()); !queued)
               complain(queued.error());  // the reconciler finds it
             if (const auto gone = uploads::remove_unwanted(*told_, *stores_.objects, key); !gone)
               complain(gone.error());  // upkeep finds it
           }});
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  auto server = net::Server::start(server_options(objects_listen_), std::move(*endpoint));
  if (!server) return std::unexpected(std::move(server.error()));
  objects_server_ = std::move(*server);
  service_.objects_port = objects_server_->port();
  return {};
}

Result<void> Running::start_page() {
  auto options = server_options(listen_);
  options.always =
      http::security_fields(options.tls.has_value() || command_.public_url.starts_with("https:"));
  options.refuse = http::refusal;
  options.handler_threads = 8;
  auto server = net::Server::start(options, http::make_handler(service_));
  if (!server) return std::unexpected(std::move(server.error()));
  page_server_ = std::move(*server);
  page_port_ = page_server_->port();
  return {};
}

void Running::keep_up() {
  const auto now = system_now();
  const auto& limits = command_.limits;
  if (const auto kept = uploads::keep_up(*told_, *stores_.objects, *stores_.presigner, now,
                                         {.keep_failed = limits.keep_failed});
      !kept)
    complain(kept.error());
  if (const auto gone =
          people::forget_unseen(*told_, *stores_.people, now, {.keep_guests = limits.keep_guest});
      !gone)
    complain(gone.error());
}

Result<void> Running::start_work() {
  const auto name = fmt::format("{}-{}", getpid(), new_uuid7(system_now()));
  const auto report = [this](const Error& error) { complain(error); };
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  workers_ = events::start_workers(
      {.store = *told_,
       .effect = stage_effects(*stores_.objects, stage_options(command_)),
       .clock = system_now,
       .chance = chance,
       .name = name,
       .admission = &admission_,
       .stopping = {}},
      {.threads = command_.workers > 0 ? command_.workers : cores, .complain = report, .ran = {}});
  const auto subscribe = [this](const std::vector<std::string>& topics,
                                std::unique_ptr<events::Subscription>& to,
                                events::EventHandler handler) -> Result<void> {
    auto subscribed = dispatcher_->subscribe(topics, "serve", std::move(handler));
    if (!subscribed) return std::unexpected(std::move(subscribed.error()));
    to = std::move(*subscribed);
    return {};
  };
  if (auto done = subscribe({std::string(events::state_changed)}, to_pages_,
                            [this](const events::Event& event) {
                              if (const auto owner = owner_of(event)) hub_.wake(*owner);
                              return true;
                            });
      !done)
    return done;
  std::vector<std::string> jobs;
  for (const auto stage : uploads::every_stage)
    for (auto& topic : events::jobs_topics(stage)) jobs.push_back(std::move(topic));
  if (auto done = subscribe(jobs, to_work_,
                            [this](const events::Event&) {
                              workers_->wake();
                              return true;
                            });
      !done)
    return done;
  hub_thread_ = std::jthread(
      [this](const std::stop_token& stop) { hub_.run([&] { return stop.stop_requested(); }, system_now); });
  upkeep_ = events::start_periodic(upkeep_every, [this] { keep_up(); });
  return {};
}

Result<void> Running::start() {
  most_connections_ = connections_of_each(allow_open_files());
  listen_ = parse_listen(command_.listen).value_or(Listen{"127.0.0.1", 8080});
  objects_listen_ = parse_listen(command_.objects_listen)
                        .value_or(Listen{listen_.address,
                                         listen_.port == 0 ? std::uint16_t{0}
                                                           : static_cast<std::uint16_t>(listen_.port + 1)});
  relay_ = events::start_relay(
      *stores_.uploads, *dispatcher_,
      {.name = new_uuid7(system_now()), .complain = [this](const Error& error) { complain(error); }});
  if (auto work = start_work(); !work) return work;
  // Both ports are known before the page is answered for: it names the other one.
  if (auto objects = start_objects(); !objects) return objects;
  return start_page();
}

bool Running::stop(std::chrono::milliseconds deadline) {
  if (std::exchange(stopped_, true)) return true;
  std::atomic<bool> all = true;
  hub_.close_all();
  {
    const auto ends = [&](auto& part) {
      return std::jthread([&all, &part, deadline] {
        if (part && !part->stop(deadline)) all = false;
      });
    };
    const auto page = ends(page_server_), objects = ends(objects_server_), work = ends(workers_);
  }
  if (hub_thread_.joinable()) {
    hub_thread_.request_stop();
    hub_thread_.join();
  }
  return all;
}

}  // namespace

Result<std::unique_ptr<Serving>> Serving::start(const ServeCommand& command, const Settings& settings,
                                                std::function<void(const std::string&)> say) {
  auto library = load_library(settings);
  if (!library) return std::unexpected(std::move(library.error()));
  for (const auto& warning : library->warnings) say(warning);
  auto stores = open_stores(settings);
  if (!stores) return std::unexpected(std::move(stores.error()));
  auto running = std::make_unique<Running>(command, std::move(*stores),
                                           songs::Matcher::create(std::move(library->songs)), std::move(say));
  if (auto started = running->start(); !started) return std::unexpected(std::move(started.error()));
  return running;
}

}  // namespace orakgarak::app
