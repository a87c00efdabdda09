#include "events/relay.h"

#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "events/alarm.h"

namespace orakgarak::events {
namespace {

std::string topic_of(const uploads::OutboxRow& row) {
  const auto envelope = nlohmann::json::parse(row.envelope);  // what uploads/envelope.h has made
  const auto& type = envelope.at("type").get_ref<const std::string&>();
  if (type == "orakgarak.job.requested")
    return jobs_topic(
        row.priority,
        uploads::parse_stage(envelope.at("data").at("stage").get_ref<const std::string&>()).value());
  return std::string(type == "orakgarak.job.dead" ? dead_jobs : state_changed);
}

Result<void> publish(uploads::UploadStore& store, Events& events, std::span<const uploads::OutboxRow> rows) {
  std::vector<Event> all;
  std::vector<std::int64_t> ids;
  for (const auto& row : rows) {
    all.push_back({topic_of(row), row.key, row.envelope});
    ids.push_back(row.id);
  }
  if (auto published = events.publish(all); !published) return published;
  return store.outbox_published(ids);
}

class RelayThread final : public Relay {
 public:
  RelayThread(uploads::UploadStore& store, Events& events, RelayOptions options)
      : store_(store), events_(events), options_(std::move(options)), thread_([this] { run(); }) {}
  RelayThread(const RelayThread&) = delete;
  RelayThread& operator=(const RelayThread&) = delete;
  ~RelayThread() override {
    alarm_.end();
    thread_.join();
  }

  void wake() override { alarm_.wake(); }

 private:
  void run() { while (look()); }

  /// Then waits until the next is due; gives whether to go on.
  bool look() {
    const auto done = relay_due(store_, events_, options_);
    // Each change wakes every relay there is, and one of them has the lease.
    if (!done && done.error().kind == ErrorKind::conflict) return alarm_.rest(options_.look_every);
    if (!done && !complained_ && options_.complain) options_.complain(done.error());
    complained_ = !done;
    if (done && *done > 0 && !alarm_.rest(options_.gather)) return false;
    return alarm_.sleep(options_.look_every);
  }

  uploads::UploadStore& store_;
  Events& events_;
  const RelayOptions options_;
  Alarm alarm_;
  bool complained_ = false;
  std::thread thread_;  // the last: it uses all of the above
};

}  // namespace

Result<std::size_t> relay_due(uploads::UploadStore& store, Events& events, const RelayOptions& options) {
  std::size_t published = 0;
  for (;;) {
    const Time now = options.clock();
    const auto rows = store.outbox_due(options.name, now, now + options.lease, options.at_once);
    if (!rows) return std::unexpected(rows.error());
    if (rows->empty()) return published;
    if (auto done = publish(store, events, *rows); !done) return std::unexpected(std::move(done.error()));
    published += rows->size();
    if (rows->size() < options.at_once) return published;
  }
}

std::unique_ptr<Relay> start_relay(uploads::UploadStore& store, Events& events, RelayOptions options) {
  return std::make_unique<RelayThread>(store, events, std::move(options));
}

}  // namespace orakgarak::events
