#pragma once
// What `serve` and `worker` count and measure: docs/metrics.md. Counts are made where things happen; what has
// to be asked for is asked in threads of its own (Asked), so that looking at the metrics waits for nobody.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/settings.h"
#include "events/events.h"
#include "events/watch_store.h"
#include "http/events.h"
#include "net/server.h"
#include "storage/postgres/postgres.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"
#include "uploads/device.h"
#include "uploads/objects.h"
#include "uploads/upkeep.h"
#include "uploads/worker.h"

namespace orakgarak::app {

/// Something another program answers for, asked every few seconds in a thread of its own. It is up while the
/// last answer was a good one and none is waited for too long.
class Asked {
 public:
  using Ask = std::function<Result<void>()>;

  /// patience: an answer that takes longer is none.
  Asked(Ask ask, std::chrono::milliseconds every, std::chrono::milliseconds patience);
  ~Asked();  ///< waits for an answer that is under way
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  bool up() const;
  double seconds() const;  ///< that the last answer took, or the one under way if that is longer

 private:
  using Clock = std::chrono::steady_clock;
  void run();

  const Ask ask_;
  const std::chrono::milliseconds every_, patience_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false, well_ = false;
  std::optional<Clock::time_point> began_;  ///< of an answer under way
  Clock::duration took_{};
  std::thread thread_;  // the last: it uses all of the above
};

class Meters {
 public:
  /// wanted: false where nobody can ask for the metrics; then nothing is counted, at no cost.
  explicit Meters(bool wanted = true);
  ~Meters();
  Meters(const Meters&) = delete;
  Meters& operator=(const Meters&) = delete;

  telemetry::Metrics& metrics() { return metrics_; }

  /// For ServerOptions::done of the page's server, and of that which takes files.
  void answered(const net::RequestHead& head, int status, std::chrono::microseconds took);
  void object_answered(const net::RequestHead& head, int status, std::chrono::microseconds took);
  /// All but `changed`. store: for what is asked when a take is done; it must outlive the watch.
  events::StoreWatch store_watch(uploads::UploadStore& store);
  /// The effect of a stage, and who works, measured.
  std::function<uploads::StageEffect(uploads::Stage)> measured(
      std::function<uploads::StageEffect(uploads::Stage)> effect,
      std::function<uploads::TakeLength(const uploads::Upload&)> length, int threads);
  void kept_up(const uploads::Upkept& done);
  void published(std::span<const events::Event> events);
  void refused();  ///< memory, to work

  // What is looked at from now on, until stop_looking(): each must live until then.
  void look_at(const std::string& listener, const net::Server& server);
  void look_at(const http::EventHub& hub);
  void look_at(const telemetry::Log& log);
  void look_at(const std::string& name, uploads::Device& device);
  void look_at(std::shared_ptr<storage::PostgresPool> pool);
  void look_at_database_file(const std::filesystem::path& file);
  void ask(uploads::UploadStore& rows);
  void ask(uploads::ObjectStore& objects);
  void ask(events::Events& events);
  void stop_looking();

 private:
  using Steady = std::chrono::steady_clock;
  struct Families;

  void count_answer(std::string_view method, std::string_view route, int status,
                    std::chrono::microseconds took);
  void moved(uploads::UploadStore& store, const uploads::Upload& upload);
  void ended(const uploads::Job& job, events::Ended how);
  Result<void> read_rows(uploads::UploadStore& rows);
  void depends_on(const std::string& name, Asked::Ask ask);
  void look(std::function<void()> look);

  const bool wanted_;
  telemetry::Metrics metrics_;
  std::unique_ptr<Families> families_;
  std::mutex mutex_;
  std::map<std::pair<std::string, int>, Steady::time_point> running_;  ///< job and attempt; under mutex_
  std::mutex looks_mutex_;
  std::vector<std::function<void()>> looks_;  ///< under looks_mutex_
  std::vector<std::unique_ptr<Asked>> asked_;
};

/// The same device, with those counted whom it refuses. meters must outlive it.
std::unique_ptr<uploads::Device> count_refused(std::unique_ptr<uploads::Device> device, Meters& meters);
/// The same events, counted as they are published. meters must outlive it.
std::unique_ptr<events::Events> count_published(std::unique_ptr<events::Events> events, Meters& meters);

}  // namespace orakgarak::app
