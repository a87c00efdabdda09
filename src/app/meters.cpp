#include "app/meters.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "http/router.h"
#include "voice/report.h"

namespace orakgarak::app {
namespace {

using namespace std::chrono_literals;
using telemetry::Counter;
using telemetry::Family;
using telemetry::Gauge;
using telemetry::Histogram;
using uploads::Kind;
using uploads::Stage;
using uploads::State;

constexpr std::chrono::milliseconds ask_every = 5s;
constexpr std::chrono::milliseconds ask_patience = 4s;
constexpr std::size_t most_letters = 1000;
// Seconds. The promises of deploy/prometheus/rules/slo.yml lie on bounds: 0.5 of requests, 60 of takes.
const Histogram::BucketBoundaries of_requests{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                              0.25,  0.5,    1,     2.5,  5,     10};
const Histogram::BucketBoundaries of_stages{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,  2.5,
                                            5,    10,    30,   60,  120,  300, 600};
const Histogram::BucketBoundaries of_takes{0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600};
constexpr std::array every_kind{Kind::take, Kind::backing, Kind::profile_image, Kind::album_cover};

template <class Value>
std::string word(Value value) {
  return std::string(to_string(value));
}

double seconds(auto duration) { return std::chrono::duration<double>(duration).count(); }

std::vector<State> every_state() {
  std::vector<State> states;
  for (int i = 0; i < uploads::state_count; ++i) states.push_back(static_cast<State>(i));
  return states;
}

bool is_final(State state) {
  return state == State::completed || state == State::failed || state == State::expired;
}

/// For what is counted elsewhere, since the start.
void rise_to(Counter& counter, std::uint64_t total) {
  counter.Increment(std::max(0.0, static_cast<double>(total) - counter.Value()));
}

std::string status_class(int status) { return std::to_string(std::clamp(status / 100, 2, 5)) + "xx"; }

}  // namespace

Asked::Asked(Ask ask, std::chrono::milliseconds every, std::chrono::milliseconds patience)
    : ask_(std::move(ask)), every_(every), patience_(patience), thread_([this] { run(); }) {}

Asked::~Asked() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Asked::run() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    const auto began = Clock::now();
    began_ = began;
    lock.unlock();
    const bool well = ask_().has_value();
    lock.lock();
    well_ = well;
    took_ = Clock::now() - began;
    began_.reset();
    changed_.wait_for(lock, every_, [this] { return ended_; });
  }
}

bool Asked::up() const {
  const std::lock_guard lock(mutex_);
  return well_ && !(began_ && Clock::now() - *began_ > patience_);
}

double Asked::seconds() const {
  const std::lock_guard lock(mutex_);
  return app::seconds(began_ ? std::max(took_, Clock::now() - *began_) : took_);
}

/// Every family, made at the start, with a zero for every label that can be.
struct Meters::Families {
  telemetry::Metrics& m;

  Family<Counter>& requests = m.counters("orakgarak_http_requests_total", "Requests that were answered.");
  Family<Histogram>& request_duration =
      m.histograms("orakgarak_http_request_duration_seconds",
                   "From the head of a request to its last byte; streams apart.");
  Family<Gauge>& connections = m.gauges("orakgarak_http_connections", "Connections that are open.");
  Family<Counter>& connections_refused =
      m.counters("orakgarak_http_connections_refused_total", "Connections above a limit.");
  Family<Gauge>& handlers = m.gauges("orakgarak_http_handlers", "Threads that answer requests.");
  Family<Gauge>& handlers_busy = m.gauges("orakgarak_http_handlers_busy", "Of them, those that are at it.");
  Family<Gauge>& handlers_waiting =
      m.gauges("orakgarak_http_handlers_waiting", "Requests that wait for such a thread.");
  Family<Gauge>& certificate_end = m.gauges("orakgarak_tls_certificate_expiry_timestamp_seconds",
                                            "When the certificate ends that is shown.");

  Family<Gauge>& uploads = m.gauges("orakgarak_uploads", "Uploads in each state.");
  Family<Counter>& transitions =
      m.counters("orakgarak_upload_transitions_total", "Transitions into each state.");
  Family<Counter>& failures = m.counters("orakgarak_upload_failures_total", "Uploads that FAILED, by stage.");
  Family<Gauge>& oldest_upload =
      m.gauges("orakgarak_oldest_upload_age_seconds",
               "How long the oldest upload has been in a state that is not final.");
  Histogram& take_duration =
      m.histograms("orakgarak_take_duration_seconds", "Of a take, from UPLOADED to COMPLETED.")
          .Add({}, of_takes);
  Family<Histogram>& stage_duration =
      m.histograms("orakgarak_stage_duration_seconds", "Of a job, from its claim to its end.");

  Family<Gauge>& jobs_waiting = m.gauges("orakgarak_jobs_waiting", "Jobs that nobody holds, due or not.");
  Family<Gauge>& jobs_running = m.gauges("orakgarak_jobs_running", "Jobs under a lease.");
  Family<Gauge>& oldest_job =
      m.gauges("orakgarak_oldest_job_age_seconds", "How long the first job has been due; 0 where none is.");
  Family<Counter>& retries = m.counters("orakgarak_job_retries_total", "Jobs given back to be tried again.");
  Family<Counter>& buried = m.counters("orakgarak_job_dead_letters_total", "Jobs that became a dead letter.");
  Gauge& letters =
      m.gauges("orakgarak_dead_letters", "Dead letters that wait for an operator; 1,000 at most.").Add({});
  Family<Counter>& leases_lost =
      m.counters("orakgarak_leases_lost_total",
                 "Jobs that another worker took over, or whose upload went, while they ran.");
  Family<Counter>& finds =
      m.counters("orakgarak_reconciler_finds_total", "What upkeep found that no event had told.");
  Gauge& outbox = m.gauges("orakgarak_outbox_unpublished", "Events that are not published yet.").Add({});
  Gauge& outbox_age =
      m.gauges("orakgarak_outbox_oldest_age_seconds", "How long the first of them has been due.").Add({});
  Family<Counter>& published = m.counters("orakgarak_events_published_total", "Events that were published.");
  Family<Gauge>& consumer_lag =
      m.gauges("orakgarak_consumer_lag", "Events published and not done with, of groups at a broker.");

  Family<Gauge>& brokers = m.gauges("orakgarak_kafka_brokers_up", "Brokers in the cluster; 0: none answers.");
  Family<Counter>& broker_errors =
      m.counters("orakgarak_kafka_errors_total", "Warnings and errors of the client of Kafka.");

  Family<Gauge>& database_connections =
      m.gauges("orakgarak_postgres_connections", "Connections of this process to PostgreSQL.");
  Family<Gauge>& database_connections_max =
      m.gauges("orakgarak_postgres_connections_max", "Those that it may have.");

  Family<Gauge>& device_budget = m.gauges("orakgarak_device_budget_bytes", "Memory that work may get.");
  Family<Gauge>& device_granted = m.gauges("orakgarak_device_granted_bytes", "Memory that work has.");
  Family<Gauge>& device_waiting = m.gauges("orakgarak_device_waiting_bytes", "Memory that is waited for.");
  Family<Gauge>& device_waiting_jobs =
      m.gauges("orakgarak_device_waiting_jobs", "Jobs that wait for memory.");
  Family<Gauge>& device_wait =
      m.gauges("orakgarak_device_oldest_wait_seconds", "How long the first of them has waited.");
  Family<Counter>& device_refused =
      m.counters("orakgarak_device_refused_total", "Jobs that can never fit, or waited for too long.");
  Family<Counter>& device_ran_out =
      m.counters("orakgarak_device_allocation_failures_total", "Allocations that failed under a grant.");

  Histogram& speed =
      m.histograms("orakgarak_analysis_speed_ratio", "Speed of an analysis, times real time.")
          .Add({}, Histogram::BucketBoundaries{0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000});
  Counter& audio = m.counters("orakgarak_analysis_audio_seconds_total", "Sound that was analysed.").Add({});
  Counter& busy =
      m.counters("orakgarak_analysis_busy_seconds_total", "Time that took, of all threads.").Add({});
  Gauge& threads = m.gauges("orakgarak_worker_threads", "Threads that work on uploads.").Add({});
  Gauge& threads_busy = m.gauges("orakgarak_worker_threads_busy", "Of them, those that are at it.").Add({});

  Gauge& streams = m.gauges("orakgarak_sse_clients", "Event streams that are open.").Add({});
  Counter& dropped =
      m.counters("orakgarak_sse_dropped_total", "Event streams closed because their client read too slowly.")
          .Add({});
  Family<Counter>& log_lines = m.counters("orakgarak_log_lines_total", "Lines of the log, by level.");
  Counter& log_dropped =
      m.counters("orakgarak_log_dropped_total", "Lines that found no room while nobody took the log.")
          .Add({});
  Family<Gauge>& up = m.gauges("orakgarak_dependency_up", "Whether it answers, asked every 5 s.");
  Family<Gauge>& answer_time = m.gauges("orakgarak_dependency_probe_seconds", "How long the answer took.");
  Gauge& wal =
      m.gauges("orakgarak_sqlite_wal_bytes", "Of the write-ahead log; 0 with another database.").Add({});

  explicit Families(telemetry::Metrics& metrics) : m(metrics) {
    for (const auto& name : http::route_names()) of_route(name.method, name.route);
    of_route("any", "object");
    for (const State state : every_state())
      for (const Kind kind : every_kind) {
        uploads.Add({{"state", word(state)}, {"kind", word(kind)}});
        transitions.Add({{"to", word(state)}, {"kind", word(kind)}});
      }
    for (const State state : every_state())
      if (!is_final(state)) oldest_upload.Add({{"state", word(state)}});
    for (const auto level : telemetry::every_level) log_lines.Add({{"level", word(level)}});
    for (const Stage stage : uploads::every_stage) {
      const telemetry::Labels of{{"stage", word(stage)}};
      for (auto* family : {&failures, &retries, &buried, &leases_lost}) family->Add(of);
      for (auto* family : {&jobs_waiting, &jobs_running, &oldest_job}) family->Add(of);
      stage_duration.Add(of, of_stages);
    }
    for (const char* what : {"lost_event", "expired", "unknown_object", "failed_cleaned"})
      finds.Add({{"what", what}});
    for (const auto& topic : events::all_topics()) published.Add({{"topic", topic}});
    m.gauges("orakgarak_build_info", "1; what it is made of is in the labels.")
        .Add({{"version", ORAK_VERSION}, {"voice_core", std::to_string(voice::core_version)}})
        .Set(1);
    m.gauges("orakgarak_start_time_seconds", "When the process was ready, in seconds since the epoch.")
        .Add({})
        .Set(app::seconds(system_now().time_since_epoch()));
  }

  void of_route(std::string_view method, std::string_view route) {
    for (const char* code : {"2xx", "3xx", "4xx", "5xx"})
      requests.Add({{"method", std::string(method)}, {"route", std::string(route)}, {"code", code}});
    duration_of(method, route);
  }
  Histogram& duration_of(std::string_view method, std::string_view route) {
    return request_duration.Add({{"method", std::string(method)}, {"route", std::string(route)}},
                                of_requests);
  }
  Counter& of_stage(Family<Counter>& family, Stage stage) { return family.Add({{"stage", word(stage)}}); }
  Gauge& of_stage(Family<Gauge>& family, Stage stage) { return family.Add({{"stage", word(stage)}}); }
};

Meters::Meters(bool wanted) : wanted_(wanted), families_(std::make_unique<Families>(metrics_)) {
  telemetry::measure_process(metrics_);
  metrics_.at_each_look([this] {
    const std::lock_guard lock(looks_mutex_);
    for (const auto& look : looks_) look();
  });
}

Meters::~Meters() { stop_looking(); }

void Meters::count_answer(std::string_view method, std::string_view route, int status,
                          std::chrono::microseconds took) {
  if (!wanted_) return;
  families_->requests
      .Add({{"method", std::string(method)}, {"route", std::string(route)}, {"code", status_class(status)}})
      .Increment();
  if (route != "/v1/events") families_->duration_of(method, route).Observe(seconds(took));
}

void Meters::answered(const net::RequestHead& head, int status, std::chrono::microseconds took) {
  const auto name = http::route_name(head);
  count_answer(name.method, name.route, status, took);
}

void Meters::object_answered(const net::RequestHead&, int status, std::chrono::microseconds took) {
  count_answer("any", "object", status, took);
}

events::StoreWatch Meters::store_watch(uploads::UploadStore& store) {
  if (!wanted_) return {};
  return {.moved = [this, &store](const uploads::Upload& upload) { moved(store, upload); },
          .claimed =
              [this](const uploads::Job& job) {
                const std::lock_guard lock(mutex_);
                running_[{job.id.text(), job.attempt}] = Steady::now();
              },
          .ended = [this](const uploads::Job& job, events::Ended how) { ended(job, how); }};
}

void Meters::moved(uploads::UploadStore& store, const uploads::Upload& upload) {
  families_->transitions.Add({{"to", word(upload.state)}, {"kind", word(upload.kind)}}).Increment();
  if (upload.state == State::failed && upload.failure)
    families_->of_stage(families_->failures, upload.failure->stage).Increment();
  if (upload.state != State::completed || upload.kind != Kind::take) return;
  const auto history = store.history(upload.id);
  if (!history) return;
  const auto arrived = std::ranges::find(*history, State::uploaded, &uploads::HistoryEntry::to);
  if (arrived != history->end()) families_->take_duration.Observe(seconds(upload.changed - arrived->at));
}

void Meters::ended(const uploads::Job& job, events::Ended how) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find({job.id.text(), job.attempt});
    if (found == running_.end()) return;  // it was counted as lost before
    families_->stage_duration.Add({{"stage", word(job.stage)}}, of_stages)
        .Observe(seconds(Steady::now() - found->second));
    running_.erase(found);
  }
  if (how == events::Ended::retried) families_->of_stage(families_->retries, job.stage).Increment();
  if (how == events::Ended::buried) families_->of_stage(families_->buried, job.stage).Increment();
  if (how == events::Ended::lost) families_->of_stage(families_->leases_lost, job.stage).Increment();
}

std::function<uploads::StageEffect(Stage)> Meters::measured(
    std::function<uploads::StageEffect(Stage)> effect,
    std::function<uploads::TakeLength(const uploads::Upload&)> length, int threads) {
  if (!wanted_) return effect;
  families_->threads.Set(threads);
  return [this, effect = std::move(effect), length = std::move(length)](Stage stage) -> uploads::StageEffect {
    return [this, stage, length, work = effect(stage)](
               const uploads::Upload& upload, const uploads::StillOurs& ours, uploads::StageMemory& memory) {
      struct AtIt {
        explicit AtIt(Gauge& gauge) : busy(gauge) { busy.Increment(); }
        ~AtIt() { busy.Decrement(); }
        Gauge& busy;
      };
      const AtIt busy(families_->threads_busy);
      const auto known = length(upload);  // of samples at hand: the effect takes them
      const auto began = Steady::now();
      auto result = work(upload, ours, memory);
      const double took = seconds(Steady::now() - began);
      if (stage == Stage::analyze && upload.kind == Kind::take && result && known.at_hand) {
        families_->audio.Increment(known.at_most.value);
        families_->busy.Increment(took);
        families_->speed.Observe(known.at_most.value / std::max(took, 1e-6));
      }
      return result;
    };
  };
}

void Meters::kept_up(const uploads::Upkept& done) {
  const auto count = [&](const char* what, int found) {
    families_->finds.Add({{"what", what}}).Increment(found);
  };
  count("lost_event", done.found);
  count("expired", done.expired);
  count("unknown_object", done.unknown + done.aborted);
  count("failed_cleaned", done.cleaned);
}

void Meters::refused() { families_->device_refused.Add({{"device", "memory"}}).Increment(); }

void Meters::published(std::span<const events::Event> events) {
  if (!wanted_) return;
  for (const auto& event : events) families_->published.Add({{"topic", event.topic}}).Increment();
}

void Meters::look(std::function<void()> look) {
  const std::lock_guard lock(looks_mutex_);
  looks_.push_back(std::move(look));
}

void Meters::stop_looking() {
  asked_.clear();
  const std::lock_guard lock(looks_mutex_);
  looks_.clear();
}

void Meters::look_at(const std::string& listener, const net::Server& server) {
  const telemetry::Labels of{{"listener", listener}};
  Families& f = *families_;
  look([&server, &connections = f.connections.Add(of), &refused = f.connections_refused.Add(of),
        &handlers = f.handlers.Add(of), &busy = f.handlers_busy.Add(of),
        &waiting = f.handlers_waiting.Add(of)] {
    const auto load = server.load();
    connections.Set(static_cast<double>(load.connections));
    rise_to(refused, load.refused);
    handlers.Set(static_cast<double>(load.handlers));
    busy.Set(static_cast<double>(load.busy));
    waiting.Set(static_cast<double>(load.waiting));
  });
  if (const auto end = server.load().certificate_end)
    f.certificate_end.Add(of).Set(seconds(end->time_since_epoch()));
}

void Meters::look_at(const http::EventHub& hub) {
  look([&hub, &streams = families_->streams, &dropped = families_->dropped] {
    streams.Set(static_cast<double>(hub.clients()));
    rise_to(dropped, hub.dropped());
  });
}

void Meters::look_at(const telemetry::Log& log) {
  look([this, &log] {
    for (const auto level : telemetry::every_level)
      rise_to(families_->log_lines.Add({{"level", word(level)}}), log.lines(level));
    rise_to(families_->log_dropped, log.dropped());
  });
}

void Meters::look_at(const std::string& name, uploads::Device& device) {
  const telemetry::Labels of{{"device", name}};
  Families& f = *families_;
  f.device_refused.Add(of);
  look([&device, &budget = f.device_budget.Add(of), &granted = f.device_granted.Add(of),
        &waiting = f.device_waiting.Add(of), &jobs = f.device_waiting_jobs.Add(of),
        &wait = f.device_wait.Add(of), &ran_out = f.device_ran_out.Add(of)] {
    const auto state = device.state();
    if (!state) return;
    budget.Set(static_cast<double>(state->budget));
    granted.Set(static_cast<double>(state->granted));
    double bytes = 0, count = 0, longest = 0;
    for (const auto& entry : state->entries) {
      if (entry.holds) continue;
      bytes += static_cast<double>(entry.bytes);
      count += 1;
      longest = std::max(longest, seconds(entry.since));
    }
    waiting.Set(bytes);
    jobs.Set(count);
    wait.Set(longest);
    rise_to(ran_out, state->ran_out);
  });
}

void Meters::look_at(std::shared_ptr<storage::PostgresPool> pool) {
  Families& f = *families_;
  look([pool = std::move(pool), &busy = f.database_connections.Add({{"state", "busy"}}),
        &idle = f.database_connections.Add({{"state", "idle"}}), &most = f.database_connections_max.Add({})] {
    const auto load = storage::postgres_load(*pool);
    busy.Set(load.busy);
    idle.Set(load.idle);
    most.Set(load.most);
  });
}

void Meters::look_at_database_file(const std::filesystem::path& file) {
  look([file = file.string() + "-wal", &wal = families_->wal] {
    std::error_code ignored;
    const auto bytes = std::filesystem::file_size(file, ignored);
    wal.Set(ignored ? 0 : static_cast<double>(bytes));
  });
}

void Meters::depends_on(const std::string& name, Asked::Ask ask) {
  const telemetry::Labels of{{"dependency", name}};
  const auto& asked = *asked_.emplace_back(std::make_unique<Asked>(std::move(ask), ask_every, ask_patience));
  look([&asked, &up = families_->up.Add(of), &time = families_->answer_time.Add(of)] {
    up.Set(asked.up() ? 1 : 0);
    time.Set(asked.seconds());
  });
}

void Meters::ask(uploads::UploadStore& rows) {
  depends_on("store", [this, &rows] { return read_rows(rows); });
}

void Meters::ask(uploads::ObjectStore& objects) {
  depends_on("objects", [&objects]() -> Result<void> {
    const auto found = objects.head("nothing-is-here");
    if (found || found.error().kind != ErrorKind::retry) return {};
    return std::unexpected(found.error());
  });
}

void Meters::ask(events::Events& events) {
  depends_on("events", [this, &events]() -> Result<void> {
    if (const auto broker = events.broker()) {
      auto& errors = families_->broker_errors.Add({});
      families_->brokers.Add({}).Set(broker->up);
      rise_to(errors, broker->errors);
      if (broker->up == 0) return fail(ErrorKind::retry, "events_unavailable", "no broker answered");
    }
    const auto lags = events.lag();
    if (!lags) return std::unexpected(lags.error());
    for (const auto& lag : *lags)
      families_->consumer_lag
          .Add({{"group", lag.group}, {"topic", lag.topic}, {"partition", std::to_string(lag.partition)}})
          .Set(static_cast<double>(lag.events));
    return {};
  });
}

Result<void> Meters::read_rows(uploads::UploadStore& rows) {
  Families& f = *families_;
  const Time now = system_now();
  const auto age = [&](const std::optional<Time>& since) {
    return since ? std::max(0.0, seconds(now - *since)) : 0.0;
  };
  const auto backlog = rows.backlog(now);
  if (!backlog) return std::unexpected(backlog.error());
  for (const auto& stage : backlog->stages) {
    f.of_stage(f.jobs_waiting, stage.stage).Set(static_cast<double>(stage.waiting));
    f.of_stage(f.jobs_running, stage.stage).Set(static_cast<double>(stage.running));
    f.of_stage(f.oldest_job, stage.stage).Set(age(stage.due));
  }
  f.outbox.Set(static_cast<double>(backlog->events));
  f.outbox_age.Set(age(backlog->first_event));

  const auto counts = rows.count_uploads();
  if (!counts) return std::unexpected(counts.error());
  std::map<State, std::optional<Time>> oldest;
  std::map<std::pair<State, Kind>, std::size_t> in_state;
  for (const auto& count : *counts) {
    in_state[{count.state, count.kind}] = count.count;
    auto& since = oldest[count.state];
    if (count.count > 0 && (!since || count.oldest < *since)) since = count.oldest;
  }
  for (const State state : every_state()) {
    for (const Kind kind : every_kind)
      f.uploads.Add({{"state", word(state)}, {"kind", word(kind)}})
          .Set(static_cast<double>(in_state[{state, kind}]));
    if (!is_final(state)) f.oldest_upload.Add({{"state", word(state)}}).Set(age(oldest[state]));
  }

  const auto letters = rows.dead_letters(most_letters);
  if (!letters) return std::unexpected(letters.error());
  f.letters.Set(static_cast<double>(letters->size()));
  return {};
}

namespace {

class Counted final : public events::Events {
 public:
  Counted(std::unique_ptr<events::Events> events, Meters& meters)
      : events_(std::move(events)), meters_(meters) {}
  Result<void> publish(std::span<const events::Event> events) override {
    auto done = events_->publish(events);
    if (done) meters_.published(events);
    return done;
  }
  Result<std::unique_ptr<events::Subscription>> subscribe(std::span<const std::string> topics,
                                                          std::string_view group,
                                                          events::EventHandler handler) override {
    return events_->subscribe(topics, group, std::move(handler));
  }
  Result<std::vector<events::Lag>> lag() override { return events_->lag(); }
  std::optional<events::BrokerHealth> broker() override { return events_->broker(); }

 private:
  const std::unique_ptr<events::Events> events_;
  Meters& meters_;
};

class Counting final : public uploads::Device {
 public:
  Counting(std::unique_ptr<uploads::Device> device, Meters& meters)
      : device_(std::move(device)), meters_(meters) {}
  Result<std::unique_ptr<Grant>> enter(const uploads::Need& need, const std::function<bool()>& go_on,
                                       std::chrono::milliseconds most_wait) override {
    auto grant = device_->enter(need, go_on, most_wait);
    if (!grant && (grant.error().code == "never_fits" || grant.error().code == "no_room")) meters_.refused();
    return grant;
  }
  Result<uploads::DeviceState> state() override { return device_->state(); }

 private:
  const std::unique_ptr<uploads::Device> device_;
  Meters& meters_;
};

}  // namespace

std::unique_ptr<uploads::Device> count_refused(std::unique_ptr<uploads::Device> device, Meters& meters) {
  return std::make_unique<Counting>(std::move(device), meters);
}

std::unique_ptr<events::Events> count_published(std::unique_ptr<events::Events> events, Meters& meters) {
  return std::make_unique<Counted>(std::move(events), meters);
}

}  // namespace orakgarak::app
